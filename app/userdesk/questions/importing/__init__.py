"""Question sets out of other tools' files: what can be taken, and what could not, with its line."""

"""The program in visitors' browsers: one process a visitor, in a pseudo-terminal, behind a web server."""

"""conversations.toml: reading and writing the list of saved conversations."""

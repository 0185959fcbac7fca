"""What leans on the framework's private parts: reading and writing the terminal, the order of keys."""

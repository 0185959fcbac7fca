"""The program in visitors' browsers: one process of it a visitor, in a pseudo-terminal, behind a web server."""

"""A saved conversation as Markdown, JSON or one self-contained HTML page."""

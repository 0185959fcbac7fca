"""A saved conversation as Markdown, JSON, one self-contained HTML page or a recording for asciinema."""

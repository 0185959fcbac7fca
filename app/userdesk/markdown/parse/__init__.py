"""Markdown text to blocks and styled runs, one line at a time."""

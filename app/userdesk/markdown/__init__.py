"""Markdown text to blocks to rows, incrementally; knows no widget."""

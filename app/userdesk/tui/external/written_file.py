"""A file for the user in the current folder: never over one that is there, readable by its owner alone."""

import os
from pathlib import Path

from userdesk.files.private_files import write_numbered


def slug(title: str, otherwise: str) -> str:
    """A title as the stem of a file's name."""
    stem = "".join(c if c.isalnum() else "-" for c in title.lower())[:40].strip("-")
    return stem or otherwise


def write_new(stem: str, ending: str, text: str) -> Path:
    """Write a text, numbered where its name is taken; the file. Blocks; raises OSError."""
    return write_numbered(Path.cwd(), stem, ending, text.encode("utf-8", "replace"))


def at_home(path: Path) -> str:
    """A path as people write it."""
    home = Path("~").expanduser() if os.environ.get("HOME") else None  # some users have none
    return f"~/{path.relative_to(home)}" if home and path.is_relative_to(home) else str(path)

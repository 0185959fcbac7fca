"""A file for the user: never over one that is there, readable by its owner alone."""

import os
from collections.abc import Iterable
from pathlib import Path

from userdesk.files.private_files import write_numbered


def write_new(
    title: str, otherwise: str, ending: str, text: str | Iterable[bytes], folder: Path | None = None
) -> Path:
    """Write a text, also one in pieces, into a file named after a title; which one.

    In the current folder, unless another one is given. Blocks; raises OSError.
    """
    stem = "".join(c if c.isalnum() else "-" for c in title.lower())[:40].strip("-")
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return write_numbered(folder or Path.cwd(), stem or otherwise, ending, data)


def at_home(path: Path) -> str:
    """A path as people write it."""
    home = Path("~").expanduser() if os.environ.get("HOME") else None  # some users have none
    return f"~/{path.relative_to(home)}" if home and path.is_relative_to(home) else str(path)

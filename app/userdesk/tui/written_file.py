"""A file for the user in the current folder: never over one that is there, readable by its owner alone."""

import os
from itertools import count
from pathlib import Path


def slug(title: str, otherwise: str) -> str:
    """A title as the stem of a file's name."""
    stem = "".join(c if c.isalnum() else "-" for c in title.lower())[:40].strip("-")
    return stem or otherwise


def write_new(stem: str, ending: str, text: str) -> Path:
    """Write a text, numbered where its name is taken; the file. Blocks; raises OSError."""
    for number in count(1):
        path = Path.cwd() / f"{stem}{'' if number == 1 else f'-{number}'}.{ending}"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        return path
    raise AssertionError("numbers do not end")


def at_home(path: Path) -> str:
    """A path as people write it."""
    home = Path("~").expanduser() if os.environ.get("HOME") else None  # some users have none
    return f"~/{path.relative_to(home)}" if home and path.is_relative_to(home) else str(path)

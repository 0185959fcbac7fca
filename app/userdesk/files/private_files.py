"""Opens files that only their owner can read, and never through a symbolic link."""

import os
from pathlib import Path

_MODE = 0o600
_SAFELY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)


def open_new(path: Path) -> int:
    """A descriptor of a file that was not there. Raises OSError."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFELY, _MODE)


def open_to_append(path: Path) -> int:
    """A descriptor at the end of a file, created where it is missing. Raises OSError."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _SAFELY, _MODE)

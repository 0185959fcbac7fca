"""Whether the full-screen program is open on a data folder: it holds a shared lock on the folder itself."""

import os
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class Presence:
    """A shared lock on the folder: it needs no file, and is free as soon as its process has ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def begin(self) -> None:
        """Show that the program is open, until the process ends, where the file system has locks."""
        if fcntl is None or self._descriptor is not None:
            return
        with suppress(OSError):
            self._descriptor = os.open(self._folder, os.O_RDONLY)
            fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def is_anyone_there(self) -> bool | None:
        """Whether the program is open, in this process or another; None where that cannot be told."""
        if fcntl is None:
            return None
        try:
            descriptor = os.open(self._folder, os.O_RDONLY)
        except OSError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # some network file systems lock no folders
            return None
        finally:
            os.close(descriptor)
        return False

    def __del__(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

"""Advisory locks on a file or folder itself: nothing is left behind, and they end with their process."""

import os
from contextlib import suppress
from pathlib import Path

from userdesk.files.reading import open_to_read

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class IdLock:
    """The right to ask for a conversation's id: a lock on its transcript, where anything can be locked."""

    def __init__(self, transcript: Path) -> None:
        self._path = transcript
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Take it if it is free; False while another process has it."""
        with suppress(OSError):
            descriptor = open_to_read(self._path) if fcntl else None
            if descriptor is not None:  # else nothing of the conversation is on the disk
                if not _take(descriptor):
                    return False
                self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give it back."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with suppress(OSError):  # a file system that reports late errors here has closed it all the same
                os.close(descriptor)


class FolderLock:
    """The right to be the only process at some work: a lock on a folder, where folders can be locked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Take it until the process ends, if it is free; False while another process has it."""
        with suppress(OSError):  # some network file systems lock no folders
            descriptor = os.open(self._folder, os.O_RDONLY) if fcntl else None
            if descriptor is not None:
                if not _take(descriptor):
                    return False
                self._descriptor = descriptor
        return True


class Presence:
    """Whether the full-screen program is open on a data folder: it holds a shared lock on the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def begin(self) -> None:
        """Show that the program is open, until the process ends, where the file system has locks."""
        if fcntl and self._descriptor is None:
            with suppress(OSError):
                self._descriptor = os.open(self._folder, os.O_RDONLY)
                fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def is_anyone_there(self) -> bool | None:
        """Whether the program is open, in this process or another; None where that cannot be told."""
        if fcntl:
            with suppress(OSError):  # some network file systems lock no folders
                descriptor = os.open(self._folder, os.O_RDONLY)
                if not _take(descriptor):
                    return True
                os.close(descriptor)
                return False
        return None

    def __del__(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)


def _take(descriptor: int) -> bool:
    """Whether the whole lock was free and is taken; else the descriptor is closed. Raises OSError."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if isinstance(error, BlockingIOError):
            return False
        raise
    return True

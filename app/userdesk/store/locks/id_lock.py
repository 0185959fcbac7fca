"""The right to ask the server for a conversation's id: one process at a time has it."""

import os
from contextlib import suppress
from pathlib import Path

from userdesk.files.reading import open_to_read

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class IdLock:
    """A lock on the transcript itself: no file is left behind, and it is free once its process has ended.

    Where nothing can be locked two processes may get an id each; then the list keeps both.
    """

    def __init__(self, transcript: Path) -> None:
        self._path = transcript
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Take it if it is free; False while another process has it."""
        if fcntl is None:
            return True
        with suppress(OSError):
            descriptor = open_to_read(self._path)
            if descriptor is None:
                return True  # nothing of the conversation is on the disk
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                return False
            except OSError:
                os.close(descriptor)
                raise
            self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give it back."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with suppress(OSError):  # a file system that reports late errors here has closed it all the same
                os.close(descriptor)

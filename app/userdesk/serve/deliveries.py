"""Files that a visitor's process has made for its browser, and nothing else of this machine."""

import os
import secrets
import stat
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from userdesk.serve.limits import DISK

KEPT, KEPT_BYTES = 8, DISK // 2
"""Files of one visit at a time, and what they may have in all; the oldest are forgotten, the newest never."""
_PIECE = 65_536  # bytes
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Delivery:
    """An open file, which has no name any more."""

    def __init__(self, descriptor: int, name: str) -> None:
        self.name = name
        self.size = os.fstat(descriptor).st_size
        """Bytes when it was made."""
        self._descriptor = descriptor

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes, as many as `size` says; fewer if the file was cut or forgotten meanwhile."""
        at = 0
        while at < self.size and self._descriptor >= 0:
            piece = os.pread(self._descriptor, min(_PIECE, self.size - at), at)
            if not piece:
                return
            at += len(piece)
            yield piece

    def close(self) -> None:
        """Forget the file."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


class Deliveries:
    """The files that one visit may fetch, by keys that nobody can guess."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Delivery] = {}

    def add(self, path: str, name: str) -> str | None:
        """A key for a file in the visit's folder, which it is taken out of; None for whatever is not one."""
        descriptor = _taken(self._folder, path)
        if descriptor is None:
            return None
        file = Delivery(descriptor, name)
        while self._files and (len(self._files) >= KEPT or self.size + file.size > KEPT_BYTES):
            self._files.pop(next(iter(self._files))).close()
        key = secrets.token_urlsafe(16)
        self._files[key] = file
        return key

    @property
    def size(self) -> int:
        """Bytes of all of them. They are in no folder any more, but on the disk until they are forgotten."""
        return sum(file.size for file in self._files.values())

    def get(self, key: str) -> Delivery | None:
        """The file of a key."""
        return self._files.get(key)

    def close(self) -> None:
        """Forget all."""
        while self._files:
            self._files.popitem()[1].close()


def _taken(folder: Path, path: str) -> int | None:
    """A descriptor of a plain file below the folder; None for any other, and where a link is on the way.

    Folder by folder, each opened in the one before: what is swapped for a link meanwhile is not followed.
    The file's name is removed, so that it goes with the descriptor.
    """
    parts = _parts_below(folder, path)
    if not parts:
        return None
    at = -1
    try:
        at = os.open(folder, _FOLDER)
        for part in parts[:-1]:
            inner = os.open(part, _FOLDER, dir_fd=at)
            os.close(at)
            at = inner
        descriptor = os.open(parts[-1], _FILE, dir_fd=at)
        status = os.fstat(descriptor)
        if stat.S_ISREG(status.st_mode) and status.st_nlink == 1:  # a second name may be that of another's
            with suppress(OSError):
                os.unlink(parts[-1], dir_fd=at)
            return descriptor
        os.close(descriptor)
    except (OSError, ValueError):  # ValueError: a NUL in it
        return None
    finally:
        if at >= 0:
            os.close(at)
    return None


def _parts_below(folder: Path, path: str) -> tuple[str, ...]:
    for base in (folder, Path(os.path.realpath(folder))):  # /tmp may be a link itself
        with suppress(ValueError):
            parts = Path(path).relative_to(base).parts
            return () if ".." in parts else parts
    return ()

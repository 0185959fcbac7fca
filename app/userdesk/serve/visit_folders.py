"""The temporary folders of visits, below one of the host's own, which none outlives for long.

The host holds a lock on its folder, which ends with it even when it is killed: what it leaves behind then
is removed by the next host.
"""

import asyncio
import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = "userdesk-serve-"
_PRIVATE = 0o700
_TRIES = 3
"""At removing a folder into which something may still write."""
_BLOCK, _ENTRY = 512, 4096
"""Bytes of a block as `stat` counts them, and what the smallest file counts as: names take room, too."""


class VisitFolders:
    """Makes and removes the folders of one host's visits."""

    def __init__(self, parent: Path | None = None) -> None:
        """In the system's folder for temporary files, or in another one. Raises OSError."""
        self._parent = parent or Path(tempfile.gettempdir())
        self._lock = -1
        self.root = self._make_root()
        """The folder of all visits of the host."""

    def new(self) -> Path:
        """A folder for a visit, that only its owner may look into. Raises OSError."""
        folder = Path(tempfile.mkdtemp(prefix="visit-", dir=self.root))
        try:
            (folder / "tmp").mkdir(mode=_PRIVATE)
        except OSError:
            folder.rmdir()
            raise
        return folder

    async def takes_more(self, folder: Path, most: int) -> bool:
        """Whether all that is in a visit's folder takes more than so many bytes of the disk."""
        return await asyncio.to_thread(_takes_more, folder, most)

    async def remove(self, folder: Path) -> None:
        """Remove a visit's folder with all that is in it."""
        await asyncio.to_thread(_remove, folder)

    def remove_leftovers(self) -> None:
        """Remove what hosts have left that were killed. Blocks."""
        with suppress(OSError), os.scandir(self._parent) as entries:
            for entry in entries:
                if entry.name.startswith(_PREFIX) and entry.is_dir(follow_symlinks=False):
                    self._remove_if_left(Path(entry))

    def close(self) -> None:
        """Remove the host's folder; the visits are over."""
        shutil.rmtree(self.root, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _make_root(self) -> Path:
        while True:
            root = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self._parent))
            self._lock = _locked(root)
            if root.exists():  # another host has not taken it for a leftover just before the lock
                return root
            os.close(self._lock)

    def _remove_if_left(self, root: Path) -> None:
        with suppress(OSError):
            if os.lstat(root).st_uid == os.geteuid():
                lock = _locked(root)
                shutil.rmtree(root, ignore_errors=True)
                os.close(lock)


def _takes_more(folder: Path, most: int) -> bool:
    size, folders = 0, [os.fspath(folder)]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:  # what goes meanwhile takes nothing
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                size += max(status.st_blocks * _BLOCK, _ENTRY)
                if size > most:
                    return True
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
    return False


def _remove(folder: Path) -> None:
    for _ in range(_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return


def _locked(folder: Path) -> int:
    """A descriptor that holds the lock. Raises OSError, as where another process has it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor

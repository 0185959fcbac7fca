"""Writes that survive a kill or a power cut, in files that only their owner can read."""

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from userdesk.files.reading import read_at

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
_REACH = 4 * 1024 * 1024  # bytes from the end in which a line that was tried before is looked for
TEMPORARY = ".tmp"
"""How the names of half-written files end."""

_BINARY = getattr(os, "O_BINARY", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # a FIFO under a file's name must not hang the program
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY
_APPEND = os.O_RDWR | os.O_APPEND | _NO_FOLLOW | _NO_WAIT | _BINARY

# What a file system answers that cannot do it, as some network and FUSE ones; a broken disk says EIO.
_CANNOT_SYNC = frozenset((errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF))


class NotConfirmed(OSError):
    """The bytes are in their file; the disk does not confirm that the file's name outlives a power cut."""


try:
    import fcntl
except ImportError:  # Windows
    _FULL_SYNC = None
else:
    _FULL_SYNC = getattr(fcntl, "F_FULLFSYNC", None)  # macOS


def _sync(descriptor: int) -> None:
    if _FULL_SYNC is not None:  # fsync leaves the data in the drive's cache, which a power cut empties
        with suppress(OSError):
            fcntl.fcntl(descriptor, _FULL_SYNC)
            return
    _fsync(descriptor)


def _fsync(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise


def ensure_folder(path: Path) -> None:
    """Create a folder durably, and what is missing above it, readable by its owner alone. Raises OSError.

    A folder that exists keeps its mode: it may be the user's own choice.
    """
    if path.is_dir():
        return
    if path.parent != path:
        ensure_folder(path.parent)
    if make_folder(path):
        sync_folder(path.parent)


def make_folder(path: Path) -> bool:
    """Create a folder in one that exists, to be synced; whether it was missing. Raises OSError."""
    try:
        path.mkdir(mode=PRIVATE_FOLDER)
    except FileExistsError:
        if not path.is_dir():
            raise NotADirectoryError(20, "Not a directory", str(path)) from None
        return False
    return True


def sync_folder(path: Path) -> None:
    """Make names that were created, renamed or removed in a folder durable. Raises NotConfirmed."""
    if os.name == "nt":
        return  # Windows opens no folders
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:
        return  # a folder that may be written and not read, as a shared one: its names cannot be synced
    except OSError as error:
        raise NotConfirmed(error.errno, error.strerror, str(path)) from error
    try:
        _fsync(descriptor)
    except OSError as error:
        raise NotConfirmed(error.errno, error.strerror, str(path)) from error
    finally:
        os.close(descriptor)


def _open(path: Path, flags: int) -> int:
    """A descriptor; where the file may be created, so may the folder."""
    try:
        return os.open(path, flags, PRIVATE_FILE)
    except FileNotFoundError:
        if not flags & os.O_CREAT:
            raise
        ensure_folder(path.parent)
        return os.open(path, flags, PRIVATE_FILE)


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def write_atomically(
    path: Path, data: bytes | Iterable[bytes], *, durable: bool = True, mode: int = PRIVATE_FILE
) -> None:
    """Replace a file as a whole: after a crash it holds the old bytes or the new. Raises OSError.

    NotConfirmed says that the file is replaced all the same. Without `durable` nothing waits for the
    disk, and a power cut may lose the file. Of `data` in pieces one is in memory at a time; what making one
    raises leaves the file as it is.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}{TEMPORARY}")
    descriptor = _open(temporary, _NEW)
    try:
        try:
            for piece in (data,) if isinstance(data, bytes) else data:
                _write_all(descriptor, piece)
            if mode != PRIVATE_FILE:  # a file of the user's own, which keeps what it was given
                os.chmod(temporary, mode)
            if durable:
                _sync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    if durable:
        sync_folder(path.parent)


def append_line(
    path: Path, line: bytes, *, create: bool = True, again: bool = False, durable: bool = True
) -> int:
    """Append one line that ends in a newline, durably; its offset in bytes. Raises OSError.

    A torn line before it, as a kill leaves it, is closed first, so that it spoils only itself.
    What a failed write left behind is taken back as far as the disk allows. `again` says that this
    line was tried before: where it is in the file nevertheless it is not written a second time.
    Without `create` a file that is not there is a FileNotFoundError; without `durable` nothing waits for
    the disk.
    """
    descriptor = _open(path, _APPEND | (os.O_CREAT if create else 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is a folder or a pipe, not a file")
        before = status.st_size
        if again and (there := _offset_of(line, descriptor, before)) is not None:
            _sync(descriptor)
            sync_folder(path.parent)
            return there
        torn = before > 0 and read_at(descriptor, 1, before - 1) != b"\n"
        try:
            _write_all(descriptor, b"\n" + line if torn else line)
            end = os.lseek(descriptor, 0, os.SEEK_CUR)
            if durable:
                _sync(descriptor)
        except OSError:
            _take_back(descriptor, before, len(line) + torn)
            raise
        if before == 0 and durable:
            sync_folder(path.parent)
        return end - len(line)
    finally:
        os.close(descriptor)


def _offset_of(line: bytes, descriptor: int, size: int) -> int | None:
    """Where a whole line stands near the end of a file; what others wrote since may follow it."""
    begin = max(0, size - len(line) - _REACH)
    data = read_at(descriptor, size - begin, begin)
    if begin == 0 and data.startswith(line):
        return 0
    found = data.rfind(b"\n" + line)
    return None if found < 0 else begin + found + 1


def _take_back(descriptor: int, before: int, wanted: int) -> None:
    # Only when the file ends with what this write put there: another process may have appended since.
    with suppress(OSError):
        size = os.fstat(descriptor).st_size
        if size == os.lseek(descriptor, 0, os.SEEK_CUR) and before < size <= before + wanted:
            os.ftruncate(descriptor, before)
            _sync(descriptor)

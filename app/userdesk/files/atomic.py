"""Writes that survive a kill or a power cut, in files that only their owner can read."""

import os
import stat
from contextlib import suppress
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
TEMPORARY = ".tmp"
"""How the names of half-written files end."""

_CLOSE_ON_EXEC = getattr(os, "O_CLOEXEC", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # a FIFO under a file's name must not hang the program
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _CLOSE_ON_EXEC | _BINARY
_APPEND = os.O_RDWR | os.O_APPEND | _NO_FOLLOW | _NO_WAIT | _CLOSE_ON_EXEC | _BINARY
_READ = os.O_RDONLY | _NO_WAIT | _CLOSE_ON_EXEC | _BINARY

try:
    from fcntl import F_FULLFSYNC, fcntl  # type: ignore[attr-defined, unused-ignore]
except ImportError:

    def _sync(descriptor: int) -> None:
        os.fsync(descriptor)

else:

    def _sync(descriptor: int) -> None:
        # On macOS fsync leaves the data in the drive's cache, which a power cut empties.
        try:
            fcntl(descriptor, F_FULLFSYNC)
        except OSError:
            os.fsync(descriptor)


def ensure_folder(path: Path) -> None:
    """Create a folder, and what is missing above it, readable by its owner alone. Raises OSError.

    A folder that exists keeps its mode: it may be the user's own choice.
    """
    if path.is_dir():
        return
    if path.parent != path:
        ensure_folder(path.parent)
    try:
        path.mkdir(mode=PRIVATE_FOLDER)
    except FileExistsError:
        if not path.is_dir():
            raise NotADirectoryError(20, "Not a directory", str(path)) from None


def sync_folder(path: Path) -> None:
    """Make names that were created, renamed or removed in a folder durable. Raises OSError."""
    if os.name == "nt":
        return  # Windows opens no folders
    descriptor = os.open(path, os.O_RDONLY | _CLOSE_ON_EXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_to_read(path: Path) -> int | None:
    """A descriptor of a regular file, None where there is none. Raises OSError."""
    try:
        descriptor = os.open(path, _READ)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("it is a folder or a pipe, not a file")
    return descriptor


def read_bytes(path: Path) -> bytes | None:
    """What a regular file holds, None where there is none. Raises OSError."""
    descriptor = open_to_read(path)
    if descriptor is None:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def write_atomically(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace a file as a whole: after a crash it holds the old bytes or the new. Raises OSError.

    Without `durable` nothing waits for the disk, and a power cut may lose the file.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}{TEMPORARY}")
    try:
        descriptor = os.open(temporary, _NEW, PRIVATE_FILE)
    except FileNotFoundError:
        ensure_folder(path.parent)
        descriptor = os.open(temporary, _NEW, PRIVATE_FILE)
    try:
        try:
            _write_all(descriptor, data)
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


def append_line(path: Path, line: bytes, *, create: bool = True) -> int:
    """Append one line that ends in a newline, durably; its offset in bytes. Raises OSError.

    A torn line before it, as a kill leaves it, is closed first, so that it spoils only itself.
    What a failed write left behind is taken back, so that it can be tried again. Without `create`
    a file that is not there is a FileNotFoundError.
    """
    try:
        descriptor = os.open(path, _APPEND | (os.O_CREAT if create else 0), PRIVATE_FILE)
    except FileNotFoundError:
        if not create:
            raise
        ensure_folder(path.parent)
        descriptor = os.open(path, _APPEND | os.O_CREAT, PRIVATE_FILE)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is a folder or a pipe, not a file")
        before = status.st_size
        torn = before > 0 and _last_byte(descriptor, before) != b"\n"
        try:
            _write_all(descriptor, b"\n" + line if torn else line)
            end = os.lseek(descriptor, 0, os.SEEK_CUR)
            _sync(descriptor)
        except OSError:
            _take_back(descriptor, before, len(line) + torn)
            raise
        if before == 0:
            sync_folder(path.parent)
        return end - len(line)
    finally:
        os.close(descriptor)


def _last_byte(descriptor: int, size: int) -> bytes:
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1)


def _take_back(descriptor: int, before: int, wanted: int) -> None:
    # Only when the file ends with what this write put there: another process may have appended since.
    with suppress(OSError):
        size = os.fstat(descriptor).st_size
        if size == os.lseek(descriptor, 0, os.SEEK_CUR) and before < size <= before + wanted:
            os.ftruncate(descriptor, before)
            _sync(descriptor)

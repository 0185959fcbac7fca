"""The one place where files that hold words are made: readable by their owner alone, whatever the umask.

Files of our own names are never opened through a symbolic link. A name that the user gives is taken as it
is: a link, a pipe and `/dev/stdout` are meant, and a file that is there keeps its mode. What is replaced as
a whole or grows line by line, durably, is `files.atomic`'s.
"""

import errno
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

from userdesk.files.atomic import PRIVATE_FILE, write_atomically

READER_WITHIN = 3.0
"""Seconds within which somebody must read a pipe that the user named: no signal would end the waiting."""
_MODE = PRIVATE_FILE
# A folder that cannot be written to, a file that is a mount point, a name too long for one beside it.
_NOT_REPLACED = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ENAMETOOLONG)
_user = getattr(os, "geteuid", lambda: 0)  # on Windows every file is user 0's
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_AS_NAMED = getattr(os, "O_BINARY", 0) | _NO_WAIT
_SAFELY = getattr(os, "O_NOFOLLOW", 0) | _AS_NAMED


def open_to_append(path: Path) -> int:
    """A descriptor at the end of a file, created where it is missing. Raises OSError."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _SAFELY, _MODE)


def open_new(path: Path) -> int:
    """A descriptor to write a file that was not there. Raises OSError, FileExistsError among them."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFELY, _MODE)


def write_existing(path: Path, data: bytes) -> None:
    """Write into an empty file that is there. Raises OSError, FileNotFoundError where it no longer is."""
    with open(os.open(path, os.O_WRONLY | _SAFELY), "wb") as file:
        file.write(data)


def open_temporary(*, suffix: str, folder: Path | None = None) -> tuple[int, Path]:
    """A new file, by default in the system's folder for such: its descriptor and name. Raises OSError."""
    descriptor, name = tempfile.mkstemp(prefix="userdesk-", suffix=suffix, dir=folder)
    return descriptor, Path(name)


def write_numbered(folder: Path, stem: str, ending: str, data: bytes | Iterable[bytes]) -> Path:
    """Write a new file, numbered where its name is taken; which one. Blocks; raises OSError.

    Nobody meets half of it. Of `data` in pieces one is in memory at a time.
    """
    for number in count(1):
        path = folder / f"{stem}{'' if number == 1 else f'-{number}'}.{ending}"
        try:
            os.close(open_new(path))
        except FileExistsError:
            continue
        try:
            write_atomically(path, data, durable=False)
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise
        return path
    raise AssertionError("numbers do not end")


def write_named(path: Path, data: bytes, *, mode: int = _MODE) -> None:
    """Write over what the user named; a new file gets that mode. Blocks; raises OSError, ValueError.

    A file is replaced as a whole where that can be, so that nobody meets half of one, and what several
    programs write is never mixed. A pipe may take READER_WITHIN.
    """
    write_named_in_pieces(path, lambda: (data,), mode=mode)


def write_named_in_pieces(path: Path, pieces: Callable[[], Iterable[bytes]], *, mode: int = _MODE) -> None:
    """The same with data that need not be in memory as a whole; `pieces` may be asked for twice."""
    if (kept := _mode_if_replaceable(path, mode)) is not None:
        try:
            return write_atomically(path, pieces(), durable=False, mode=kept)
        except OSError as error:
            if error.errno not in _NOT_REPLACED:
                raise
    with open_named(path) as file:
        for piece in pieces():
            file.write(piece)


def _mode_if_replaceable(path: Path, mode: int) -> int | None:
    """The mode of a file that may be replaced by another of that name, or of a new one; None for others."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return mode if os.path.isdir(path.parent) else None
    is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == _user()
    return stat.S_IMODE(status.st_mode) if is_ours and os.access(path, os.W_OK) else None


def open_named(path: Path) -> BinaryIO:
    """Open what the user named to write over it, as `write_named` does."""
    until = time.monotonic() + READER_WITHIN
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _AS_NAMED, _MODE)
            break
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() > until:
                raise
            time.sleep(0.02)
    if _NO_WAIT:
        os.set_blocking(descriptor, True)
    return open(descriptor, "wb")


def open_named_to_append(path: Path) -> int:
    """A descriptor at the end of what the user named. Raises OSError, and ValueError for a NUL in it."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _AS_NAMED, _MODE)

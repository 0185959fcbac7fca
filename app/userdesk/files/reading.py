"""Reads the program's own files: a folder, a pipe or a device under a file's name never makes it wait."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

# Without O_NONBLOCK, opening a pipe waits for somebody who writes to it.
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_to_read(path: Path) -> int | None:
    """A descriptor of a regular file, None where there is none. Raises OSError."""
    try:
        descriptor = os.open(path, FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("it is a folder or a pipe, not a file")
    return descriptor


def signature(path: Path) -> tuple[int, int, int, int] | None:
    """What differs once a file was changed or replaced; None where there is none. Raises OSError."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def names_in(folder: Path) -> list[str]:
    """The names in a folder, in no order; none where there is no folder or it can't be read."""
    try:
        return os.listdir(folder)
    except OSError:
        return []


def modification_times(folder: Path, names: Iterable[str]) -> list[float | None]:
    """When each of some files in a folder was changed, in seconds since 1970; None where it is not there.

    Of a hundred thousand, a path looked up from the root each time would take twice as long.
    """
    times = list[float | None]()
    try:
        opened = os.open(folder, os.O_RDONLY) if os.stat in os.supports_dir_fd else None
    except OSError:
        return [None for _ in names]
    try:
        for name in names:
            try:
                status = os.stat(folder / name) if opened is None else os.stat(name, dir_fd=opened)
                times.append(status.st_mtime)
            except OSError:
                times.append(None)
    finally:
        if opened is not None:
            os.close(opened)
    return times


def read_bytes(path: Path) -> bytes | None:
    """What a regular file holds, None where there is none. Raises OSError."""
    descriptor = open_to_read(path)
    if descriptor is None:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def read_end(path: Path, count: int) -> bytes | None:
    """The last `count` bytes of a regular file, or fewer; None where there is none. Raises OSError."""
    descriptor = open_to_read(path)
    if descriptor is None:
        return None
    try:
        return read_at(descriptor, count, max(0, os.fstat(descriptor).st_size - count))
    finally:
        os.close(descriptor)


def read_at(descriptor: int, count: int, offset: int) -> bytes:
    """Up to `count` bytes from an offset, fewer only at the end of the file. Raises OSError."""
    os.lseek(descriptor, offset, os.SEEK_SET)
    pieces: list[bytes] = []
    while count and (piece := os.read(descriptor, count)):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)

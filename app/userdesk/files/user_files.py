"""Reads a file that the user named or wrote: whatever stands under its name, nothing waits or raises else."""

import os
import stat
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import NamedTuple

from userdesk.files.reading import FLAGS

_KINDS = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFREG: "a file", stat.S_IFSOCK: "a socket"}


class UnreadableFile(Exception):
    """A file cannot be read as what it should be; the text says what was expected, without its name."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        """The line that is to blame, counted from 1."""

    def located(self, path: Path) -> str:
        """File, line and words, as one line."""
        return f"{path}:{self.line}: {self}" if self.line else f"{path}: {self}"


class MissingFile(UnreadableFile):
    """There is no file of that name."""


class UserFile(NamedTuple):
    """A file's bytes, and what the system says of it."""

    data: bytes
    status: os.stat_result


def read_user_file(path: Path, *, largest: int) -> UserFile:
    """Read a regular file of at most `largest` bytes, never waiting for anybody.

    Raises UnreadableFile, and MissingFile where nothing has that name; a link to nothing is no missing file.
    """
    try:
        descriptor = os.open(path, FLAGS)
    except FileNotFoundError:
        if os.path.islink(path):
            raise UnreadableFile("is a link to a file that does not exist") from None
        raise MissingFile("there is no such file") from None
    except OSError as error:
        raise UnreadableFile(f"could not be read: {error.strerror}") from None
    except ValueError:  # a NUL in the name
        raise UnreadableFile("is not a file name") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile(f"could not be read: it is {_kind(status.st_mode)}, not a file")
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(largest + 1) if status.st_size <= largest else b""
    except OSError as error:
        raise UnreadableFile(f"could not be read: {error.strerror}") from None
    finally:
        os.close(descriptor)
    if status.st_size > largest or len(data) > largest:
        size = f"{largest // 1_000_000} MB" if largest >= 1_000_000 else f"{largest // 1000} kB"
        raise UnreadableFile(f"is larger than {size}")
    return UserFile(data, status)


def decode_text(data: bytes) -> str:
    """The text of a UTF-8 file, its byte order mark left out. Raises UnreadableFile with the line."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            raise UnreadableFile("expected UTF-8 text, found UTF-16: save it as UTF-8", 1) from None
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile("expected UTF-8 text", line) from None


def kind_of_file(path: Path) -> str:
    """What stands under a name, in words: `a folder`, `a pipe`. Raises OSError."""
    return _kind(os.stat(path).st_mode)


def _kind(mode: int) -> str:
    return _KINDS.get(stat.S_IFMT(mode), "a device")

"""What the user is told about files: problems that were got around, and writes that failed."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_REASONS = {
    errno.ENOSPC: "no space left on the disk",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.ELOOP: "it is a symbolic link, and userdesk does not write through links",
    errno.ENOTDIR: "there is a file where a folder should be",
    errno.EISDIR: "there is a folder where a file should be",
    errno.EFBIG: "the file would become too large",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.EIO: "the disk reported an error",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ENXIO: "it is a pipe with no reader",
}

GONE = "This conversation was deleted, perhaps in another window"


class Problem(NamedTuple):
    """Something about a file that was got around and that the user should hear of once."""

    path: Path
    message: str
    """One clear line."""
    lasting: bool = False
    """Whether it stays as it is in its file, so that every start meets it again."""
    refused: bool = False
    """Whether it is a write that the disk refused: what is said later meets it again."""

    @property
    def located(self) -> str:
        """The message with the file's whole path, for where it matters which folder is meant."""
        if str(self.path) in self.message:
            return self.message
        if self.path.name in self.message:
            return self.message.replace(self.path.name, str(self.path), 1)
        return f"{self.path}: {self.message}"


class StoreError(Exception):
    """A write that failed; `message` is ready to show, the original error is the cause."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class LockHeld(TimeoutError):
    """Another process did not give back the lock of the data folder in time; the text says which."""


class ReadOnlyStore(StoreError):
    """The data folder was written by a newer version: it is read and never written."""

    def __init__(self) -> None:
        super().__init__("conversations.toml is from a newer version of userdesk: nothing is saved")


class ConversationGone(StoreError):
    """The conversation is not saved any more, or not in the trash where it was looked for."""


def reason(error: OSError) -> str:
    """Why the operating system refused, in words."""
    if isinstance(error, LockHeld):
        return str(error)
    if error.errno in _REASONS:
        return _REASONS[error.errno]
    return (error.strerror or str(error) or type(error).__name__).lower()


@contextmanager
def saving(what: str, path: Path) -> Iterator[None]:
    """Turn an OSError of the block into a StoreError that says what was not saved, why and where."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{what} could not be saved: {reason(error)} ({path})") from error

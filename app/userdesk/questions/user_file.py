"""Reads what a user named on the command line: a file, or standard input for `-`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from userdesk.files.user_files import UnreadableFile, read_user_file
from userdesk.questions.model import QuestionsError

STANDARD_INPUT = Path("-")


def name_of(path: Path) -> str:
    """The file as users are told of it."""
    return "standard input" if path == STANDARD_INPUT else str(path)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Within it what is wrong with the file is a QuestionsError, with its name and line."""
    try:
        yield
    except UnreadableFile as error:
        raise QuestionsError(error.located(Path(name_of(path)))) from None


def read_file(path: Path, largest: int) -> bytes:
    """What it holds, of at most `largest` bytes. Raises UnreadableFile."""
    if path != STANDARD_INPUT:
        return read_user_file(path, largest=largest).data
    if sys.stdin is None:
        raise UnreadableFile("is closed")
    try:
        raw = sys.stdin.buffer.read(largest + 1)
    except OSError as error:
        raise UnreadableFile(f"could not be read: {error.strerror}") from None
    if len(raw) > largest:
        raise UnreadableFile(f"is larger than {largest // 1_000_000} MB")
    return raw

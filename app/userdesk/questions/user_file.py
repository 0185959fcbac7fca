"""Reads what a user named on the command line: a file, or standard input for `-`."""

import sys
from pathlib import Path

from userdesk.files.user_files import UnreadableFile, read_user_file
from userdesk.questions.model import QuestionsError

STANDARD_INPUT = Path("-")


def name_of(path: Path) -> str:
    """The file as users are told of it."""
    return "standard input" if path == STANDARD_INPUT else str(path)


def failed(path: Path, error: UnreadableFile) -> QuestionsError:
    """The error, with the file's name and its line."""
    return QuestionsError(error.located(Path(name_of(path))))


def read_file(path: Path, largest: int) -> bytes:
    """What it holds, of at most `largest` bytes. Raises QuestionsError."""
    try:
        if path != STANDARD_INPUT:
            return read_user_file(path, largest=largest).data
        if sys.stdin is None:
            raise UnreadableFile("is closed")
        raw = sys.stdin.buffer.read(largest + 1)
        if len(raw) > largest:
            raise UnreadableFile(f"is larger than {largest // 1_000_000} MB")
        return raw
    except UnreadableFile as error:
        raise failed(path, error) from None
    except OSError as error:
        raise QuestionsError(f"{name_of(path)}: could not be read: {error.strerror}") from None

"""What the end of a transcript tells, without reading the rest: how and when it ended, whose it is."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.files.formats import Document
from userdesk.files.reading import read_end
from userdesk.store.transcript.lines import FORMAT, last_entry

_LAST = 64 * 1024  # bytes; a failed turn's line is far shorter, a longer line is an answer
_ENTRY_WITHIN = 64 * 1024 * 1024  # bytes from the end that are looked through for an entry
_BADLY = ("failed", "interrupted")


def ended_badly(folder: Path, keys: Iterable[ConversationKey]) -> set[ConversationKey]:
    """Those of some conversations whose last turn failed or was interrupted. Blocks on the disk."""
    return {key for key in keys if _status(folder / f"{key}.jsonl") in _BADLY}


def last_message_time(path: Path) -> float:
    """When the last line of a transcript was said, in seconds since 1970; 0 where it does not say. Blocks."""
    at = _last_line(path).get("at")
    try:
        return datetime.fromisoformat(at).timestamp() if isinstance(at, str) else 0.0
    except (ValueError, OverflowError, OSError):
        return 0.0


def recorded_entry(path: Path, key: ConversationKey) -> Conversation | None:
    """What the last line of a transcript that carries it says of its conversation; None where none does.

    A file that can't be read says nothing. Blocks on the disk.
    """
    try:
        return last_entry(read_end(path, _ENTRY_WITHIN) or b"", key)
    except OSError:
        return None


def _status(path: Path) -> object:
    return _last_line(path).get("status")


def _last_line(path: Path) -> Document:
    try:
        lines = (read_end(path, _LAST) or b"").rstrip(b"\n").rsplit(b"\n", 1)
    except OSError:
        return {}
    return FORMAT.parse(lines[-1]) or {}

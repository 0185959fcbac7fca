"""What the end of a transcript tells, without reading the rest: how and when it ended, whose it is."""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.files.formats import Document
from userdesk.files.reading import modification_times, read_end
from userdesk.store.transcript.lines import FORMAT, last_entry

_TRANSCRIPT = ".jsonl"
_LAST = 64 * 1024  # bytes; a failed turn's line is far shorter, a longer line is an answer
_ENTRY_WITHIN = 64 * 1024 * 1024  # bytes from the end that are looked through for an entry
_BADLY = ("failed", "interrupted")
_FEW = 20  # more files from the future than that say that the clock is wrong by now
_DAY = 86_400.0  # s


def ended_badly(folder: Path, keys: Iterable[ConversationKey]) -> set[ConversationKey]:
    """Those of some conversations whose last turn failed or was interrupted. Blocks on the disk."""
    return {key for key in keys if _last_line(folder, key).get("status") in _BADLY}


def last_times(
    folder: Path, keys: Sequence[ConversationKey], latest: Callable[[ConversationKey, float], float]
) -> dict[ConversationKey, float]:
    """When something last happened in each conversation, by key, in seconds since 1970.

    That is when its transcript in the folder was changed, and not before it was created: `latest` gives the
    later of a time and that. A time in the future comes from a wrong clock: then the last line tells when it
    was said. Blocks on the disk.
    """
    ahead = time.time() + _DAY
    times: dict[ConversationKey, float] = {}
    future: list[ConversationKey] = []
    changed = modification_times(folder, (f"{key}{_TRANSCRIPT}" for key in keys))
    for key, last in zip(keys, changed, strict=True):
        newest = latest(key, 0.0 if last is None else last)
        times[key] = last if last is not None and newest > ahead else newest
        if last is not None and last > ahead:
            future.append(key)
    for key in future if len(future) <= _FEW else ():
        at = _last_line(folder, key).get("at")
        try:
            said = datetime.fromisoformat(at).timestamp() if isinstance(at, str) else 0.0
        except (ValueError, OverflowError, OSError):
            continue
        if 0 < said < ahead:
            times[key] = said
    return times


def recorded_entry(path: Path, key: ConversationKey) -> Conversation | None:
    """What the last line of a transcript that carries its conversation says; None without one. Blocks."""
    try:
        return last_entry(read_end(path, _ENTRY_WITHIN) or b"", key)
    except OSError:
        return None


def _last_line(folder: Path, key: ConversationKey) -> Document:
    try:
        lines = (read_end(folder / f"{key}{_TRANSCRIPT}", _LAST) or b"").rstrip(b"\n").rsplit(b"\n", 1)
    except OSError:
        return {}
    return FORMAT.parse(lines[-1]) or {}

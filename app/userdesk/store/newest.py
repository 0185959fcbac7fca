"""The most recent conversation of a long list, found near its end without reading all of it."""

from contextlib import suppress

from userdesk.domain.conversation import Conversation
from userdesk.files.reading import modification_times, read_end
from userdesk.store.folder import DataFolder
from userdesk.store.index.fast_reader import last_entries

LONG = 1024 * 1024
"""Bytes of a list from which on reading all of it takes longer than a key may wait."""
_LOOKED_AT = 64 * 1024  # bytes of its end: some 400 conversations
_ENDS_WITHIN = 1.0  # s from the last line of a transcript to the end of its turn, on a slow disk


def newest(folder: DataFolder) -> Conversation | None:
    """The conversation in which something happened last; None where only all of them tell. Blocks.

    A turn ends as the file of its answer leaves the folder. If that was changed last when the newest of the
    conversations looked at was, then nothing has happened in any other one since.
    """
    with suppress(OSError):
        if folder.index.stat().st_size > LONG:
            changed = folder.transcripts.stat().st_mtime
            entries = last_entries(read_end(folder.index, _LOOKED_AT) or b"")
            names = [folder.transcript(each.key).name for each in entries]
            times = modification_times(folder.transcripts, names)
            happened = [
                max(at or 0.0, each.created.timestamp()) for each, at in zip(entries, times, strict=True)
            ]
            last = max(happened, default=0.0)
            if abs(changed - last) <= _ENDS_WITHIN:
                return entries[happened.index(last)]
    return None

"""What damaged files still hold: originals put aside, and entries made again from transcripts."""

import os
import time
from collections.abc import Set
from contextlib import suppress
from pathlib import Path

from userdesk.domain.conversation import Conversation, title_from
from userdesk.domain.message import Role
from userdesk.files.atomic import TEMPORARY, open_to_read, read_bytes, write_atomically
from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.index.entries import Index
from userdesk.store.times import BEGINNING
from userdesk.store.transcript.line_scan import read_at
from userdesk.store.transcript.lines import ENTRY, entry_of
from userdesk.store.transcript.transcript import Transcript

_FIRST_LINES = 50
_REACH = 64 * 1024 * 1024  # bytes from the end of a transcript that are looked through for its entry
_ENTRY = f'"{ENTRY}": {{'.encode()  # within a text each quote has a backslash before it
_STALE_TEMPORARY = 3600.0  # seconds


def put_aside(path: Path, why: str) -> Path:
    """Give a file a second name that says why, before it is replaced; that name. Raises OSError."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    aside, number = path.with_name(f"{path.name}.{why}-{stamp}"), 1
    while os.path.lexists(aside):
        number += 1
        aside = path.with_name(f"{path.name}.{why}-{stamp}-{number}")
    try:
        os.link(path, aside, follow_symlinks=False)  # needs no space, so a full disk loses nothing
    except (OSError, NotImplementedError):
        write_atomically(aside, read_bytes(path) or b"")
    return aside


def retain(broken: Index, known: Index, trashed: Set[str]) -> None:
    """Complete what was read of a broken file with what was known before, but for what was deleted."""
    for key, table in known.tables.items():
        if key not in broken.tables and key not in trashed:
            broken.tables[key] = table
            broken.conversations[key] = known.conversations[key]
    for name, value in known.head.items():
        broken.head.setdefault(name, value)


def keep_lost(index: Index, known: Index, folder: DataFolder) -> None:
    """Complete a list, as it is read, with entries and ids that it had before and that nobody took out.

    A deleted conversation is in the trash until nothing is left of it. So one that is listed no more,
    is not there and has its transcript was lost: the file was cut, emptied or replaced by an older copy.
    """
    missing = [key for key in known.tables.keys() - index.tables.keys() if not _is_deleted(folder, key)]
    if any(folder.transcript(key).exists() for key in missing):
        retain(index, known, known.tables.keys() - set(missing))
        index.lost = True
    for key in known.tables.keys() & index.tables.keys():
        before, now = known.conversations[key].id, index.conversations[key]
        if before and before not in (now.id, *now.previous_ids):
            index.put(now.with_id(before))
            index.lost = True


def _is_deleted(folder: DataFolder, key: str) -> bool:
    return not is_safe_key(key) or folder.trashed_entry(key).exists()


def completed(conversation: Conversation, path: Path) -> Conversation:
    """A conversation whose entry is cut short, with what its transcript says of it."""
    recorded = recorded_entry(path, conversation.key)
    if recorded is None:
        return conversation
    previous = conversation.previous_ids or recorded.previous_ids
    return conversation.evolve(
        bot=conversation.bot or recorded.bot,
        created=recorded.created if conversation.created == BEGINNING else conversation.created,
        id=conversation.id or (recorded.id if recorded.id not in previous else None),
        title=conversation.title or recorded.title,
        chatbot_id=conversation.chatbot_id or recorded.chatbot_id,
        base_url=conversation.base_url or recorded.base_url,
        previous_ids=previous,
    )


def rescued(path: Path, key: str) -> Conversation | None:
    """A conversation made again from its transcript alone; None where no message can be read.

    A transcript of which no line says what the list said can be read and not continued.
    """
    if (recorded := recorded_entry(path, key)) is not None:
        return recorded
    transcript = Transcript(path)
    first = [transcript[index] for index in range(min(len(transcript), _FIRST_LINES))]
    readable = [message for message in first if message.text or message.failure is None]
    if not readable:
        return None
    titles = (title_from(message.text) for message in readable if message.role is Role.USER)
    ids = [message.conversation_id for message in transcript.tail(_FIRST_LINES) if message.conversation_id]
    return Conversation(
        key=key,
        bot="",
        created=readable[0].at,
        id=ids[-1] if ids else None,
        title=next((title for title in titles if title), ""),
    )


def recorded_entry(path: Path, key: str) -> Conversation | None:
    """What the last line of a transcript that says it says of its conversation; None where none does.

    Looks through the end of the file. A file that can't be read says nothing.
    """
    with suppress(OSError):
        descriptor = open_to_read(path)
        if descriptor is None:
            return None
        try:
            data = read_at(descriptor, _REACH, max(0, os.fstat(descriptor).st_size - _REACH))
        finally:
            os.close(descriptor)
        at = len(data)
        while (at := data.rfind(_ENTRY, 0, at)) >= 0:
            begin, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
            if (entry := entry_of(data[begin : end if end >= 0 else len(data)], key)) is not None:
                return entry
    return None


def sweep_temporary_files(folder: DataFolder) -> None:
    """Remove half-written files that killed processes left behind; none that may still be written."""
    limit = time.time() - _STALE_TEMPORARY
    for place in (folder.path, folder.transcripts, folder.drafts, folder.trash):
        with suppress(OSError):
            for entry in place.iterdir():
                if entry.name.startswith(".") and entry.name.endswith(TEMPORARY):
                    with suppress(OSError):
                        if entry.lstat().st_mtime < limit:
                            entry.unlink()

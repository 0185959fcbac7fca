"""What damaged files still hold: originals put aside, and entries made again from transcripts."""

import os
import time
from contextlib import suppress
from pathlib import Path

from userdesk.domain.conversation import Conversation, title_from
from userdesk.domain.message import Role
from userdesk.files.atomic import TEMPORARY, read_bytes, write_atomically
from userdesk.store.folder import DataFolder
from userdesk.store.index import Index
from userdesk.store.transcript import Transcript

_FIRST_LINES = 50
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


def keep_known(broken: Index, known: Index, trashed: set[str]) -> None:
    """Complete what was read of a broken file with what was known before, but for what was deleted."""
    for key, table in known.tables.items():
        if key not in broken.tables and key not in trashed:
            broken.tables[key] = table
            broken.conversations[key] = known.conversations[key]
    for name, value in known.head.items():
        broken.head.setdefault(name, value)


def rescued(path: Path, key: str) -> Conversation | None:
    """A conversation made again from its transcript alone; None where no message can be read.

    Which chatbot it was with stands in no transcript, so it can be read and not continued.
    """
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

"""Damage to conversations.toml: the original is kept beside it, the list completed with what is known."""

import os
import time
from collections.abc import Set
from pathlib import Path

from userdesk.domain.conversation import ConversationKey
from userdesk.files.atomic import write_atomically
from userdesk.files.reading import read_bytes
from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.index.entries import Index


def keep_original(path: Path, why: str) -> Path:
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


def add_missing(broken: Index, known: Index, trashed: Set[str]) -> None:
    """Complete what was read of a broken file with what was known before, but for what was deleted."""
    for key, table in known.tables.items():
        if key not in broken.tables and key not in trashed:
            broken.tables[key] = table
            broken.conversations[key] = known.conversations[key]
    for name, value in known.head.items():
        broken.head.setdefault(name, value)


def restore_lost(index: Index, known: Index, folder: DataFolder) -> None:
    """Complete a list, as it is read, with entries and ids that it had before and that nobody took out.

    A deleted conversation is in the trash until nothing is left of it. So one that is listed no more,
    is not there and has its transcript was lost: the file was cut, emptied or replaced by an older copy.
    """
    missing = [key for key in known.tables.keys() - index.tables.keys() if not _is_deleted(folder, key)]
    if any(folder.transcript(key).exists() for key in missing):
        add_missing(index, known, known.tables.keys() - set(missing))
        index.lost = True
    for key in known.tables.keys() & index.tables.keys():
        before, now = known.conversations[key].id, index.conversations[key]
        if before and before not in (now.id, *now.previous_ids):
            index.put(now.with_id(before))
            index.lost = True


def _is_deleted(folder: DataFolder, key: ConversationKey) -> bool:
    return not is_safe_key(key) or folder.trashed_entry(key).exists()

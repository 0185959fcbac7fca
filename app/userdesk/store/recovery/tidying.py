"""What a crash left half done, ended at the next start: answers, deletions, restorations, lost entries."""

import os

from userdesk.domain.conversation import Conversation
from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.index.entries import Index
from userdesk.store.index.file import IndexFile
from userdesk.store.recovery.rescue import completed, rescued
from userdesk.store.transcript.in_flight import recover_answers
from userdesk.store.trash.trash import Trash

_TRANSCRIPT = ".jsonl"
_ENDS = frozenset(("bot", "created"))  # what each entry of ours has, and has last


def recover_all(folder: DataFolder, index_file: IndexFile) -> None:
    """Turn the answers of processes that are gone into interrupted messages."""
    try:
        names = os.listdir(folder.transcripts)
    except OSError:
        return
    for problem in recover_answers(folder, names):
        index_file.tell(problem.path, problem.message)


def tidy_transcripts(folder: DataFolder, index_file: IndexFile, trash: Trash) -> None:
    """End deletions and restorations that were interrupted, list transcripts that lost their entry.

    Raises StoreError.
    """
    try:
        names = os.listdir(folder.transcripts)
    except OSError:
        return
    keys = {name.removesuffix(_TRANSCRIPT) for name in names if name.endswith(_TRANSCRIPT)}
    trashed = set(trash.keys())
    listed = index_file.known.tables.keys()
    lost = sorted(key for key in keys - listed if is_safe_key(key))
    half_restored = trashed & listed
    whole = _completed_end(index_file.known, folder, is_cut=bool(lost))
    if not lost and not half_restored and whole is None:
        return
    found: list[str] = []

    def apply(index: Index) -> None:
        for key in half_restored & index.tables.keys():
            trash.move_out(key)
            trash.drop_entry(key)
        if whole is not None and whole.key in index.tables:
            index.put(whole)
            index.lost = True
        for key in lost:
            if key in index.tables:
                continue
            if key in trash:
                trash.move_in(key)
            elif (conversation := rescued(folder.transcript(key), key)) is not None:
                index.put(conversation)
                index.lost = True
                found.append(key)

    index_file.rewrite(apply)
    if found:
        count = "One transcript" if len(found) == 1 else f"{len(found)} transcripts"
        message = f"{count} had no entry in {folder.index.name} and got one again"
        index_file.tell(folder.transcripts, message)


def _completed_end(index: Index, folder: DataFolder, *, is_cut: bool) -> Conversation | None:
    """The last conversation where its entry was cut short and its transcript knows more; else None.

    `is_cut`: entries are missing, so that its own end may be too.
    """
    key = next(reversed(index.tables), None)
    if key is None or (not is_cut and _ENDS.issubset(index.tables[key])):
        return None
    entry = index.conversations[key]
    whole = completed(entry, folder.transcript(key))
    return whole if whole != entry else None

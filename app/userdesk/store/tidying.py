"""What a crash left half done, ended at the next start: answers, deletions, restorations, lost entries."""

import os

from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.in_flight import recover_answers
from userdesk.store.index import Index
from userdesk.store.index_file import IndexFile
from userdesk.store.rescue import rescued
from userdesk.store.trash import Trash

_TRANSCRIPT = ".jsonl"


def recover_all(folder: DataFolder, index_file: IndexFile) -> None:
    """Turn the answers of processes that are gone into interrupted messages."""
    try:
        names = os.listdir(folder.transcripts)
    except OSError:
        return
    for problem in recover_answers(folder, names):
        index_file.tell(problem.path, problem.words)


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
    if not lost and not half_restored:
        return
    found: list[str] = []

    def apply(index: Index) -> None:
        for key in half_restored & index.tables.keys():
            trash.take_out(key)
            trash.drop_entry(key)
        for key in lost:
            if key in index.tables:
                continue
            if key in trash:
                trash.bring_in(key)
            elif (conversation := rescued(folder.transcript(key), key)) is not None:
                index.put(conversation)
                found.append(key)

    index_file.rewrite(apply)
    if found:
        count = "One transcript" if len(found) == 1 else f"{len(found)} transcripts"
        words = f"{count} had no entry in {folder.index.name} and got one again"
        index_file.tell(folder.transcripts, words)

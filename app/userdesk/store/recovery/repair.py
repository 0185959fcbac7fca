"""Repairs a data folder at the start: what a crash, a hand or time has left to be done."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import cast

from userdesk.domain.conversation import Conversation, ConversationKey, title_from
from userdesk.domain.message import Message, Role
from userdesk.domain.safe_text import clean_line
from userdesk.domain.timestamps import BEGINNING
from userdesk.files.atomic import TEMPORARY
from userdesk.files.reading import names_in
from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.index.entries import Index
from userdesk.store.index.file import IndexFile
from userdesk.store.problems import StoreError
from userdesk.store.transcript.file_end import recorded_entry
from userdesk.store.transcript.in_flight import answer_names, recover_answers
from userdesk.store.transcript.transcript import Transcript
from userdesk.store.trash.trash import KEPT_DAYS, Trash

_TRANSCRIPT = ".jsonl"
_ENDS = frozenset(("bot", "created"))  # what each entry of ours has, and has last
_FIRST_LINES = 50
_STALE_TEMPORARY = 3600.0  # s


def repair(folder: DataFolder, index_file: IndexFile, trash: Trash) -> None:
    """Do what there is to do; where the disk refuses, that is kept as a problem. Blocks on the disk."""
    names = list[str]()
    for step in (
        folder.create,
        partial(_replace_broken_index, index_file),
        lambda: names.extend(_recovered_names(folder, index_file)),
        lambda: _tidy_transcripts(folder, index_file, trash, names),
        partial(_give_titles, folder, index_file),
        partial(_purge_trash, folder, index_file, trash),
    ):
        _try(step, folder, index_file)
    _sweep_temporary_files(folder, names)


def prepare(folder: DataFolder, index_file: IndexFile, trash: Trash) -> None:
    """Do what a message to a new conversation needs: nothing that takes longer the more there are."""
    for step in (
        folder.create,
        partial(_replace_broken_index, index_file),
        partial(_purge_trash, folder, index_file, trash),
    ):
        _try(step, folder, index_file)


def _try(step: Callable[[], None], folder: DataFolder, index_file: IndexFile) -> None:
    try:
        step()
    except StoreError as error:
        index_file.tell(folder.path, error.message, refused=True)


def _replace_broken_index(index_file: IndexFile) -> None:
    if index_file.known.is_damaged or index_file.known.older:
        index_file.rewrite()


def _recovered_names(folder: DataFolder, index_file: IndexFile) -> list[str]:
    """The files in the folder of transcripts, once the answers among them are messages."""
    names = names_in(folder.transcripts)
    if answers := answer_names(names):
        recover_answers(folder, answers, index_file.tell)
        names = names_in(folder.transcripts)
    return names


def _tidy_transcripts(folder: DataFolder, index_file: IndexFile, trash: Trash, names: Sequence[str]) -> None:
    """End deletions and restorations that were interrupted, list transcripts that lost their entry.

    `names` are the files in the folder of transcripts.
    """
    keys = [name[: -len(_TRANSCRIPT)] for name in names if name.endswith(_TRANSCRIPT)]
    listed = index_file.known.entries
    lost = sorted(filter(is_safe_key, listed.without(cast("list[ConversationKey]", keys))))
    half_restored = set(filter(listed.__contains__, trash.keys()))
    whole = _completed_end(index_file.known, folder, is_cut=bool(lost))
    if not lost and not half_restored and whole is None:
        return
    found: list[str] = []

    def apply(index: Index) -> None:
        for key in [key for key in half_restored if key in index.entries]:
            trash.move_out(key)
            trash.drop_entry(key)
        if whole is not None and whole.key in index.entries:
            index.put(whole)
            index.lost = True
        for key in lost:
            if key in index.entries:
                continue
            if key in trash:
                trash.move_in(key)
            elif (conversation := _rescued(folder.transcript(key), key)) is not None:
                index.put(conversation)
                index.lost = True
                found.append(key)

    index_file.rewrite(apply)
    if found:
        count = "One transcript" if len(found) == 1 else f"{len(found)} transcripts"
        message = f"{count} had no entry in {folder.index.name} and got a new one"
        index_file.tell(folder.transcripts, message)


def _completed_end(index: Index, folder: DataFolder, *, is_cut: bool) -> Conversation | None:
    """The last conversation where its transcript knows more; `is_cut`: entries behind it are missing."""
    key = index.entries.last()
    last = index.entries.get(key) if key else None
    if key is None or last is None or (not is_cut and _ENDS.issubset(last.table)):
        return None
    entry = last.conversation
    recorded = recorded_entry(folder.transcript(key), key)
    if recorded is None:
        return None
    previous = entry.previous_ids or recorded.previous_ids
    whole = entry.evolve(
        bot=entry.bot or recorded.bot,
        created=recorded.created if entry.created == BEGINNING else entry.created,
        id=entry.id or (recorded.id if recorded.id not in previous else None),
        title=entry.title or recorded.title,
        chatbot_id=entry.chatbot_id or recorded.chatbot_id,
        base_url=entry.base_url or recorded.base_url,
        previous_ids=previous,
    )
    return whole if whole != entry else None


def _purge_trash(folder: DataFolder, index_file: IndexFile, trash: Trash) -> None:
    removed = trash.purge()
    if len(removed) == 1:
        what = f"One conversation, “{clean_line(removed[0].conversation.title, 60)}”, was"
    else:
        what = f"{len(removed)} conversations were"
    if removed:
        days = f"{KEPT_DAYS:.0f} days"
        index_file.tell(folder.trash, f"{what} in the trash for {days} and removed for good")


def _rescued(path: Path, key: ConversationKey) -> Conversation | None:
    """A conversation made again from its transcript alone; None where no message can be read."""
    if (recorded := recorded_entry(path, key)) is not None:
        return recorded
    transcript = Transcript(path)
    first = [transcript[index] for index in range(min(len(transcript), _FIRST_LINES))]
    readable = [message for message in first if message.text or message.failure is None]
    if not readable:
        return None
    ids = [message.conversation_id for message in transcript.tail(_FIRST_LINES) if message.conversation_id]
    return Conversation(
        key=key,
        bot="",
        created=readable[0].at,
        id=ids[-1] if ids else None,
        title=_title_in(readable),
    )


def _give_titles(folder: DataFolder, index_file: IndexFile) -> None:
    """Title what another program wrote without a title, or a crash left so, as one that began here."""
    titles: dict[ConversationKey, str] = {}
    entries = index_file.known.entries
    for key in filter(is_safe_key, entries.untitled()):
        if (entry := entries.get(key)) is not None and entry.table.get("title"):
            continue  # what stands there is no text: whoever wrote it is told
        transcript = Transcript(folder.transcript(key))
        if title := _title_in(transcript[index] for index in range(min(len(transcript), _FIRST_LINES))):
            titles[key] = title
    if not titles:
        return

    def apply(index: Index) -> None:
        for key, title in titles.items():
            if (conversation := index.get(key)) is not None and not conversation.title:
                index.put(conversation.evolve(title=title))

    index_file.rewrite(apply)


def _title_in(messages: Iterable[Message]) -> str:
    """The title that the first user message gives which says something; empty without one."""
    titles = (title_from(message.text) for message in messages if message.role is Role.USER)
    return next(filter(None, titles), "")


def _sweep_temporary_files(folder: DataFolder, transcripts: Iterable[str]) -> None:
    """Remove half-written files that killed processes left behind; none that may still be written.

    `transcripts` are the names in their folder, which may be many.
    """
    limit = time.time() - _STALE_TEMPORARY
    others = (folder.path, folder.drafts, folder.verdicts, folder.trash, folder.search)
    for place, names in ((folder.transcripts, transcripts), *((each, names_in(each)) for each in others)):
        for name in names:
            if name.startswith(".") and name.endswith(TEMPORARY):
                with suppress(OSError):
                    if (place / name).lstat().st_mtime < limit:
                        (place / name).unlink()

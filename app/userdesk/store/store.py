"""The store: saved conversations and everything that is kept of them, in one data folder.

All calls block on the disk; callers that must not wait make them in a thread. Every write that
fails raises StoreError with a message to show, leaves what was there, and can be tried again.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from weakref import WeakValueDictionary

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.domain.timestamps import moment_at
from userdesk.files.reading import names_in
from userdesk.store.drafts import Drafts
from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.index.entries import Index
from userdesk.store.index.entry_list import EntryList
from userdesk.store.index.file import IndexFile
from userdesk.store.locks.advisory import Presence
from userdesk.store.newest import newest
from userdesk.store.problems import GONE, ConversationGone, Problem, StoreError, reason, saving
from userdesk.store.prompt_history import PromptHistory
from userdesk.store.read_marks import ReadMarks
from userdesk.store.recovery.repair import prepare, repair
from userdesk.store.recovery.seen_problems import SeenProblems
from userdesk.store.transcript.file_end import ended_badly, last_times, recorded_entry
from userdesk.store.transcript.in_flight import InFlight, answer_names, recover_answers
from userdesk.store.transcript.transcript import Transcript
from userdesk.store.trash.trash import Trash
from userdesk.store.verdicts import Verdicts

_RECENT = 4  # transcripts whose lines stay known, so that going back to one reads nothing anew


class Store:
    """The facade of a data folder. May be used from several threads and several processes."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        """Without `durable` nothing waits for the disk: for a folder that goes with its process."""
        self.folder = DataFolder(data_dir, durable=durable)
        """Where everything is."""
        self._guard = threading.RLock()
        self._transcripts: WeakValueDictionary[ConversationKey, Transcript] = WeakValueDictionary()
        self._recent: deque[Transcript] = deque(maxlen=_RECENT)
        self.drafts = Drafts(self.folder)
        self.read_marks = ReadMarks(self.folder)
        self.history = PromptHistory(self.folder)
        self.told = SeenProblems(self.folder)
        self.presence = Presence(data_dir)
        self.trash = Trash(self.folder, self.read_marks.forget, self.history.forget)
        self._index = IndexFile(self.folder, self.trash.keys)
        self.verdicts = Verdicts(self.folder, self._index.creating)

    def open(self, *, whole: bool = True) -> list[Problem]:
        """Read what is there and repair it; what the user must be told. Never raises, blocks on the disk.

        Where what there is already need not be read `whole`, as for a new conversation, what is wrong with
        single ones is left to the next one who opens all of it.
        """
        self._index.reads_whole = whole
        self.reload()
        if not self.folder.read_only:
            (repair if whole else prepare)(self.folder, self._index, self.trash)
        return self.told.untold(self.folder.take_problems(), at_start=whole)

    def recover_answers(self) -> None:
        """Make messages of answers whose processes have ended. Blocks on the disk."""
        if not self.folder.read_only:
            names = answer_names(names_in(self.folder.transcripts))
            recover_answers(self.folder, names, self._index.tell)

    def conversations(self) -> list[Conversation]:
        """The saved conversations as last read, in the order of the file."""
        return self.entries.conversations()

    @property
    def entries(self) -> EntryList:
        """The list of conversations as last read, of which nothing is made before it is asked for.

        Another one after each change; never changed itself.
        """
        return self._index.known.entries

    def get(self, key: ConversationKey) -> Conversation | None:
        """A saved conversation as last read."""
        return self.entries.conversation(key)

    def reload(self) -> bool:
        """Read conversations.toml again if it was changed, by anyone; whether any conversation differs."""
        return self._index.reload()

    def bring_back(self) -> bool:
        """Write conversations.toml again where it was removed, or has lost what is known; whether it was.

        What it lost is known since the last look, so that an editor has time to write. Raises StoreError.
        """
        with saving("The list of conversations", self.folder.index):
            is_there = self.folder.index.exists()
        known = self._index.known
        if self.folder.read_only or (is_there and not known.is_damaged) or not len(known.entries):
            return False
        self._index.rewrite()
        return True

    def add(self, conversation: Conversation) -> None:
        """Save a new conversation. Raises StoreError, and ValueError where its key can name no file."""
        if not is_safe_key(conversation.key):
            raise ValueError(f"not safe as a file name: {conversation.key!r}")
        self._index.rewrite(lambda index: index.put(conversation))

    def update(self, key: ConversationKey, change: Callable[[Conversation], Conversation]) -> Conversation:
        """Change a conversation as the file has it now, and save it. Raises ConversationGone, StoreError.

        One that was deleted meanwhile, by anyone, is changed in the trash: a restore has the change.
        """
        changed: list[Conversation] = []

        def checked(old: Conversation) -> Conversation:
            new = change(old)
            if new.key != key:
                raise ValueError("the key of a conversation never changes")
            return new

        def apply(index: Index) -> None:
            if (old := index.get(key)) is not None:
                changed.append(checked(old))
                if changed[0] != old:
                    index.put(changed[0])
            elif (trashed := self.trash.update(key, checked)) is not None:
                changed.append(trashed)

        self._index.rewrite(apply)
        if not changed:
            raise ConversationGone(GONE)
        return changed[0]

    def restore_if_deleted(self, conversation: Conversation) -> bool:
        """Have a conversation listed again that was deleted meanwhile; whether it was. Raises StoreError."""
        self.reload()
        if conversation.key in self.entries:
            return False
        with self.folder.exclusive():
            try:
                self.restore(conversation.key)
            except ConversationGone:
                self.add(conversation)
        return True

    def delete(self, key: ConversationKey) -> None:
        """Move a conversation into the trash. Raises ConversationGone, StoreError."""

        def apply(index: Index) -> None:
            if key not in index.entries:
                raise ConversationGone(GONE)
            self.trash.put_entry(index, key)
            index.entries.remove(key)

        self.folder.may_write()
        with self.folder.exclusive():
            try:
                self._index.rewrite(apply)
            except ConversationGone:
                raise  # another process deleted it: the entry in the trash is that one's
            except StoreError:
                if key in self.entries:
                    with suppress(OSError):
                        self.trash.drop_entry(key)
                raise
            try:
                self.trash.move_in(key)
            except OSError as error:  # the next start does it again
                message = f"A transcript could not be moved: {reason(error)}"
                self._index.tell(self.folder.transcript(key), message)

    def restore(self, key: ConversationKey) -> Conversation:
        """Bring a deleted conversation back, at the end of the list. Raises ConversationGone, StoreError."""
        self.folder.may_write()
        with self.folder.exclusive():
            entry = self.trash.entry(key)
            if entry is None:
                raise ConversationGone("This conversation is no longer in the trash")

            def apply(index: Index) -> None:
                if key not in index.entries:
                    index.entries.put(entry)

            with saving("The conversation", self.folder.trash):
                self.trash.move_out(key)
            self._index.rewrite(apply)
            with saving("The conversation", self.folder.trash):
                self.trash.drop_entry(key)
            return (self._index.known.entries.get(key) or entry).conversation

    def erase(self, keys: Iterable[ConversationKey]) -> int:
        """Remove conversations for good, saved or in the trash; how many. Raises StoreError.

        They go by way of the trash, so that a kill in between leaves them deleted and not half there.
        """
        wanted = set(keys)

        def apply(index: Index) -> None:
            for key in [key for key in wanted if key in index.entries]:
                self.trash.put_entry(index, key)
                index.entries.remove(key)

        self.folder.may_write()
        with self.folder.exclusive():
            self._index.rewrite(apply)
            return self.trash.remove(wanted)

    def newest(self) -> Conversation | None:
        """The conversation of a long list in which something happened last, where a glance at it tells.

        The store need not be open. Blocks on the disk.
        """
        return newest(self.folder)

    def recency(self, conversation: Conversation) -> datetime:
        """When something last happened in a conversation, in UTC. Blocks on the disk."""
        key, created = conversation.key, conversation.created.timestamp()
        return moment_at(last_times(self.folder.transcripts, [key], lambda _, at: max(at, created))[key])

    def recencies(self, bot: str | None = None) -> dict[ConversationKey, float]:
        """When something last happened in all conversations, or all with a chatbot, in seconds since 1970."""
        entries = self.entries
        keys = [key for key in entries if bot is None or entries.bot(key) == bot]
        return last_times(self.folder.transcripts, keys, entries.latest)

    def activity(self) -> int:
        """A number that changes with every turn of any process; cheap to ask for."""
        with suppress(OSError):
            return self.folder.transcripts.stat().st_mtime_ns  # an answer's file comes and goes there
        return 0

    def ended_badly(self, keys: Iterable[ConversationKey]) -> set[ConversationKey]:
        """Those of some conversations whose last turn failed or was interrupted."""
        return ended_badly(self.folder.transcripts, filter(is_safe_key, keys))

    def transcript(self, key: ConversationKey) -> Transcript:
        """The messages of a conversation: the same object as long as anyone holds it."""
        with self._guard:
            if (known := self._transcripts.get(key)) is None:
                folder = self.folder
                known = Transcript(
                    folder.transcript(key),
                    folder.trashed_transcript(key),
                    tell=folder.tell,
                    may_write=folder.may_write,
                    creating=partial(self._index.creating, key),
                    durable=folder.durable,
                )
                self._transcripts[key] = known
            if known not in self._recent:
                self._recent.append(known)
            return known

    def known_id(self, key: ConversationKey) -> str | None:
        """A conversation's id, got by any process, from the list or its transcript. Blocks on the disk."""
        self.reload()
        saved = self.get(key)
        if saved and saved.id:
            return saved.id
        recorded = recorded_entry(self.transcript(key).path, key)
        is_past = recorded and saved and recorded.id in saved.previous_ids
        return recorded.id if recorded and not is_past else None

    def begin_answer(self, key: ConversationKey, turn_id: str) -> InFlight:
        """Keep an answer from now on while it arrives. Raises StoreError."""
        return InFlight(self.folder, self.transcript(key), key, turn_id)

    def is_answered_elsewhere(self, key: ConversationKey) -> bool:
        """Whether another process is receiving an answer in a conversation.

        Where that process has ended, what had arrived is recovered. Only for conversations in which
        this process receives none; blocks on the disk.
        """
        pattern = self.folder.transcript(key).with_suffix(".*.answer").name
        names = [path.name for path in self.folder.transcripts.glob(pattern)]
        if not self.folder.read_only:
            recover_answers(self.folder, names, self._index.tell)
        return any((self.folder.transcripts / name).exists() for name in names)

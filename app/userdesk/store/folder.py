"""The data folder: where each file of it lies, who may write, and the lock between processes."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeGuard

from userdesk.domain.conversation import ConversationKey
from userdesk.files.atomic import ensure_folder, make_folder, sync_folder
from userdesk.store.locks.locking import take_lock
from userdesk.store.problems import Problem, ReadOnlyStore, saving

LOCK_TIMEOUT = 5.0
"""Seconds to wait for another process that is writing."""
_SAFE_KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")


def is_safe_key(key: object) -> TypeGuard[ConversationKey]:
    """Whether a key can name a file, on every platform and inside our folders only."""
    return isinstance(key, str) and _SAFE_KEY.fullmatch(key) is not None


class DataFolder:
    """Paths, permission to write and problems, shared by everything that keeps files."""

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        """Without `durable` neither messages nor the list wait for the disk."""
        self.path = path
        self.durable = durable
        self.index = path / "conversations.toml"
        self.transcripts = path / "transcripts"
        self.drafts = path / "drafts"
        self.verdicts = path / "verdicts"
        self.trash = path / "trash"
        self.search = path / "search"
        self.read_marks = path / "read.json"
        self.history = path / "history.jsonl"
        self.told = path / "told.json"
        self.read_only = False
        """Whether a newer version wrote conversations.toml, so that every write raises StoreError."""
        self._exclusive = threading.RLock()
        self._depth = 0
        self._problems: list[Problem] = []

    def create(self) -> None:
        """Create the folders that are missing. Raises StoreError."""
        with saving("Conversations", self.path):
            ensure_folder(self.path)
        made = []
        for what, folder in (
            ("Messages", self.transcripts),
            ("Drafts", self.drafts),
            ("Deleted conversations", self.trash),
        ):
            with saving(what, folder):
                made.append(not folder.is_dir() and make_folder(folder))
        if any(made) and self.durable:
            with saving("Conversations", self.path):
                sync_folder(self.path)

    def may_write(self) -> None:
        """Raises ReadOnlyStore where nothing may be written, because a newer version did."""
        if self.read_only:
            raise ReadOnlyStore

    def tell(self, problem: Problem) -> None:
        """Keep a problem until the user is told."""
        self._problems.append(problem)

    def take_problems(self) -> list[Problem]:
        """The problems nobody has taken yet."""
        taken, self._problems = self._problems, []
        return taken

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the data folder against other threads and processes; may be nested. Raises StoreError."""
        with self._exclusive:
            if self._depth:
                yield
                return
            with saving("The change", self.path):
                ensure_folder(self.path)
                lock = take_lock(self.path / ".lock", LOCK_TIMEOUT)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                with suppress(OSError):
                    lock.release()

    def transcript(self, key: ConversationKey) -> Path:
        """The file of a conversation's messages."""
        return self.transcripts / f"{_checked(key)}.jsonl"

    def answer(self, key: ConversationKey, turn_id: str) -> Path:
        """The file beside a transcript that an answer is kept in while it arrives."""
        return self.transcripts / f"{_checked(key)}.{_checked(turn_id)}.answer"

    def draft(self, key: ConversationKey) -> Path:
        """The file of what was typed and not sent."""
        return self.drafts / f"{_checked(key)}.txt"

    def verdicts_of(self, key: ConversationKey) -> Path:
        """The file of what is said of a conversation's answers."""
        return self.verdicts / f"{_checked(key)}.jsonl"

    def trashed_verdicts(self, key: ConversationKey) -> Path:
        """The file that waits in while its conversation is deleted."""
        return self.trash / f"{_checked(key)}.verdicts.jsonl"

    def trashed_entry(self, key: ConversationKey) -> Path:
        """The file a deleted conversation's entry waits in."""
        return self.trash / f"{_checked(key)}.toml"

    def trashed_transcript(self, key: ConversationKey) -> Path:
        """The file a deleted conversation's messages wait in."""
        return self.trash / f"{_checked(key)}.jsonl"


def _checked(name: str) -> str:
    if not is_safe_key(name):
        raise ValueError(f"not safe as a file name: {name!r}")
    return name

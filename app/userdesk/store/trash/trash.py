"""Deleted conversations, until they are restored or purged: each an entry and its transcript."""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.domain.message import Role, now
from userdesk.domain.timestamps import BEGINNING, moment_at
from userdesk.files.atomic import ensure_folder, sync_folder, write_atomically
from userdesk.files.reading import read_bytes
from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.index.entries import Index, parse_index
from userdesk.store.index.tables import Entry, moment_of
from userdesk.store.problems import StoreError, saving
from userdesk.store.transcript.transcript import Transcript
from userdesk.store.trash.sightings import Sightings, lasted

KEPT_DAYS = 30.0
"""How long a deleted conversation can be restored at least."""


class Trashed(NamedTuple):
    """A deleted conversation."""

    conversation: Conversation
    deleted: datetime


class Trash:
    """The deleted conversations of a data folder."""

    def __init__(
        self,
        folder: DataFolder,
        forget: Callable[[ConversationKey], None],
        forget_prompts: Callable[[Collection[str]], None],
    ) -> None:
        """Told what to forget: a conversation's key, and the messages that the user said in some."""
        self._folder = folder
        self._forget = forget
        self._forget_prompts = forget_prompts
        self._sightings = Sightings(folder.trash / "seen.json")

    def __contains__(self, key: object) -> bool:
        return is_safe_key(key) and self._folder.trashed_entry(key).exists()

    def keeps(self, key: ConversationKey) -> bool:
        """Whether a deleted conversation can be restored, asked once nobody is changing anything."""
        with suppress(StoreError), self._folder.exclusive():
            return key in self
        return key in self

    def list(self) -> Sequence[Trashed]:
        """What can be restored, the last deleted one first; what can't be read is left out."""
        found = [trashed for key in self.keys() if (trashed := self._read(key)[0]) is not None]
        return sorted(found, key=lambda trashed: trashed.deleted, reverse=True)

    def purge(self) -> Sequence[Trashed]:
        """Remove for good what was seen here for KEPT_DAYS, and return it. Raises StoreError."""
        keys = self.keys()
        if not keys:
            return []
        days = self._sightings.note(keys)
        old = [found for key in keys if lasted(days[key], KEPT_DAYS) and (found := self._read(key)[0])]
        self.remove([found.conversation.key for found in old])
        return old

    def empty(self) -> int:
        """Remove all of it for good, readable or not; how many conversations. Raises StoreError."""
        return self.remove(self.keys())

    def keys(self) -> Sequence[ConversationKey]:
        """The keys of everything in the trash, readable or not."""
        try:
            names = sorted(path.name for path in self._folder.trash.iterdir())
        except OSError:
            return []
        entries = [name.removesuffix(".toml") for name in names if name.endswith(".toml")]
        return [key for key in entries if is_safe_key(key)]

    def remove(self, keys: Collection[ConversationKey]) -> int:
        """Remove some of it for good; how many conversations. Raises StoreError."""
        keys = [key for key in self.keys() if key in keys]
        if not keys:
            return 0
        self._folder.may_write()
        with self._folder.exclusive(), saving("Emptying the trash", self._folder.trash):
            listed = parse_index(read_bytes(self._folder.index) or b"").entries
            from userdesk.store.search.catalog import (  # a start seldom removes anything
                remove_unfinished,
                remove_with,
            )

            # Both before the transcripts: what a kill interrupts is begun again, and must still know them.
            remove_with(self._folder.search, keys)
            self._forget_prompts(self._said_in(key for key in keys if key not in listed))
            arriving = self._arriving(key for key in keys if key not in listed)
            for key in keys:
                files = [self._folder.trashed_transcript(key), self._folder.trashed_verdicts(key)]
                if key not in listed:
                    files += [self._folder.transcript(key), *arriving[key], self._folder.draft(key)]
                    files.append(self._folder.verdicts_of(key))
                for path in files:
                    path.unlink(missing_ok=True)
            remove_unfinished(self._folder.search)  # after them: they may have been read for it meanwhile
            for key in keys:
                # The entry goes last: what a kill interrupts is begun again, and a late
                # answer's transcript is never taken for a conversation that lost its entry.
                self._folder.trashed_entry(key).unlink(missing_ok=True)
                if key not in listed:
                    self._forget(key)
            if not self.keys():
                self._sightings.clear()
        return len(keys)

    def _arriving(self, keys: Iterable[ConversationKey]) -> dict[ConversationKey, set[Path]]:
        """The answers in flight of some conversations, by key: in another process they may still arrive."""
        found: dict[ConversationKey, set[Path]] = {key: set() for key in keys}
        with suppress(OSError):
            for path in self._folder.transcripts.iterdir():
                key = ConversationKey(path.name.partition(".")[0])
                if key in found and path.suffix == ".answer":
                    found[key].add(path)
        return found

    def _said_in(self, keys: Iterable[ConversationKey]) -> set[str]:
        """What the user said in deleted conversations."""
        places = (
            place(key) for key in keys for place in (self._folder.trashed_transcript, self._folder.transcript)
        )
        return {message.text for path in places for message in Transcript(path) if message.role is Role.USER}

    def put_entry(self, index: Index, key: ConversationKey) -> None:
        """Write the entry of a conversation that is being deleted. Raises OSError."""
        self._sightings.forget(key)
        alone = Index({"deleted": now()})
        if (entry := index.entries.get(key)) is not None:
            alone.entries.put(entry)
        write_atomically(self._folder.trashed_entry(key), alone.text())

    def update(
        self, key: ConversationKey, change: Callable[[Conversation], Conversation]
    ) -> Conversation | None:
        """Change the entry of a deleted conversation; None where there is none. Raises OSError."""
        trashed, index = self._read(key)
        if trashed is None:
            return None
        changed = change(trashed.conversation)
        if changed != trashed.conversation:
            index.put(changed)
            write_atomically(self._folder.trashed_entry(key), index.text())
        return changed

    def entry(self, key: ConversationKey) -> Entry | None:
        """The entry of a deleted conversation as it stood in conversations.toml."""
        trashed, index = self._read(key)
        return None if trashed is None else index.entries.get(key)

    def _read(self, key: ConversationKey) -> tuple[Trashed | None, Index]:
        path = self._folder.trashed_entry(key)
        index = Index()
        with suppress(OSError):
            index = parse_index(read_bytes(path) or b"")
            if (conversation := index.get(key)) is not None:
                deleted = moment_of(index.head.get("deleted"))
                if deleted == BEGINNING:
                    deleted = moment_at(path.stat().st_mtime)
                return Trashed(conversation, deleted), index
        return None, index

    def move_in(self, key: ConversationKey) -> None:
        """Move a deleted conversation's transcript and verdicts into the trash. Raises OSError."""
        for live, trashed in self._places(key):
            join(trashed, live, trashed)

    def move_out(self, key: ConversationKey) -> None:
        """Move a conversation's transcript and verdicts back among the others. Raises OSError."""
        for live, trashed in self._places(key):
            join(trashed, live, live)

    def _places(self, key: ConversationKey) -> Iterable[tuple[Path, Path]]:
        """Where files of a conversation lie, and where while it is deleted.

        The transcript last: where it lies says whether a kill interrupted the move.
        """
        folder = self._folder
        yield folder.verdicts_of(key), folder.trashed_verdicts(key)
        yield folder.transcript(key), folder.trashed_transcript(key)

    def drop_entry(self, key: ConversationKey) -> None:
        """Remove the entry of a conversation that is back. Raises OSError."""
        self._folder.trashed_entry(key).unlink(missing_ok=True)


def join(older: Path, newer: Path, into: Path) -> None:
    """Make one file of two, of which either may be missing; what both have stands once. Raises OSError."""
    source = newer if into == older else older
    if not source.exists():
        return
    if not into.exists():
        ensure_folder(into.parent)
        source.replace(into)
    else:
        first, second = read_bytes(older) or b"", read_bytes(newer) or b""
        if first and not first.endswith(b"\n"):
            first += b"\n"
        # One holding the other is what a kill leaves between the two steps below.
        both = second if second.startswith(first) else first if first.endswith(second) else first + second
        write_atomically(into, both)
        source.unlink()  # its new place is synced by then
    sync_folder(into.parent)  # before the other one: a power cut in between leaves it in both, never in none
    sync_folder(source.parent)

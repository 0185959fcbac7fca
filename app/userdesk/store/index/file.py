"""conversations.toml on the disk: read when it was changed, written whole under the lock of all processes."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from userdesk.domain.conversation import ConversationKey
from userdesk.files.atomic import NotConfirmed, sync_folder, write_atomically
from userdesk.files.reading import read_bytes
from userdesk.store.folder import DataFolder
from userdesk.store.index.damage import add_missing, keep_original, restore_lost
from userdesk.store.index.entries import Index, parse_index
from userdesk.store.problems import (
    GONE,
    ConversationGone,
    Problem,
    ReadOnlyStore,
    StoreError,
    reason,
    saving,
)

_Signature = tuple[int, int, int, int]
_HAPPENED = {
    "broken": "was damaged",
    "set-aside": "was damaged",
    "short": "had lost entries, which it has again",
}


class IndexFile:
    """The newest known version of the list of conversations, and the way to change it."""

    def __init__(self, folder: DataFolder, deleted: Callable[[], Iterable[ConversationKey]]) -> None:
        self._folder = folder
        self._path = folder.index
        self._deleted = deleted
        self._guard = threading.RLock()
        self._data: bytes | None = None
        self._seen: _Signature | None = None
        self._told: set[str] = set()
        self._mended: bytes | None = None  # what stands in place of an original that was set aside
        self._unconfirmed = False  # the file's newest name may not outlive a power cut
        self.known = Index()
        """As last read or written; replaced, never changed."""

    def reload(self) -> bool:
        """Read the file again if it was changed, by anyone; whether any conversation differs.

        Where it was removed, what is known goes on, and the next write brings it back.
        """
        with self._guard:
            try:
                seen = _signature(self._path)
                if seen is None or seen == self._seen:
                    return False
                data = read_bytes(self._path)
            except OSError as error:
                self.tell(self._path, f"{self._path.name} could not be read: {reason(error)}")
                return False
            if data is None or _changed_meanwhile(self._path, seen):
                return False  # what a write of ours put there is known already; else the next look reads it
            before = self.known
            self._remember(data, self._parsed(data), seen)
            return list(before.conversations.values()) != list(self.known.conversations.values())

    def rewrite(self, change: Callable[[Index], None] = lambda index: None) -> None:
        """Apply a change to the newest version of the file and write it if it differs. Raises StoreError."""
        self._folder.may_write()
        with self._folder.exclusive(), saving("The conversation", self._path):
            data = read_bytes(self._path)
            newest = self._newest(data)
            if newest.newer:
                self._folder.read_only = True
                raise ReadOnlyStore
            after = newest.copy()
            change(after)
            same = list(after.tables.items()) == list(newest.tables.items()) and after.head == newest.head
            if data is not None and same and not (newest.is_damaged or newest.older):
                self._remember(data, newest, _signature(self._path))
                if self._unconfirmed:
                    sync_folder(self._path.parent)
                    self._unconfirmed = False
            else:
                damage = newest.damage or after.damage
                if data is None or data == self._mended:
                    damage = ""  # there is nothing to keep, or it is kept already
                after.lost = False
                self._write(after, keep_original(self._path, damage) if damage else None, damage)

    @contextmanager
    def creating(self, key: ConversationKey) -> Iterator[None]:
        """A context in which a file of a conversation may be created: the folder is held meanwhile.

        Raises ConversationGone where the conversation was removed for good: files that another process writes
        of it again would be taken for a conversation that lost its entry. Where the folder cannot be held the
        file is created nevertheless: better one file too many than words lost.
        """
        with ExitStack() as held:
            with suppress(StoreError):
                held.enter_context(self._folder.exclusive())
            self.reload()
            known = key in self.known.tables or self._folder.trashed_entry(key).exists()
            if not known and self._path.exists():
                raise ConversationGone(GONE)
            yield

    def _write(self, index: Index, aside: Path | None, damage: str) -> None:
        text = index.text()
        unconfirmed: NotConfirmed | None = None
        try:
            write_atomically(self._path, text, durable=self._folder.durable)
        except NotConfirmed as error:  # it is written: another try must not take it for undone
            unconfirmed = error
        except OSError:
            if aside is not None:
                aside.unlink(missing_ok=True)
            raise
        self._unconfirmed = unconfirmed is not None
        self._remember(text, index, _signature(self._path))
        if aside is not None:
            self._mended = text
            happened = _HAPPENED.get(damage, "of an older version was upgraded")
            self.tell(aside, f"{self._path.name} {happened}: the original is kept as {aside.name}")
        if unconfirmed:
            raise unconfirmed

    def _newest(self, data: bytes | None) -> Index:
        with self._guard:
            return self.known if data is None or data == self._data else self._parsed(data)

    def _parsed(self, data: bytes) -> Index:
        index = parse_index(data)
        name = self._path.name
        if index.broken:
            add_missing(index, self.known, set(self._deleted()))
            count = len(index.tables)
            self.tell(self._path, f"{name} is broken ({index.broken}); conversations read from it: {count}")
        elif not index.newer:
            restore_lost(index, self.known, self._folder)
        for trouble in index.problems:
            self.tell(self._path, f"{name}: {trouble}", lasting=not index.newer)
        return index

    def _remember(self, data: bytes, index: Index, seen: _Signature | None) -> None:
        with self._guard:
            self._data, self.known, self._seen = data, index, seen
            self._folder.read_only = index.newer

    def tell(self, path: Path, message: str, *, lasting: bool = False, refused: bool = False) -> None:
        """Keep a problem until the user is told, unless one with the same message was kept before."""
        if message not in self._told:
            self._told.add(message)
            self._folder.tell(Problem(path, message, lasting, refused))


def _changed_meanwhile(path: Path, seen: _Signature) -> bool:
    try:
        return _signature(path) != seen
    except OSError:
        return True


def _signature(path: Path) -> _Signature | None:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns

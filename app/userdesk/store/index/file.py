"""conversations.toml on the disk: read when it was changed, written whole under the lock of all processes."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from userdesk.domain.conversation import ConversationKey
from userdesk.files.atomic import NotConfirmed, sync_folder, write_atomically
from userdesk.files.reading import read_bytes, signature
from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.index.entries import Index, parse_index
from userdesk.store.problems import GONE, ConversationGone, Problem, ReadOnlyStore, StoreError, reason, saving

_HAPPENED = {
    "broken": "was damaged",
    "set-aside": "was damaged",
    "short": "had lost entries, which were restored",
}


class IndexFile:
    """The newest known version of the list of conversations, and the way to change it."""

    def __init__(self, folder: DataFolder, deleted: Callable[[], Iterable[ConversationKey]]) -> None:
        self._folder = folder
        self._path = folder.index
        self._deleted = deleted
        self._guard = threading.RLock()
        self._data: int | None = None
        """The hash of the bytes as last read or written: many megabytes need not be there twice."""
        self._seen: tuple[int, int, int, int] | None = None
        self._told: set[str] = set()
        self._mended: int | None = None  # the hash of what stands in place of an original that was set aside
        self._unconfirmed = False  # the file's newest name may not outlive a power cut
        self.known = Index()
        """As last read or written; replaced, never changed."""
        self.reads_whole = True
        """Whether each entry is looked at as the file is read, and not only those that are asked for."""

    def reload(self) -> bool:
        """Read the file again if anyone changed it; whether any conversation differs."""
        with self._guard:
            try:
                seen = signature(self._path)
                if seen is None or seen == self._seen:
                    return False
                data = read_bytes(self._path)
                if data is None or signature(self._path) != seen:
                    return False  # a write of ours is known already, the next look reads any other
            except OSError as error:
                self.tell(self._path, f"{self._path.name} could not be read: {reason(error)}")
                return False
            before = self.known.entries
            self._remember(data, self._parsed(data), seen)
            return not before.means_the_same(self.known.entries)

    def rewrite(self, change: Callable[[Index], None] = lambda index: None) -> None:
        """Apply a change to the newest version of the file and write it if it differs. Raises StoreError."""
        self._folder.may_write()
        with self._folder.exclusive(), saving("The conversation", self._path):
            data = read_bytes(self._path)
            with self._guard:
                is_known = data is None or hash(data) == self._data
                newest = self.known if data is None or is_known else self._parsed(data)
            if newest.newer:
                self._folder.read_only = True
                raise ReadOnlyStore
            after = newest.copy()
            change(after)
            is_same = data is not None and after.says_the_same(newest)
            if data is not None and is_same and not (newest.is_damaged or newest.older):
                self._remember(data, newest, signature(self._path))
                if self._unconfirmed:
                    sync_folder(self._path.parent)
                    self._unconfirmed = False
            else:
                damage = newest.damage or after.damage
                if data is None or hash(data) == self._mended:
                    damage = ""  # there is nothing to keep, or it is kept already
                after.lost = False
                del data
                self._write(after, _keep_original(self._path, damage) if damage else None, damage)

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
            known = key in self.known.entries or self._folder.trashed_entry(key).exists()
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
        self._remember(text, index, signature(self._path))
        if aside is not None:
            self._mended = hash(text)
            happened = _HAPPENED.get(damage, "was upgraded from an older version")
            self.tell(aside, f"{self._path.name} {happened}: the original is kept as {aside.name}")
        if unconfirmed:
            raise unconfirmed

    def _parsed(self, data: bytes) -> Index:
        index = parse_index(data, whole=self.reads_whole)
        name = self._path.name
        if index.broken:
            _add_missing(index, self.known, set(self._deleted()))
            count = len(index.entries)
            self.tell(self._path, f"{name} is damaged ({index.broken}); conversations read from it: {count}")
        elif not index.newer:
            _restore_lost(index, self.known, self._folder)
        for trouble in index.problems:
            self.tell(self._path, f"{name}: {trouble}", lasting=not index.newer)
        return index

    def _remember(self, data: bytes, index: Index, seen: tuple[int, int, int, int] | None) -> None:
        with self._guard:
            self._data, self.known, self._seen = hash(data), index, seen
            self._folder.read_only = index.newer

    def tell(self, path: Path, message: str, *, lasting: bool = False, refused: bool = False) -> None:
        """Keep a problem until the user is told, unless one with the same message was kept before."""
        if message not in self._told:
            self._told.add(message)
            self._folder.tell(Problem(path, message, lasting, refused))


def _keep_original(path: Path, why: str) -> Path:
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


def _add_missing(broken: Index, known: Index, trashed: Set[str]) -> None:
    """Complete what was read of a broken file with what was known before, but for what was deleted."""
    for key in known.entries:
        entry = known.entries.get(key) if key not in broken.entries and key not in trashed else None
        if entry is not None:
            broken.entries.put(entry)
    broken.head = known.head | broken.head


def _restore_lost(index: Index, known: Index, folder: DataFolder) -> None:
    """Complete a list, as it is read, with entries and ids that it had before and that nobody took out.

    A deleted conversation is in the trash until nothing is left of it. So one that is listed no more,
    is not there and has its transcript was lost: the file was cut, emptied or replaced by an older copy.
    """
    absent = [key for key in known.entries if key not in index.entries]
    missing = [key for key in absent if is_safe_key(key) and not folder.trashed_entry(key).exists()]
    differing = list(known.entries.differing(index.entries))
    if any(folder.transcript(key).exists() for key in missing):
        _add_missing(index, known, set(absent) - set(missing))
        index.lost = True
    for (_, before), (_, now) in differing:
        if before.id and before.id not in (now.id, *now.previous_ids):
            index.put(now.with_id(before.id))
            index.lost = True

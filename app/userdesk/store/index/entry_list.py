"""The entries of conversations.toml in their order: text until one is asked for, and what was changed."""

import operator
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.store.index.fast_reader import Scan
from userdesk.store.index.tables import Entry, entry_text


class EntryList:
    """Costs what was changed, not what is there: a copy shares the file's text with the list it is of."""

    def __init__(self, scan: Scan | None = None) -> None:
        self._scan = Scan(b"", []) if scan is None else scan
        self._changed: dict[ConversationKey, Entry] = {}  # in the place of what the file has
        self._removed: set[ConversationKey] = set()
        self._added: dict[ConversationKey, Entry] = {}  # behind it

    def copy(self) -> "EntryList":
        """A list that can be changed without touching this one."""
        other = EntryList(self._scan)
        other._changed, other._removed = dict(self._changed), set(self._removed)
        other._added = dict(self._added)
        return other

    # what there is

    def __len__(self) -> int:
        return len(self._scan) - len(self._removed) + len(self._added)

    def __contains__(self, key: ConversationKey) -> bool:
        return key in self._added or self._is_in_file(key)

    def __iter__(self) -> Iterator[ConversationKey]:
        kept: Iterable[ConversationKey] = self._scan.facts.keys
        if self._removed:
            kept = (key for key in kept if key not in self._removed)
        return chain(kept, self._added)

    def last(self) -> ConversationKey | None:
        """The key that stands last."""
        kept = (key for key in reversed(self._scan.facts.keys) if key not in self._removed)
        return next(reversed(self._added), None) or next(kept, None)

    def without(self, keys: Sequence[ConversationKey]) -> list[ConversationKey]:
        """Those of some keys that are not listed."""
        numbers = self._scan.facts.numbers
        absent = [key for key in keys if key not in numbers]  # of a hundred thousand, nearly all are
        if self._removed:
            absent += self._removed.intersection(keys)
        return [key for key in absent if key not in self._added]

    def get(self, key: ConversationKey) -> Entry | None:
        """The entry of a key."""
        if (known := self._known(key)) is not None:
            return known
        return self._scan.entry(key) if self._is_in_file(key) else None

    def conversation(self, key: ConversationKey) -> Conversation | None:
        """The conversation of a key."""
        if (known := self._known(key)) is not None:
            return known.conversation
        return self._scan.conversation(key) if self._is_in_file(key) else None

    def conversations(self) -> list[Conversation]:
        """All of them, made at once; what was not changed is the same object each time."""
        listed = list(self._scan.conversations)
        numbers = self._scan.facts.numbers
        for key, entry in self._changed.items():
            listed[numbers[key]] = entry.conversation
        for number in sorted((numbers[key] for key in self._removed), reverse=True):
            del listed[number]
        return listed + [entry.conversation for entry in self._added.values()]

    def _known(self, key: ConversationKey) -> Entry | None:
        return self._added.get(key) or self._changed.get(key)

    def _is_in_file(self, key: ConversationKey) -> bool:
        return key not in self._removed and self._scan.place(key) is not None

    # what they are put in order by

    def created(self, key: ConversationKey) -> float:
        """When a conversation was created, in seconds since 1970. Raises KeyError."""
        if (known := self._known(key) or self._scan.odd.get(key)) is not None:
            return known.conversation.created.timestamp()
        return self._scan.facts.created(self._scan.facts.numbers[key])

    def latest(self, key: ConversationKey, at: float) -> float:
        """A time, or when a conversation was created if that was later, in s since 1970. Raises KeyError."""
        if not (self._known(key) or key in self._scan.odd):
            facts = self._scan.facts
            if facts.created_before(facts.numbers[key]) <= at:
                return at
        return max(at, self.created(key))

    def bot(self, key: ConversationKey) -> str:
        """What the configuration calls a conversation's chatbot. Raises KeyError."""
        if (known := self._known(key)) is not None:
            return known.conversation.bot
        facts = self._scan.facts
        return facts.bot_names[facts.bots[facts.numbers[key]]]

    def number(self, key: ConversationKey) -> int:
        """A number by which keys that are listed stand in their order. Raises KeyError."""
        if key in self._added:
            return len(self._scan) + list(self._added).index(key)
        return self._scan.facts.numbers[key]

    def pinned(self) -> set[ConversationKey]:
        """The keys of the pinned ones."""
        ours = {**self._changed, **self._added}
        pinned = {key for key, entry in ours.items() if entry.conversation.pinned}
        return pinned | (self._scan.facts.pinned - self._removed - ours.keys())

    def untitled(self) -> set[ConversationKey]:
        """The keys of those without a title."""
        ours = {**self._changed, **self._added}
        untitled = {key for key, entry in ours.items() if not entry.conversation.title}
        return untitled | (self._scan.facts.untitled - self._removed - ours.keys())

    # looking for one

    def named(self, name: str, *, whole: bool = True) -> Iterator[Conversation]:
        """Those that have a key or an id, or one that begins so where it need not be `whole`; in no order."""
        mentioning = chain(self._added, self._changed, self._scan.mentioning(name))
        for conversation in filter(None, map(self.conversation, dict.fromkeys(mentioning))):
            names = conversation.names
            if name in names or (not whole and any(each.startswith(name) for each in names)):
                yield conversation

    # changes

    def put(self, entry: Entry) -> None:
        """Add an entry at the end, or replace the one of its key where it stands."""
        key = entry.conversation.key
        (self._changed if self._is_in_file(key) else self._added)[key] = entry

    def remove(self, key: ConversationKey) -> None:
        """Take an entry out. Raises KeyError."""
        if key in self._added:
            del self._added[key]
        elif key in self:
            self._changed.pop(key, None)
            self._removed.add(key)
        else:
            raise KeyError(key)

    # compared and written

    def says_the_same(self, other: "EntryList") -> bool:
        """Whether both have the same entries in the same order."""
        return self._is_in_order_of(other) and not any(a.table != b.table for a, b in self.differing(other))

    def means_the_same(self, other: "EntryList") -> bool:
        """Whether both have the same conversations in the same order, however they are written."""
        if not (self._removed or other._removed) and not (self._has_any and other._has_any):
            return self._has_any == other._has_any  # as at a start: nothing to look at
        if not self._is_in_order_of(other):
            return False
        return not any(a.conversation != b.conversation for a, b in self.differing(other))

    @property
    def _has_any(self) -> bool:
        return bool(self._scan.has_entries or self._added)

    def changed_since(self, before: "EntryList") -> set[ConversationKey] | None:
        """The keys that differ from a list that this one was made of; None where another file was read."""
        if self._scan is not before._scan:
            return None
        keys = self._changed.keys() | before._changed.keys() | self._added.keys() | before._added.keys()
        changed = {key for key in keys if self._known(key) is not before._known(key)}
        return changed | (self._removed ^ before._removed)

    def _is_in_order_of(self, other: "EntryList") -> bool:
        if self._scan is other._scan and self._removed == other._removed:
            return list(self._added) == list(other._added)
        return len(self) == len(other) and all(map(operator.eq, self, other))

    def differing(self, other: "EntryList") -> Iterator[tuple[Entry, Entry]]:
        """The entries of the keys that both have, where they are not the same letter by letter."""
        if self._scan is other._scan:
            keys = self._changed.keys() | other._changed.keys() | self._added.keys() | other._added.keys()
        else:
            keys = self._shared(other)
        for key in keys:
            mine, theirs = self.get(key), other.get(key)
            if mine and theirs and mine is not theirs:
                yield mine, theirs

    def _shared(self, other: "EntryList") -> set[ConversationKey]:
        """The keys that both have, but for those whose entries stand in both files as the same text."""
        mine, theirs = self._scan, other._scan
        ours = self._changed.keys() | other._changed.keys() | self._added.keys() | other._added.keys()
        ours |= mine.odd.keys() | theirs.odd.keys()
        return {key for key in self if key in other and (key in ours or mine.text(key) != theirs.text(key))}

    def text(self) -> bytes:
        """The lines of all entries; what was not changed stands as it stood."""
        scan, rewritten = self._scan, {**self._scan.odd, **self._changed}
        source, pieces, position = memoryview(scan.source), list[bytes | memoryview](), scan.begin
        changed = {place: key for key in rewritten.keys() | self._removed if (place := scan.place(key))}
        for (begin, end), key in sorted(changed.items()):
            pieces.append(source[position:begin])
            position = end
            if key not in self._removed:
                pieces.append(entry_text(rewritten[key].table).encode())
        pieces.append(source[position:])
        pieces += [entry_text(entry.table).encode() for entry in self._added.values()]
        return b"".join(pieces)

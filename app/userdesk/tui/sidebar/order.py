"""The order in which conversations stand in the sidebar, kept up one conversation at a time."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.store.index.entry_list import EntryList

Placed = tuple[float, int, ConversationKey]
"""Minus the time of its newest activity (s since 1970), a number, and the conversation ordered by them."""
NO_TIMES: Mapping[ConversationKey, float] = MappingProxyType({})
NONE_NEWER: Mapping[ConversationKey, Conversation] = MappingProxyType({})


class Listed(NamedTuple):
    """The conversations that there are at one time: what the disk has, and what memory knows better."""

    entries: EntryList
    newer: Mapping[ConversationKey, Conversation] = NONE_NEWER
    """Those that are not on the disk yet, or not as they are now."""
    leaving: frozenset[ConversationKey] = frozenset()
    """Those on the disk that are about to be deleted."""

    def has(self, key: ConversationKey) -> bool:
        """Whether a conversation is there."""
        return key in self.newer or (key in self.entries and key not in self.leaving)

    def keys(self) -> Iterator[ConversationKey]:
        """All of them, in the order of the file."""
        yield from (key for key in self.entries if key not in self.leaving)
        yield from (key for key in self.newer if key not in self.entries or key in self.leaving)

    def conversation(self, key: ConversationKey) -> Conversation | None:
        """One of them."""
        return self.newer.get(key) or self.entries.conversation(key)

    def bot(self, key: ConversationKey) -> str:
        """What the configuration calls the chatbot of one of them."""
        return self.newer[key].bot if key in self.newer else self.entries.bot(key)

    def pinned(self) -> set[ConversationKey]:
        """Those that are pinned."""
        saved = self.entries.pinned() - self.newer.keys()
        return saved | {key for key, each in self.newer.items() if each.pinned}

    def untitled(self) -> list[ConversationKey]:
        """Those without a title, in no order."""
        saved = self.entries.untitled() - self.newer.keys() - self.leaving
        return [*saved, *(key for key, each in self.newer.items() if not each.title)]

    def named(self, name: str, *, whole: bool = True) -> Iterator[Conversation]:
        """Those that have a key or an id, or one that begins so where it need not be `whole`; in no order."""
        for each in self.entries.named(name, whole=whole):
            if each.key not in self.newer and each.key not in self.leaving:
                yield each
        for each in self.newer.values():
            if name in each.names or (not whole and any(known.startswith(name) for known in each.names)):
                yield each

    def created(self, key: ConversationKey) -> float:
        """When one of them was created, in seconds since 1970."""
        return self.newer[key].created.timestamp() if key in self.newer else self.entries.created(key)

    def changed_since(self, before: "Listed") -> set[ConversationKey] | None:
        """Those that differ from before, in either; None where the whole file was read anew."""
        if (changed := self.entries.changed_since(before.entries)) is None:
            return None
        if self.newer or before.newer:
            both = self.newer.keys() | before.newer.keys()
            changed |= {key for key in both if self.newer.get(key) is not before.newer.get(key)}
        return changed | (self.leaving ^ before.leaving)


class ConversationOrder:
    """Pinned ones and others, each the newest activity first; those of one time as they were listed.

    One that changes is taken out and put in where it belongs, so that a change costs the same among
    thousands.
    """

    def __init__(self, listed: Listed, times: Mapping[ConversationKey, float] = NO_TIMES) -> None:
        """`times` has the newest activity by key, as far as it is known. Takes a while for thousands."""
        self.listed = listed
        """What is in order."""
        self.version: object = object()
        """Another one after each change."""
        self._pinned: list[Placed] = []
        self._others: list[Placed] = []
        self._placed: dict[ConversationKey, Placed] = {}
        self._pins = listed.pinned()
        for number, key in enumerate(listed.keys()):
            self._placed[key] = placed = _ago(listed, times, key), number, key
            (self._pinned if key in self._pins else self._others).append(placed)
        self._next = len(self._placed)
        self._pinned.sort(key=itemgetter(0))
        self._others.sort(key=itemgetter(0))

    def __len__(self) -> int:
        return len(self._placed)

    @property
    def pinned(self) -> Sequence[Placed]:
        """Those that stand above the others."""
        return self._pinned

    @property
    def others(self) -> Sequence[Placed]:
        """Those that are not pinned."""
        return self._others

    def update(
        self, listed: Listed, times: Mapping[ConversationKey, float], changed: Set[ConversationKey]
    ) -> None:
        """What is listed now; all but `changed` are as they were."""
        if changed:
            self._move(listed, times, changed)
            self.version = object()
        self.listed = listed

    def _move(
        self, listed: Listed, times: Mapping[ConversationKey, float], changed: Iterable[ConversationKey]
    ) -> None:
        pins = listed.pinned()
        for key in changed:
            before = self._placed.pop(key, None)
            if before:
                section = self._pinned if key in self._pins else self._others
                del section[bisect_left(section, before)]
                self._pins.discard(key)
            if listed.has(key):
                number = before[1] if before else self._next
                self._next += before is None
                self._placed[key] = placed = _ago(listed, times, key), number, key
                if key in pins:
                    self._pins.add(key)
                insort(self._pinned if key in pins else self._others, placed)


def _ago(listed: Listed, times: Mapping[ConversationKey, float], key: ConversationKey) -> float:
    # What no file knows yet was begun just now; when it was created is kept to the second, rounded down.
    at = times.get(key)
    return -(listed.created(key) + 1 if at is None else at)

"""The order in which conversations stand in the sidebar, kept up one conversation at a time."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from types import MappingProxyType
from typing import NamedTuple

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.store.index.entry_list import EntryList

Sections = tuple[Sequence[ConversationKey], Sequence[ConversationKey]]
"""Pinned conversations and others, each in their order."""
ByBot = Mapping[str, Sequence[ConversationKey]]
"""The conversations of each chatbot that are not pinned, in their order."""
MANY = 1_000
"""Changes from which on it is quicker to put everything in order anew."""
_RUN = 16_384  # keys sorted by one call, which serves no other thread
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

    def number(self, key: ConversationKey) -> int:
        """A number by which they stand in the order of the file."""
        if key in self.entries and key not in self.leaving:
            return self.entries.number(key)
        return len(self.entries) + list(self.newer).index(key)

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
    thousands. Nothing is held of a conversation but its key and its time.
    """

    def __init__(
        self, listed: Listed, times: dict[ConversationKey, float] | None = None, *, by_bot: bool = False
    ) -> None:
        """`times` has the newest activity by key, as far as it is known, and is kept up from here on.

        With `by_bot` they are also put under their chatbots. Takes a while for thousands.
        """
        self.listed = listed
        """What is in order."""
        self.times = {} if times is None else times
        """The time that each one stands by, in seconds since 1970; there may be others among them."""
        self.version: object = object()
        """Another one after each change."""
        self._by_bot: dict[str, list[ConversationKey]] | None = None
        self._arrange()
        if by_bot:
            self.take_by_bot(by_chatbot(listed, self._others))

    def _arrange(self) -> None:
        listed = self.listed
        self._pins = listed.pinned()
        pinned, others, keys = list[ConversationKey](), list[ConversationKey](), listed.keys()
        for key in keys:
            if key not in self.times:
                self.times[key] = _begun(listed, key)
            (pinned if key in self._pins else others).append(key)
        self._pinned = _newest_first(pinned, self.times)
        self._others = _newest_first(others, self.times)

    def __len__(self) -> int:
        return len(self._pinned) + len(self._others)

    @property
    def sections(self) -> Sections:
        """Those that stand above the others, and those."""
        return self._pinned, self._others

    @property
    def by_bot(self) -> ByBot | None:
        """Those that are not pinned by their chatbots; None before `take_by_bot` was called."""
        return self._by_bot

    def take_by_bot(self, by_bot: dict[str, list[ConversationKey]]) -> None:
        """Keep up from here on how conversations stand under their chatbots: now so, as `by_chatbot` says."""
        self._by_bot = by_bot

    def update(self, listed: Listed, changed: Set[ConversationKey]) -> None:
        """What is listed now; all but `changed` are as they were."""
        if len(changed) > MANY:
            self.listed = listed
            self._arrange()
            if self._by_bot is not None:
                self._by_bot = by_chatbot(listed, self._others)
        else:
            for key in changed:
                self._take_out(key)
            self.listed = listed
            self._put_in(changed)
        if changed:
            self.version = object()

    def happened(self, key: ConversationKey, at: float) -> None:
        """Something happened in a conversation, in seconds since 1970."""
        if self.times.get(key) != at:
            self._take_out(key)
            self.times[key] = at
            self._put_in([key])
            self.version = object()

    def _put_in(self, keys: Iterable[ConversationKey]) -> None:
        listed, pins = self.listed, self.listed.pinned()
        for key in keys:
            if not listed.has(key):
                continue
            if key not in self.times:
                self.times[key] = _begun(listed, key)
            if key in pins:
                self._pins.add(key)
                insort(self._pinned, key, key=self._place)
                continue
            insort(self._others, key, key=self._place)
            if self._by_bot is not None:
                insort(self._by_bot.setdefault(listed.bot(key), []), key, key=self._place)

    def _take_out(self, key: ConversationKey) -> None:
        if not self.listed.has(key):
            return
        if key in self._pins:
            self._pins.discard(key)
            self._drop(self._pinned, key)
            return
        self._drop(self._others, key)
        if self._by_bot is not None:
            bot = self.listed.bot(key)
            self._drop(self._by_bot[bot], key)
            if not self._by_bot[bot]:
                del self._by_bot[bot]

    def _drop(self, section: list[ConversationKey], key: ConversationKey) -> None:
        at = bisect_left(section, self._place(key), key=self._place)
        del section[at if section[at : at + 1] == [key] else section.index(key)]

    def _place(self, key: ConversationKey) -> tuple[float, int]:
        return -self.times[key], self.listed.number(key)


def by_chatbot(
    listed: Listed,
    keys: Iterable[ConversationKey],
    found: dict[str, list[ConversationKey]] | None = None,
) -> dict[str, list[ConversationKey]]:
    """Conversations by what the configuration calls their chatbots, behind those that were `found` before."""
    found = {} if found is None else found
    for key in keys:
        if (section := found.get(bot := listed.bot(key))) is None:
            section = found[bot] = []
        section.append(key)
    return found


def _begun(listed: Listed, key: ConversationKey) -> float:
    # What no file knows yet was begun just now; when it was created is kept to the second, rounded down.
    return listed.created(key) + 1


def _newest_first(
    keys: list[ConversationKey], times: Mapping[ConversationKey, float]
) -> list[ConversationKey]:
    """Sorted in runs, so that other threads get their turn; to sort what is in order by runs takes little."""
    ordered = list[ConversationKey]()
    for first in range(0, len(keys), _RUN):
        ordered += sorted(keys[first : first + _RUN], key=times.__getitem__, reverse=True)
    ordered.sort(key=times.__getitem__, reverse=True)
    return ordered

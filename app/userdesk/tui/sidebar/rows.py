"""The lines of the sidebar: under which headings conversations stand, and what is said of each."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import lru_cache, partial
from time import localtime, mktime
from typing import NamedTuple, overload

from userdesk.domain.conversation import NO_KEY, UNTITLED, Conversation, ConversationKey
from userdesk.domain.days import day_name, short_day
from userdesk.domain.safe_text import clean_line
from userdesk.tui.sidebar.order import ByBot, ConversationOrder, Sections, by_chatbot

_Group = str | tuple[int, ...]
"""What stands under one heading: the pinned ones, those of a chatbot, those of a day."""
PINNED: _Group = ()
LONGEST_TITLE = 120
"""Characters of a title that are shown."""


class Mark(Enum):
    """What a conversation's mark column says; of several, the first in this order is shown."""

    STREAMING = "streaming"
    FAILED = "failed"
    UNREAD = "unread"
    DRAFT = "draft"
    NONE = "none"


class SidebarRow(NamedTuple):
    """One line of the sidebar: a heading, or a conversation by its key."""

    text: str
    key: ConversationKey = NO_KEY
    bot: str = ""
    """The chatbot's name in the configuration, where it is another than that of most conversations."""
    when: str = ""
    """When something happened in it last: the time, under a heading that is no day the day."""

    @property
    def is_heading(self) -> bool:
        """Whether it cannot be chosen."""
        return not self.key


def title_of(conversation: Conversation) -> str:
    """The title as it is shown: one safe line."""
    return shown(conversation.title)


@lru_cache(maxsize=10_000)
def shown(title: str) -> str:
    """A title as one safe line, shortened where it is longer than `LONGEST_TITLE`."""
    return clean_line(title, LONGEST_TITLE) or UNTITLED


@dataclass(frozen=True, slots=True)
class RowLooks:
    """What lines are made by, whatever conversations there are."""

    today: date
    bot_names: Mapping[str, str]
    """The chatbots as they are shown, by what the configuration calls them."""
    usual_bot: str = ""
    """The chatbot whose name need not stand beside titles: names beside all would leave room for neither."""
    by_chatbot: bool = False
    """Whether headings are chatbots, the one with the newest activity first, instead of days."""
    drafted: Callable[[Conversation], str] = field(default=lambda conversation: "", compare=False)
    """The first words of what is unsent in a conversation without a title."""


class SidebarRows(Sequence[SidebarRow]):
    """The lines of some conversations, each made when it is looked at: thousands cost what is in view."""

    def __init__(
        self,
        order: ConversationOrder,
        looks: RowLooks,
        left: Sections | None = None,
        wanted: str = "",
        more: Sequence[SidebarRow] = (),
        by_bot: ByBot | None = None,
    ) -> None:
        """Of all conversations in their order, or of those `left` by a filter, which is `wanted`.

        `more` stands below them. Where they are to stand under their chatbots, `by_bot` has those of each, or
        all are looked at here.
        """
        self._order, self._looks, self._left = order, looks, left
        self.wanted = wanted
        """The filter."""
        pinned, others = left or order.sections
        self._more = more or ([SidebarRow("No matches")] if wanted and not pinned and not others else [])
        self._by_bot = order.by_bot if left is None else by_bot
        self.keys, self._groups = _grouped(order, pinned, others, looks, self._by_bot)
        """The conversations in the order of the lines."""
        self._headings = [first + number for number, (_, first) in enumerate(self._groups)]
        self._count = len(self.keys) + len(self._groups)
        # As they are now: the order is kept up.
        self._listed, self._times = order.listed, order.times

    def with_more(self, *lines: str) -> "SidebarRows":
        """The same lines, and some words below them."""
        more = [SidebarRow(line) for line in lines]
        return SidebarRows(self._order, self._looks, self._left, self.wanted, more, self._by_bot)

    def row_of(self, key: ConversationKey) -> int | None:
        """The line that a conversation stands on."""
        try:
            number = self.keys.index(key)
        except ValueError:
            return None
        return number + bisect_right(self._groups, number, key=lambda group: group[1])

    def __len__(self) -> int:
        return self._count + len(self._more)

    @overload
    def __getitem__(self, at: int) -> SidebarRow: ...
    @overload
    def __getitem__(self, at: slice) -> list[SidebarRow]: ...
    def __getitem__(self, at: int | slice) -> SidebarRow | list[SidebarRow]:
        if isinstance(at, slice):
            return [self._row(number) for number in range(*at.indices(len(self)))]
        return self._row(range(len(self))[at])

    def _row(self, number: int) -> SidebarRow:
        if number >= self._count:
            return self._more[number - self._count]
        at = bisect_right(self._headings, number) - 1
        group, looks = self._groups[at][0], self._looks
        if self._headings[at] == number:
            return SidebarRow(_heading(group, looks.today, looks.bot_names))
        key = self.keys[number - at - 1]
        conversation = self._listed.conversation(key)
        assert conversation is not None
        is_named = conversation.bot != looks.usual_bot and (group is PINNED or not looks.by_chatbot)
        when = _when(
            self._times[key], looks.today, under_its_day=isinstance(group, tuple) and group is not PINNED
        )
        text = shown(conversation.title or looks.drafted(conversation))
        return SidebarRow(text, key, clean_line(conversation.bot, 20) if is_named else "", when)


def _grouped(
    order: ConversationOrder,
    pinned: Sequence[ConversationKey],
    others: Sequence[ConversationKey],
    looks: RowLooks,
    by_bot: ByBot | None,
) -> tuple[list[ConversationKey], list[tuple[_Group, int]]]:
    """Conversations under their headings, and each heading with the number of the first one below it."""
    groups: list[tuple[_Group, int]] = [(PINNED, 0)] if pinned else []
    times, bot_of = order.times, order.listed.bot
    if not looks.by_chatbot:
        ordered = [*pinned, *others]
        return ordered, groups + _days(ordered, times, len(pinned), looks.today)
    newest: dict[str, float] = {}
    for key in pinned:
        newest.setdefault(bot_of(key), times[key])
    by_bot = by_chatbot(order.listed, others) if by_bot is None else by_bot
    ordered = [*pinned]
    for bot in sorted(by_bot, key=lambda bot: -max(times[by_bot[bot][0]], newest.get(bot, 0.0))):
        groups.append((bot, len(ordered)))
        ordered += by_bot[bot]
    return ordered, groups


def _days(
    keys: Sequence[ConversationKey], times: Mapping[ConversationKey, float], first: int, today: date
) -> list[tuple[_Group, int]]:
    """The days of conversations from a number on, the newest first, each with the number of its first one."""
    this_day = (today.year, today.month, today.day)  # a clock that was ahead makes no day of its own
    found: list[tuple[_Group, int]] = []
    while first < len(keys):
        day = min(localtime(times[keys[first]])[:3], this_day)
        found.append((day, first))
        midnight = mktime((*day, 0, 0, 0, 0, 0, -1))
        if localtime(midnight)[:3] == day:
            first = bisect_right(keys, -midnight, lo=first, key=lambda key: -times[key])
        else:  # where the clocks went forward at midnight
            first = bisect_left(keys, True, lo=first, key=partial(_is_before, day, times))
    return found


def _is_before(day: tuple[int, ...], times: Mapping[ConversationKey, float], key: ConversationKey) -> bool:
    return localtime(times[key])[:3] < day


def _when(at: float, today: date, *, under_its_day: bool) -> str:
    """A time of today or under its day's heading, else a weekday of the last week, a date or a year."""
    year, month, day, hour, minute, *_ = localtime(at)
    if under_its_day or (age := (today - (on := date(year, month, day))).days) <= 0:
        return f"{hour:02}:{minute:02}"
    if age < 7:
        return f"{on:%a}"
    return short_day(on, today) if year == today.year else f"{year}"


def _heading(group: _Group, today: date, bot_names: Mapping[str, str]) -> str:
    if group is PINNED:
        return "Pinned"
    if isinstance(group, str):
        return bot_names.get(group) or clean_line(group, 40)
    year, month, day = group
    return day_name(date(year, month, day), today)

"""The order in which conversations stand in the sidebar, and under which headings."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from functools import lru_cache
from time import localtime
from types import MappingProxyType
from typing import NamedTuple

from userdesk.domain.conversation import NO_KEY, UNTITLED, Conversation, ConversationKey
from userdesk.domain.days import day_name, short_day
from userdesk.domain.safe_text import clean_line
from userdesk.domain.text_folding import fold_letters
from userdesk.domain.verdict import JudgedConversations, split_filter

_Group = str | tuple[int, ...]
"""What stands under one heading: the pinned ones, those of a chatbot, those of a day."""
PINNED: _Group = ()
NO_DRAFTS: Mapping[ConversationKey, str] = MappingProxyType({})


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
    """A title as one safe line, at most 120 characters long."""
    return clean_line(title, 120) or UNTITLED


def build_rows(
    conversations: Iterable[Conversation],
    recency: Mapping[ConversationKey, float],
    today: date,
    *,
    bot_names: Mapping[str, str],
    drafts: Mapping[ConversationKey, str] = NO_DRAFTS,
    wanted: str = "",
    judged: JudgedConversations | None = None,
    by_chatbot: bool = False,
    usual_bot: str = "",
) -> list[SidebarRow]:
    """Pinned ones first, then newest activity first under a heading a day, or a chatbot.

    `recency` gives seconds since the epoch by key; `drafts` the first words of what is unsent, for those
    without a title; `wanted` leaves only conversations whose title and chatbot contain all its words, and
    which have a judged answer of its kinds, as far as `judged` knows; conversations of `usual_bot` need no
    name beside their title.
    """
    text, kinds = split_filter(wanted)
    words = fold_letters(text).split()
    chosen = [
        # What no file knows yet was begun just now; `created` is kept to the second, rounded down.
        (recency.get(c.key, c.created.timestamp() + 1), c)
        for c in conversations
        if not words or _has_all(words, f"{title_of(c)} {c.bot} {bot_names.get(c.bot, '')}")
        if not kinds or judged is None or any(kinds <= each for each in judged.get(c.key, ()))
    ]
    newest: dict[str, float] = {}
    if by_chatbot:
        for at, c in chosen:
            newest[c.bot] = max(at, newest.get(c.bot, at))
    chosen.sort(key=lambda pair: (not pair[1].pinned, -newest.get(pair[1].bot, 0.0), -pair[0]))
    # Names beside all titles would leave room for neither.
    tags = {c.bot: clean_line(c.bot, 20) for _, c in chosen if c.bot != usual_bot}
    rows: list[SidebarRow] = []
    this_day = (today.year, today.month, today.day)  # a clock that was ahead makes no day of its own
    last: _Group | None = None
    for at, c in chosen:
        group: _Group = PINNED if c.pinned else c.bot if by_chatbot else min(localtime(at)[:3], this_day)
        if group != last:
            last = group
            rows.append(SidebarRow(_heading(group, today, bot_names)))
        tag = "" if by_chatbot and not c.pinned else tags.get(c.bot, "")
        when = _when(at, today, under_its_day=isinstance(group, tuple) and group is not PINNED)
        rows.append(SidebarRow(shown(drafts.get(c.key) or c.title), c.key, tag, when))
    return rows or [SidebarRow("No matches")] if words or kinds else rows


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


def _has_all(words: Iterable[str], text: str) -> bool:
    text = fold_letters(text)
    return all(word in text for word in words)

"""The order in which conversations stand in the sidebar, and under which headings."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from userdesk.domain.conversation import UNTITLED, Conversation
from userdesk.domain.safe_text import clean_line


class Mark(Enum):
    """What a conversation's mark column says; of several, the first in this order is shown."""

    STREAMING = "streaming"
    FAILED = "failed"
    UNREAD = "unread"
    DRAFT = "draft"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One line of the sidebar: a heading, or a conversation by its key."""

    text: str
    key: str = ""
    pinned: bool = False
    bot: str = ""
    """The chatbot's name, where it is another than that of most conversations."""

    @property
    def is_heading(self) -> bool:
        """Whether it cannot be chosen."""
        return not self.key


def title_of(conversation: Conversation) -> str:
    """The title as it is shown: one safe line."""
    return clean_line(conversation.title, 120) or UNTITLED


def arrange(
    conversations: Iterable[Conversation],
    recency: Mapping[str, float],
    today: date,
    *,
    bot_names: Mapping[str, str],
    wanted: str = "",
) -> list[ShelfRow]:
    """Pinned ones first, then newest activity first under a heading a day.

    `recency` gives seconds since the epoch by key; `wanted` leaves only titles that contain all its words.
    """
    words = wanted.casefold().split()
    chosen = [
        # What no file knows yet was begun just now; `created` is kept to the second, rounded down.
        (recency.get(c.key, c.created.timestamp() + 1), c)
        for c in conversations
        if all(word in title_of(c).casefold() for word in words)
    ]
    chosen.sort(key=lambda pair: (not pair[1].pinned, -pair[0]))
    # Names beside all titles would leave room for neither.
    usual = Counter(c.bot for _, c in chosen).most_common(1)
    rows: list[ShelfRow] = []
    heading = None
    for at, conversation in chosen:
        group = (
            "Pinned"
            if conversation.pinned
            else day_name(datetime.fromtimestamp(at).astimezone().date(), today)
        )
        if group != heading:
            heading = group
            rows.append(ShelfRow(group))
        name = bot_names.get(conversation.bot, clean_line(conversation.bot, 20))
        bot = "" if conversation.bot == usual[0][0] else name
        rows.append(ShelfRow(title_of(conversation), conversation.key, conversation.pinned, bot))
    return rows


def day_name(day: date, today: date) -> str:
    """A day as a heading: Today, Yesterday, a weekday within the week, else the date."""
    age = (today - day).days
    if age <= 0:
        return "Today"
    if age == 1:
        return "Yesterday"
    if day > today - timedelta(days=7):
        return f"{day:%A}"
    return f"{day:%-d %B}" if day.year == today.year else f"{day:%-d %B %Y}"

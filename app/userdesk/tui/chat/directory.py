"""All conversations as the sidebar and the switcher list them: order, headings, marks."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from heapq import nlargest

from userdesk.chat import ChatService
from userdesk.domain.conversation import Conversation, ConversationKey, title_from
from userdesk.domain.safe_text import clean_line
from userdesk.domain.text_folding import fold_letters
from userdesk.domain.verdict import split_filter
from userdesk.store.index.entry_list import EntryList
from userdesk.tui.chat.drafts import DraftsController
from userdesk.tui.chat.state import ChatState
from userdesk.tui.sidebar.order import MANY, ConversationOrder, Listed, Sections, by_chatbot
from userdesk.tui.sidebar.rows import Mark, RowLooks, SidebarRows, title_of
from userdesk.tui.sidebar.title_filter import FoldedTitles, Narrowing, Wanted

AT_ONCE = 0.001
"""Seconds for which titles are looked through at each key; several keys may have come together."""
SLICE = 0.006
"""Seconds for which the others are looked through between two chances of keys to act."""
PAUSE = 0.001  # s between two slices
GROUPED_ANEW = 3  # times, where conversations change meanwhile; then all are looked at as they are shown
STEP = 4096
"""Conversations that are put under their chatbots between two chances of keys to act."""
FRESH = 200
"""Conversations in which something happened that are told of at most, the newest ones."""


def nothing() -> ConversationOrder:
    """The order of no conversation."""
    return ConversationOrder(Listed(EntryList()))


@dataclass(eq=False, repr=False)
class ConversationDirectory:
    """Saved conversations, and new ones still in memory."""

    _service: ChatService
    _state: ChatState
    _drafts: DraftsController
    _usual_bot: str = ""
    """The chatbot whose name need not stand beside titles."""
    _order: ConversationOrder = field(default_factory=nothing, init=False)
    _made: ConversationOrder | None = field(default=None, init=False)
    """An order that a thread made, not in use yet."""
    _late: dict[ConversationKey, float] = field(default_factory=dict, init=False)
    """What happened since the transcripts were looked at last, which may have been before it."""
    _fresh: list[ConversationKey] = field(default_factory=list, init=False)
    _rows: tuple[object, SidebarRows] | None = field(default=None, init=False)
    """The lines of everything, with what they were made of."""
    _filtered: tuple[object, SidebarRows] | None = field(default=None, init=False)
    """The lines that a filter left last, with what they were made of."""
    _titles: FoldedTitles = field(default_factory=FoldedTitles, init=False)
    _narrowing: tuple[object, Narrowing] | None = field(default=None, init=False)
    """The look for what the filter leaves, with what is looked through."""
    _due: asyncio.TimerHandle | None = field(default=None, init=False)

    @property
    def times(self) -> Mapping[ConversationKey, float]:
        """When something last happened in each conversation (s since 1970), as far as a file knows of it.

        Read once, then kept up by what this program does.
        """
        return (self._made or self._order).times

    def refresh_times(self) -> bool:
        """Look at every transcript; whether anything happened that was not known. Blocks on the disk.

        The order is made here as well where there are many times or another list, so that the event loop
        need not.
        """
        self._late = {}
        times, listed = self._service.store.recencies(), Listed(self._service.store.entries)
        known = self.times.get
        news = nlargest(FRESH, (key for key, at in times.items() if known(key) != at), key=times.__getitem__)
        changed = listed.changed_since(self._order.listed)
        if news or changed is None or len(changed) > MANY:
            self._fresh = [*news, *self._fresh]
            self._made = ConversationOrder(listed, times, by_bot=self._state.by_chatbot)
        return bool(news)

    def take_fresh(self) -> set[ConversationKey]:
        """The conversations in which something happened last that was not known, since the last call."""
        taken, self._fresh = self._fresh, []
        return set(taken[:FRESH])

    def happened(self, key: ConversationKey) -> None:
        """Something was written to a conversation: look at its transcript."""
        if conversation := self._service.store.get(key):
            at = self._late[key] = self._service.store.recency(conversation).timestamp()
            self._ordered().happened(key, at)

    @property
    def current(self) -> Conversation | None:
        """The conversation on the screen."""
        return self._service.conversation(self._state.current) if self._state.current else None

    @property
    def listed(self) -> Listed:
        """All of them, of which nothing is made before it is asked for."""
        return Listed(self._service.store.entries, self._service.newer(), self._service.leaving)

    def all(self) -> list[Conversation]:
        """All of them, in no order: takes its time and memory where they are many."""
        saved = self._service.saved()
        if newer := self._service.newer():  # what waits for the disk is newer than what is on it
            saved = [each for each in saved if each.key not in newer] + [*newer.values()]
        return saved

    def __len__(self) -> int:
        return len(self._ordered())

    def __bool__(self) -> bool:
        return True  # it is there, whatever it holds

    def title(self, key: ConversationKey) -> str:
        """A conversation's title as it is shown; empty for one that is not there."""
        conversation = self._service.conversation(key)
        return title_of(conversation) if conversation else ""

    def bot_of(self, key: ConversationKey) -> str:
        """What the configuration calls a conversation's chatbot; empty for one that is not there."""
        conversation = self._service.conversation(key)
        return conversation.bot if conversation else ""

    def shown_name(self, bot: str) -> str:
        """A chatbot's name as it is shown: one safe line."""
        return clean_line(self.chatbot_name(bot), 40)

    def chatbot_name(self, bot: str) -> str:
        """A chatbot's name as it was given; what the configuration calls it where it is not there."""
        chatbot = self._service.registry.get(bot)
        return chatbot.name if chatbot else bot

    def rows(self) -> SidebarRows:
        """The sidebar's lines; while a filter is still looked for, those that were there before."""
        order, looks = self._ordered(), self._looks()
        wanted = self._state.filter.strip()
        if not wanted:
            self._narrowing = self._filtered = None
            self._titles.forget()
            return self._all_rows(order, looks)
        text, kinds = split_filter(wanted)
        asked = Wanted(tuple(fold_letters(text).split()), kinds, self._state.judged if kinds else None)
        narrowing = self._narrow(order, looks, asked)
        if not narrowing.go_on(AT_ONCE):
            self._go_on_soon()
            return self._filtered[1] if self._filtered else self._all_rows(order, looks)
        made_of = narrowing, looks, wanted
        if self._filtered is None or self._filtered[0] != made_of:
            rows = SidebarRows(order, looks, narrowing.left, wanted, by_bot=narrowing.by_bot)
            self._filtered = made_of, rows
        return self._filtered[1]

    def order(self) -> list[ConversationKey]:
        """The keys in the sidebar's order, whatever is filtered."""
        return self._all_rows(self._ordered(), self._looks()).keys

    async def group(self) -> None:
        """Put all conversations under their chatbots, in slices, before they are shown so."""
        for _ in range(GROUPED_ANEW):
            order, found = self._ordered(), dict[str, list[ConversationKey]]()
            if order.by_bot is not None:
                return
            version, others = order.version, order.sections[1]
            for begin in range(0, len(others), STEP):
                by_chatbot(order.listed, others[begin : begin + STEP], found)
                await asyncio.sleep(PAUSE)
                if self._ordered() is not order or order.version is not version:
                    break
            else:
                order.take_by_bot(found)
                return

    def _ordered(self) -> ConversationOrder:
        """The order as it is now: what changed since the last time is put in its place."""
        listed = self.listed
        if self._made is not None:
            self._order, self._made = self._made, None
            for key, at in self._late.items():
                self._order.happened(key, at)
            self._titles.forget()
        changed = listed.changed_since(self._order.listed)
        if changed is None:
            grouped = self._order.by_bot is not None
            self._order = ConversationOrder(listed, self._order.times, by_bot=grouped)
            self._titles.forget()
        else:
            self._order.update(listed, changed)
            self._titles.forget(changed)
        return self._order

    def _looks(self) -> RowLooks:
        names = {chatbot.config_name: clean_line(chatbot.name, 40) for chatbot in self._service.registry}
        return RowLooks(date.today(), names, self._usual_bot, self._state.by_chatbot, self._drafted)

    def _drafted(self, conversation: Conversation) -> str:
        """The first words of what is unsent in a conversation that is not on the screen."""
        key = conversation.key
        return (
            title_from(self._drafts.get(key)) if key != self._state.current and self._drafts.has(key) else ""
        )

    def _all_rows(self, order: ConversationOrder, looks: RowLooks) -> SidebarRows:
        made_of = order.version, looks
        if self._rows is None or self._rows[0] != made_of:
            self._rows = made_of, SidebarRows(order, looks)
        return self._rows[1]

    def _narrow(self, order: ConversationOrder, looks: RowLooks, asked: Wanted) -> Narrowing:
        """The look for what a filter leaves: the one under way, or one among what the filter before left."""
        self._titles.made_of(looks.bot_names)
        looked_through = order.version, looks.bot_names, looks.by_chatbot
        candidates: Sections = order.sections
        if self._narrowing and self._narrowing[0] == looked_through:
            before = self._narrowing[1]
            if before.wanted == asked:
                return before
            if before.is_done and asked.narrows(before.wanted):
                candidates = before.left
        narrowing = Narrowing(order.listed, candidates, asked, self._titles, by_bot=looks.by_chatbot)
        self._narrowing = looked_through, narrowing
        return narrowing

    def _go_on_soon(self) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(PAUSE, self._go_on)

    def _go_on(self) -> None:
        self._due = None
        if self._narrowing and not self._narrowing[1].is_done:
            if self._narrowing[1].go_on(SLICE):
                self._state.changed()
            else:
                self._go_on_soon()

    def most_recent(self, bot: str | None) -> Conversation | None:
        """The conversation that had the newest activity, of one chatbot or of all that are configured."""
        order, entries = self._ordered(), self._service.store.entries
        firsts = [
            next((key for key in section if self._may_come(entries, key, bot)), None)
            for section in order.sections
        ]
        newest = max(filter(None, firsts), default=None, key=order.times.__getitem__)
        return entries.conversation(newest) if newest else None

    def _may_come(self, entries: EntryList, key: ConversationKey, bot: str | None) -> bool:
        if key not in entries or (bot is not None and entries.bot(key) != bot):
            return False
        conversation = entries.conversation(key)
        return conversation is not None and self._service.registry.for_conversation(conversation) is not None

    def mark_of(self, key: ConversationKey) -> Mark:
        """The mark before a conversation's title."""
        if self._service.turns(key):
            return Mark.STREAMING
        if key in self._state.failed:
            return Mark.FAILED
        if key in self._state.unread:
            return Mark.UNREAD
        if key != self._state.current and self._drafts.has(key):
            return Mark.DRAFT
        return Mark.NONE

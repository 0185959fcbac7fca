"""The switcher: type what a title or any message says, Enter opens the conversation there."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from userdesk.domain.conversation import NO_KEY, Conversation, ConversationKey
from userdesk.domain.verdict import FILTERS, NO_KINDS, Kinds, split_filter
from userdesk.store import Store
from userdesk.store.search.judged import find_judged
from userdesk.store.search.query import SearchQuery
from userdesk.store.search.search import LIMIT, Finding, MessageSearch
from userdesk.tui.dialogs.dialog import CHOOSING, Dialog, keys_line
from userdesk.tui.switcher.index import SwitcherIndex
from userdesk.tui.switcher.result_list import ResultList, ResultRow
from userdesk.tui.widgets.field import Field

_ASK = "Search titles and messages"
_SEARCHING = "searching"
_Found = TypeVar("_Found")
_TELL_EVERY = 0.5  # s between two looks at how much is in the index


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen."""

    key: ConversationKey
    index: int | None = None
    """The message, where one was."""
    words: str = ""
    """What was looked for in it."""


class SwitcherScreen(Dialog[Chosen]):
    """Finds a conversation by its title, or a message of any by what it says; results come as one types."""

    BINDINGS: ClassVar[list[BindingType]] = CHOOSING

    def __init__(
        self,
        store: Store,
        conversations: Callable[[], list[Conversation]],
        names: Mapping[str, str],
        *,
        only_bot: str = "",
        current: ConversationKey = NO_KEY,
        previous: ConversationKey = NO_KEY,
        times: Callable[[], Mapping[ConversationKey, float]] | None = None,
        indexed: Callable[[], int | None] = lambda: None,
    ) -> None:
        """`names` are the chatbots', by what the configuration calls them; `only_bot` leaves its own.

        `current` is the conversation on the screen, `previous` the one before it: Enter goes back to that.
        `times` are when something last happened in each, in seconds since 1970; by default the store looks.
        `indexed` says how much of the messages is in the search index, in percent, while it is being built.
        """
        super().__init__()
        self._store = store
        self._all = conversations
        self._only_bot = only_bot
        self._current = current
        self._previous = previous
        self._times = times or store.recencies
        self._indexed = indexed
        self._conversations: list[Conversation] = []
        self._names = names
        self._index: asyncio.Task[SwitcherIndex] | None = None
        self._search = MessageSearch(store.folder.path)
        self._is_current = False
        """Whether the rows shown are those of what stands in the field."""
        self._enter_waits = False
        self._words = ""
        """What is looked for in messages."""
        self._said = ""
        """What is known of the search."""
        self._told: str | None = None
        """What the line of keys says of it."""
        # What the user thinks of answers is not for an audience.
        self._also = "" if only_bot else f" · {' '.join(FILTERS)}"
        self._field = Field(placeholder=_ASK, compact=True)
        self._results = ResultList(id="results")
        self._keys = Static("", classes="dialog-keys")

    def compose(self) -> ComposeResult:
        """The field over the results."""
        with Vertical(classes="dialog", id="switcher"):
            yield Static("Switch to a conversation", classes="dialog-title")
            yield self._field
            yield self._results
            yield self._keys

    def on_mount(self) -> None:
        """Everything, the most recent first; not before the screen is drawn: both would share a processor."""
        self._results.empty_words = "Searching…"
        self._tell(_SEARCHING)
        self.call_after_refresh(self._begin)
        self.set_interval(_TELL_EVERY, lambda: self._tell(self._said))

    def _begin(self) -> None:
        if not self._field.value:  # what was typed meanwhile is looked for already
            self._look_for("")

    def on_unmount(self) -> None:
        """Let go of what there is of each conversation: a closed screen stays until garbage is looked for."""
        self._index, self._conversations, self._results.rows = None, [], []
        self._search = MessageSearch(self._store.folder.path)

    def on_resize(self) -> None:
        """Name the filters where there is room for all."""
        self.call_after_refresh(self._ask)

    def _ask(self) -> None:
        whole = _ASK + self._also
        self._field.placeholder = whole if len(whole) < self._field.content_size.width else _ASK

    # searching

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Results as one types."""
        event.stop()
        self._enter_waits = False
        self._look_for(event.value)

    def _look_for(self, typed: str) -> None:
        self._is_current = False
        self._results.empty_words = "Searching…"
        self._tell(_SEARCHING)
        words, kinds = ("", NO_KINDS) if self._only_bot else split_filter(typed)
        self._words = words if kinds else typed
        self._find(SearchQuery(self._words), kinds)

    @work(exclusive=True, group="search", exit_on_error=False)
    async def _find(self, wanted: SearchQuery, kinds: Kinds) -> None:
        """Search, until a new search cancels this one."""
        with suppress(asyncio.CancelledError):  # the worker would keep it, and with its traceback all rows
            await self._search_all(wanted, kinds)

    async def _search_all(self, wanted: SearchQuery, kinds: Kinds) -> None:
        """Titles first, then messages as they are found; judged answers alone where such are asked for."""
        index = await self._newest_index()
        titles = [] if kinds else await _through(index.titles(wanted), [])
        messages = 0
        self._take(titles)
        slices = (
            find_judged(self._store, wanted, kinds, index.keys)
            if kinds
            else self._search.find(wanted, index.keys)
        )
        while (looked := await asyncio.to_thread(_next_rows, slices, index)) is not None:
            messages += looked[0]
            self._take(looked[1])
        self._enter_waits = False
        if not self._is_current:
            self._is_current = True
            self._results.show([])
        self._results.empty_words = "No matches" if wanted or kinds else "No conversations yet"
        if kinds:
            self._tell(_counted_messages(messages, "answer"))
        elif wanted:
            self._tell(_counted(len(titles), messages))
        else:
            self._tell("")
            await _through(self._search.read_ahead(index.keys), True)

    async def _newest_index(self) -> SwitcherIndex:
        """The conversations as they are now, made ready to look through once, whatever is typed meanwhile."""
        await asyncio.to_thread(self._store.conversations)  # they are made then, which takes a while
        conversations = [c for c in self._all() if self._only_bot in ("", c.bot)]
        if self._index is None or conversations != self._conversations:  # other windows begin some too
            self._conversations = conversations
            self._index = asyncio.create_task(
                asyncio.to_thread(
                    lambda: SwitcherIndex(conversations, self._times(), self._names, date.today())
                )
            )
        return await asyncio.shield(self._index)

    def _take(self, rows: list[ResultRow]) -> None:
        # What was found before stays until there is something newer: a list emptied at each key flickers.
        if not rows:
            return
        if self._is_current:
            self._results.add(rows)
            return
        self._is_current = True
        self._results.show(rows, None if self._field.value.strip() else self._way_back(rows))
        if self._enter_waits:
            self._choose(self._results.chosen())

    def _way_back(self, rows: list[ResultRow]) -> int | None:
        """The row of the conversation before this one, else of the newest other one."""
        keys = [row.key for row in rows]
        if self._previous in keys:
            return keys.index(self._previous)
        return next((at for at, key in enumerate(keys) if key != self._current), None)

    def _tell(self, words: str) -> None:
        self._said = words
        if (percent := self._indexed()) is not None and percent < 100:
            words = f"{words} · index {percent} %" if words else f"index {percent} %"
        elif words == _SEARCHING:
            words = ""  # it is over before that could be read
        if words == self._told:
            return
        self._told = words
        keys = keys_line(("Enter", "open"), ("↑↓", "choose"), ("Esc", "close"))
        self._keys.update(Content.assemble(keys, f"   {words}") if words else keys, layout=False)

    # choosing

    def action_move(self, direction: int) -> None:
        """Choose while the field keeps the keys."""
        self._results.move(direction, round_ends=True)

    def action_page(self, direction: int) -> None:
        """A page of results."""
        self._results.move(direction * max(1, self._results.size.height - 1))

    @on(Input.Submitted)
    def submitted(self) -> None:
        """Enter opens what is chosen; typed ahead of the results, it waits for them."""
        if self._is_current:
            self._choose(self._results.chosen())
        else:
            self._enter_waits = True

    @on(ResultList.Chosen)
    def clicked(self, event: ResultList.Chosen) -> None:
        """A click opens."""
        self._choose(event.row)

    def _choose(self, row: ResultRow | None) -> None:
        if row is not None:
            words = self._words if row.index is not None else ""
            self.dismiss(Chosen(row.key, row.index, words))


async def _through(slices: Iterator[_Found | None], nothing: _Found) -> _Found:
    """What comes after slices of None, each taken in a thread; who gives up takes no further one."""
    while (found := await asyncio.to_thread(next, slices, nothing)) is None:
        pass
    return found


def _next_rows(slices: Iterator[list[Finding]], index: SwitcherIndex) -> tuple[int, list[ResultRow]] | None:
    """How many messages a slice of searching found, and their rows; None at the end. Takes its time."""
    found = next(slices, None)
    return None if found is None else (sum(len(each.passages) for each in found), index.messages(found))


def _counted(titles: int, messages: int) -> str:
    of_titles = "1 title" if titles == 1 else f"{titles} titles"
    return f"{of_titles}, {_counted_messages(messages, 'message')}"


def _counted_messages(count: int, what: str) -> str:
    if count >= LIMIT:
        return f"the newest {LIMIT} {what}s"
    return f"1 {what}" if count == 1 else f"{count} {what}s"

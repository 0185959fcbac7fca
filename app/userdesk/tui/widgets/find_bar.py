"""The find bar over the log: looks for words in the conversation on the screen and shows each place."""

import asyncio
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from userdesk.store.search.query import SearchQuery
from userdesk.tui.message_log.log_view import PAUSE
from userdesk.tui.message_log.matches import Match
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.widgets.field import Field

TOLD_EVERY = 10  # slices


class FindBar(Horizontal):
    """One row. The newest match is shown first; Enter goes to the next one, round the ends."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "go(1)", show=False, priority=True),
        Binding("up,shift+enter", "go(-1)", show=False, priority=True),
    ]

    def __init__(self, log: MessageLog, *, id: str | None = None) -> None:
        self.field = Field(id="find-field", compact=True)
        self._count = Static("", id="find-count", markup=False)
        super().__init__(Static("Find ", classes="find-label", markup=False), self.field, self._count, id=id)
        self._log = log
        self._matches: list[Match] = []
        """The newest first."""
        self._at = 0
        self._is_looking = False

    async def close(self) -> None:
        """Go, and take the marks along."""
        await self.remove()
        self._log.highlight(None)

    def look_again(self) -> None:
        """Another conversation came: look for the same in it."""
        self._look_for(self.field.value)

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Look as one types."""
        event.stop()
        self._look_for(event.value)

    @work(group="find", exclusive=True, exit_on_error=False)
    async def _look_for(self, words: str) -> None:
        """Look for a phrase, and where nothing has it for its words; the newest match is shown first."""
        query, log = SearchQuery(words), self._log
        self._matches, self._at, self._is_looking = [], 0, bool(query)
        log.highlight(None)
        for spans_of in (query.phrase_spans, query.spans)[: len(query.words)]:
            log.highlight(spans_of)
            if log.view is None:
                break
            for number, found in enumerate(log.matches(query, spans_of)):
                is_first = found and not self._matches
                self._matches += found
                if is_first:
                    log.show_match(self._matches[0])
                if is_first or not number % TOLD_EVERY:
                    self._tell()
                await asyncio.sleep(PAUSE)
            if self._matches:
                break
        self._is_looking = False
        self._tell(bool(query))

    def action_go(self, direction: int) -> None:
        """To the match before or after, round the ends."""
        if self._matches:
            self._at = (self._at - direction) % len(self._matches)
            self._log.show_match(self._matches[self._at])
            self._tell()

    def _tell(self, looked: bool = True) -> None:
        count = len(self._matches)
        words = f"{count - self._at} of {count}" if count else "no matches" if looked else ""
        if self._is_looking:
            words = f"{words}…" if count else "…"
        self._count.update(words)

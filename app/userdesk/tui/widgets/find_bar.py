"""The find bar over the log: looks for words in the conversation on the screen and shows each place."""

import asyncio
from bisect import bisect_left
from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static
from textual.worker import Worker

from userdesk.store.search.query import SearchQuery
from userdesk.tui.message_log.log_view import PAUSE
from userdesk.tui.message_log.matches import Match, SpansOf
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.widgets.field import Field

TOLD_EVERY = 10  # slices


def _newest_first(match: Match) -> tuple[int, ...]:
    return -match.bubble, -match.line, -match.start


class FindBar(Horizontal):
    """One row. The newest match is shown first; Enter goes to the next one, round the ends."""

    AGAIN_EVERY: ClassVar = 1.0
    """Seconds between two looks for what came meanwhile."""
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
        self._query = SearchQuery("")
        self._ways: Sequence[SpansOf] = ()
        """How the words are looked for, in turn until one finds something."""
        self._is_looking = False
        """Whether the conversation was not yet looked through to its beginning."""
        self._looker: Worker[None] | None = None
        self._progress = 0, 0, 0
        """How far the conversation had come when the last look began."""

    def on_mount(self) -> None:
        """Look through what comes, too."""
        self.set_interval(self.AGAIN_EVERY, self._look_on)

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

    def _look_for(self, words: str) -> None:
        query = self._query = SearchQuery(words)
        self._ways = (query.phrase_spans, query.spans)[: len(query.words)]
        self._matches, self._at, self._is_looking, self._progress = [], 0, bool(query), (0, 0, 0)
        self._log.highlight(None)
        self._looker = self._look()

    def _look_on(self) -> None:
        view, looker = self._log.view, self._looker
        if view is not None and looker and looker.is_finished and view.progress != self._progress:
            self._looker = self._look()

    @work(group="find", exclusive=True, exit_on_error=False)
    async def _look(self) -> None:
        """Look for a phrase, and where nothing has it for its words, in what came since the last look."""
        if (view := self._log.view) is None:
            return
        first, self._progress = self._progress[0], view.progress
        for spans_of in self._ways:
            if not self._matches:
                self._log.highlight(spans_of)
            await self._look_through(spans_of, first)
            if self._matches:
                self._ways = (spans_of,)
                break
        self._is_looking = False
        self._tell()

    async def _look_through(self, spans_of: SpansOf, first: int) -> None:
        found = list[Match]()
        for number, part in enumerate(self._log.matches(self._query, spans_of, first)):
            found += part
            if self._is_looking and (not number % TOLD_EVERY or (found and not self._matches)):
                self._take(found)
            await asyncio.sleep(PAUSE)
        earlier = bisect_left(self._matches, 1 - first, key=lambda match: -match.bubble)
        self._take(found + self._matches[earlier:])

    def _take(self, matches: list[Match]) -> None:
        """These are the matches now; the one that is shown stays so, else the newest is shown."""
        if self._matches:
            at = bisect_left(matches, _newest_first(self._matches[self._at]), key=_newest_first)
            self._at = max(0, min(at, len(matches) - 1))
        elif matches:
            self._log.show_match(matches[0])
        self._matches = matches
        self._tell()

    def action_go(self, direction: int) -> None:
        """To the match before or after; round the ends as soon as both are known."""
        at, count = self._at - direction, len(self._matches)
        if count and (0 <= at < count or not self._is_looking):
            self._at = at % count
            self._log.show_match(self._matches[self._at])
            self._tell()

    def _tell(self) -> None:
        count = len(self._matches)
        without = "" if self._is_looking or not self._ways else "no matches"
        words = f"{count - self._at} of {count}" if count else without
        self._count.update(f"{words}…" if self._is_looking else words)

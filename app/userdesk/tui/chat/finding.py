"""Find in the conversation on the screen: every place highlighted, next, previous, count."""

import asyncio

from textual import on, work

from userdesk.store.search.query import SearchQuery
from userdesk.tui.chat.chat_parts import ChatParts
from userdesk.tui.message_log.matches import Match, matches
from userdesk.tui.widgets.find_bar import FindBar


class FindActions(ChatParts):
    """The find bar's life."""

    _matches: tuple[Match, ...] = ()
    """The newest first."""
    _at = 0
    _looking = False
    find_bar: FindBar | None = None
    """The find bar while it is open."""

    async def action_find(self) -> None:
        """Open the find bar, or go to it."""
        bar = self.find_bar
        if bar is None:
            bar = self.find_bar = FindBar(id="find")
            await self.main.mount(bar, before=self.log_area)
        bar.field.focus()

    async def close_find(self) -> bool:
        """Close the find bar; whether there was one."""
        if self.find_bar is None:
            return False
        bar, self.find_bar = self.find_bar, None
        self.input_bar.focus()
        self.workers.cancel_group(self, "find")
        await bar.remove()
        self._matches = ()
        self.log_view.highlight(None)
        return True

    def find_anew(self) -> None:
        """Another conversation came: look for the same in it."""
        if self.find_bar:
            self.look_for(self.find_bar.field.value)

    @on(FindBar.Changed)
    def find_changed(self, event: FindBar.Changed) -> None:
        """Look for something else."""
        self.look_for(event.words)

    @work(group="find", exclusive=True, exit_on_error=False)
    async def look_for(self, words: str) -> None:
        """Look for a phrase, and where nothing has it for its words; the newest match is shown first."""
        wanted = SearchQuery(words)
        self._matches, self._at, self._looking = (), 0, bool(wanted)
        self.log_view.highlight(None)
        for spans_of in (wanted.phrase_spans, wanted.spans)[: len(wanted.words)]:
            self.log_view.highlight(spans_of)
            view = self.board.view(self.board.current)
            slices = matches(view, wanted, spans_of, self.log_view.text_width)
            while (found := await asyncio.to_thread(next, slices, None)) is not None:
                first = found and not self._matches
                self._matches = (*self._matches, *found)
                if first:
                    self.log_view.show_match(self._matches[0])
                self._tell()
            if self._matches:
                break
        self._looking = False
        self._tell(bool(wanted))

    @on(FindBar.Moved)
    def find_moved(self, event: FindBar.Moved) -> None:
        """The match before or after, round the ends."""
        if self._matches:
            self._at = (self._at - event.direction) % len(self._matches)
            self.log_view.show_match(self._matches[self._at])
            self._tell()

    def _tell(self, looked: bool = True) -> None:
        count = len(self._matches)
        words = f"{count - self._at} of {count}" if count else "no match" if looked else ""
        if self.find_bar:
            self.find_bar.count(f"{words}…" if self._looking and count else "" if self._looking else words)

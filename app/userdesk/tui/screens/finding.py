"""Find in the conversation on the screen: matches highlighted, next, previous, count."""

import asyncio

from textual import on, work
from textual.widgets import Input

from userdesk.tui.find_bar import FindBar
from userdesk.tui.log.feed import Feed
from userdesk.tui.screens.chat_parts import ChatParts


class FindActions(ChatParts):
    """The find bar's life."""

    _found: list[int] = []  # noqa: RUF012  # replaced, never changed
    """Indices of the messages that hold what is looked for."""
    _at = -1

    async def action_find(self) -> None:
        """Open the find bar, or go to it."""
        bars = self.query(FindBar)
        if not bars:
            await self.query_one("#main").mount(FindBar(id="find"), before="#log-area")
        self.query_one("#find-field", Input).focus()

    async def close_find(self) -> bool:
        """Close the find bar; whether there was one."""
        bars = self.query(FindBar)
        if not bars:
            return False
        self.input_bar.focus()
        await bars.remove()
        self._found, self._at = [], -1
        self.log_view.highlight("")
        return True

    @on(FindBar.Changed)
    def find_changed(self, event: FindBar.Changed) -> None:
        """Look for something else."""
        self.look_for(event.words)

    @work(exclusive=True, group="find", exit_on_error=False)
    async def look_for(self, words: str) -> None:
        """Search off the event loop; the newest match is shown first."""
        self.log_view.highlight(words)
        self._found = await asyncio.to_thread(matching, self.board.feed(self.board.current), words)
        self._at = len(self._found)
        self._step(-1)

    @on(FindBar.Moved)
    def find_moved(self, event: FindBar.Moved) -> None:
        """The match before or after, round the ends."""
        self._step(event.direction)

    def _step(self, direction: int) -> None:
        bars = self.query(FindBar)
        if not bars:
            return
        if not self._found:
            bars.first().count("no match")
            return
        self._at = (self._at + direction) % len(self._found)
        self.log_view.show_match(self._found[self._at])
        bars.first().count(f"{self._at + 1} of {len(self._found)} messages")


def matching(feed: Feed, words: str) -> list[int]:
    """The indices of the messages whose text holds some words, upper and lower case alike."""
    wanted = words.casefold()
    if not wanted.strip():
        return []
    return [index for index in range(len(feed)) if wanted in feed.entry(index).text.casefold()]

"""Selecting with the mouse: from text to text in view, within one widget."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from textual import events
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from userdesk.domain.message import Message, Role, now
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.terminal.selecting import SelectingScreen

ANSWER = "- one\n- two\n\nlast"
ROWS = ["", "earlier 19", "", "• one", "• two", "", "last", ""]
"""What stands in the rows of the log: it begins in the second one of the screen."""
TITLE, EARLIER, ONE, TWO, GAP, LAST, BELOW = 0, 2, 4, 5, 6, 7, 9
"""Rows of the screen."""


class Reading(App[None]):
    """The end of a conversation between two rows of text."""

    CSS = "MessageLog { height: 1fr } Gutter { display: none } Static { height: 1 }"

    def get_default_screen(self) -> Screen[None]:
        return SelectingScreen()

    def compose(self) -> ComposeResult:
        yield Static("a title")
        self.log_view = MessageLog()
        yield self.log_view
        yield self.log_view.markers
        yield Static("words below")

    @property
    def rows(self) -> list[str]:
        """What stands in each row of the log."""
        return [self.log_view.render_line(y).text.rstrip() for y in range(self.log_view.size.height)]

    async def drag(self, *cells: tuple[int, int]) -> str:
        """Press at the first cell, move to the others, let go at the last one; the text then selected."""
        self.screen.clear_selection()
        kinds = [events.MouseDown, *[events.MouseMove for _ in cells[1:]], events.MouseUp]
        for kind, (x, y) in zip(kinds, [*cells, cells[-1]], strict=True):
            self.post_message(kind(None, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y))
        done = asyncio.Event()
        self.call_later(self.log_view.call_later, done.set)
        await done.wait()
        return self.screen.get_selected_text() or ""


@contextlib.asynccontextmanager
async def reading() -> AsyncIterator[Reading]:
    app, view = Reading(), ConversationView([])  # type: ignore[arg-type]
    for number in range(20):
        view.add(Message(role=Role.ASSISTANT, text=f"earlier {number}", at=now()))
    view.add(Message(role=Role.ASSISTANT, text=ANSWER, at=now()))
    async with app.run_test(size=(40, 10)):
        app.log_view.show(view)
        assert app.rows == ROWS
        yield app


async def test_what_is_out_of_view_is_not_selected_from_outside() -> None:
    async with reading() as app:
        for x, y in ((2, TITLE), (39, TITLE), (0, EARLIER)):
            assert await app.drag((3, TWO), (5, ONE), (x, y)) == "earlier 19\none\ntw"
        assert await app.drag((4, ONE), (3, TWO), (0, BELOW)) == "e\ntwo\n\nlast"
        app.log_view.scroll_rows(-9)
        last = app.rows[-1] or app.rows[-2]
        assert last == "earlier 17"
        assert (await app.drag((0, 4), (3, BELOW))).endswith(f"\n{last}")


async def test_a_row_without_text_stands_for_the_end_of_the_text_above() -> None:
    async with reading() as app:
        assert await app.drag((4, ONE), (3, GAP)) == "e\ntwo"
        assert await app.drag((1, LAST), (1, GAP)) == "\n\nla"
        assert await app.drag((20, GAP), (1, LAST)) == "\n\nla"
        assert await app.drag((0, EARLIER - 1), (3, EARLIER)) == "earl", "of none above the text below"


async def test_left_of_a_text_is_its_beginning() -> None:
    async with reading() as app:
        assert await app.drag((4, TWO), (0, TWO)) == "two"
        assert await app.drag((0, TWO), (2, TWO)) == "t"


async def test_a_selection_stays_where_it_began() -> None:
    async with reading() as app:
        assert await app.drag((2, TITLE), (3, TWO)) == "title"
        assert await app.drag((2, TITLE), (3, BELOW)) == "title"
        assert await app.drag((6, BELOW), (3, TITLE)) == "words b"


async def test_three_clicks_do_not_select_the_screen() -> None:
    async with reading() as app:
        for _ in range(3):
            await app.drag((3, TWO))
        assert not app.screen.selections

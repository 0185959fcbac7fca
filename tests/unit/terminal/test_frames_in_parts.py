"""On a slow line a frame is drawn in parts, and what is typed comes before the next part of it.

Leans on private parts of Textual: App._driver, App._display.
"""

from math import inf
from typing import Any

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input, Static

from settling import until
from userdesk.tui.terminal.crash_safe_app import CrashSafeApp
from userdesk.tui.terminal.frame_screen import FrameScreen
from userdesk.tui.terminal.frame_writer import PartialFrame

ROWS = 6


class SlowLine(CrashSafeApp):
    """Some rows over a field that is typed in, on a line whose room is set; keeps the frames."""

    CSS = "#rows { height: 6; }"

    def __init__(self) -> None:
        super().__init__()
        self.room = inf
        self.rest = 0.0
        self.drawn: list[list[tuple[int, str]]] = []

    def get_default_screen(self) -> Screen[None]:
        return FrameScreen()

    def compose(self) -> ComposeResult:
        yield Static(id="rows")
        yield Input(select_on_focus=False)

    def on_mount(self) -> None:
        assert self._driver
        self._driver.frame_room = lambda: self.room  # type: ignore[attr-defined]
        self._driver.frame_rest = lambda: self.rest  # type: ignore[attr-defined]
        self.query_one(Input).focus()

    def _display(self, screen: Any, renderable: Any) -> None:
        if isinstance(renderable, PartialFrame):
            self.drawn.append([(y, strip.text.strip()) for _, y, strip in renderable.pieces])
        super()._display(screen, renderable)

    def shows(self, letter: str) -> None:
        words = "\n".join(f"{letter}{row}" for row in range(ROWS))
        self.query_one("#rows", Static).update(words, layout=False)

    def rows_drawn(self) -> list[str]:
        return [text for frame in self.drawn for y, text in frame if y < ROWS]


async def test_what_has_no_room_comes_with_the_next_frames() -> None:
    app = SlowLine()
    async with app.run_test(size=(24, 12)) as pilot:
        await pilot.pause()
        app.shows("a")
        await until(lambda: len(app.rows_drawn()) >= ROWS, lambda: "a whole frame")
        app.drawn.clear()
        app.room = 20  # one row, of which a cell or all is another
        app.shows("b")
        await until(lambda: len(app.rows_drawn()) >= ROWS, lambda: "all rows")
        assert max(map(len, app.drawn)) == 1
        assert [y for frame in app.drawn for y, _ in frame] == [*range(ROWS - 1, -1, -1)], "the newest first"


async def test_rows_that_had_no_room_have_their_turn_though_all_change_again() -> None:
    app = SlowLine()
    async with app.run_test(size=(24, 12)) as pilot:
        await pilot.pause()
        app.shows("a")
        await until(lambda: len(app.rows_drawn()) >= ROWS, lambda: "a whole frame")
        app.drawn.clear()
        app.room, app.rest = 30, 60.0  # no part follows by itself
        for letter in "bcdefghi":
            before = len(app.drawn)
            app.shows(letter)
            await until(lambda before=before: len(app.drawn) > before, lambda: "a part")  # type: ignore[misc]
        assert {y for frame in app.drawn for y, _ in frame if y < ROWS} == set(range(ROWS))


async def test_what_is_typed_waits_for_no_room() -> None:
    app = SlowLine()
    async with app.run_test(size=(24, 12)) as pilot:
        await pilot.pause()
        app.shows("a")
        await until(lambda: len(app.rows_drawn()) >= ROWS, lambda: "a whole frame")
        app.room, app.rest = 0, 60.0
        app.shows("b")
        await pilot.pause()
        app.drawn.clear()
        await pilot.press("x")
        await until(lambda: any("x" in text for frame in app.drawn for _, text in frame), lambda: "an echo")
        assert app.rows_drawn() == []

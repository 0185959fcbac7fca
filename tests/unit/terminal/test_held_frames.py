"""While the terminal is behind no frame is drawn; then one that shows the newest state.

Leans on private parts of Textual: App._display, App._context, Screen._compositor, Screen._dirty_widgets,
Screen._compositor_refresh, Compositor._dirty_regions, ChopsUpdate.spans.
"""

from contextvars import Context
from typing import Any

from rich.rule import Rule
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.widgets import Static

from settling import until
from userdesk.tui.terminal.crash_safe_app import CrashSafeApp


class TwoRows(CrashSafeApp):
    """An application whose terminal can be behind; keeps the updates that reach it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_behind = False
        self.drawn: list[Any] = []

    def compose(self) -> ComposeResult:
        yield Static("first", id="first")
        yield Static("second", id="second")

    def on_mount(self) -> None:
        assert self._driver
        self._driver.is_behind = lambda: self.is_behind  # type: ignore[attr-defined]

    async def shows(self, pilot: Any, id: str, words: Any) -> None:
        self.query_one(f"#{id}", Static).update(words, layout=False)
        await pilot.pause()

    async def draws(self) -> None:
        """Wait for a frame."""
        await until(lambda: self.drawn, lambda: "a frame")


def keep_what_is_drawn(app: TwoRows, monkeypatch: Any) -> None:
    def display(self: App[Any], screen: Any, update: Any) -> None:
        if update is not None:
            app.drawn.append(update)

    monkeypatch.setattr(App, "_display", display)


async def test_frames_are_held_while_the_terminal_is_behind(monkeypatch: Any) -> None:
    app = TwoRows()
    async with app.run_test() as pilot:
        await pilot.pause()  # the first frames
        keep_what_is_drawn(app, monkeypatch)
        app.is_behind = True
        await app.shows(pilot, "first", "1st")
        await app.shows(
            pilot, "second", Rule("2nd")
        )  # what Rich renders asks the context for the application
        assert app.drawn == []
        app.is_behind = False
        # Still to be rendered, and what Rich renders asks its context for the application.
        app.query_one("#second", Static).update(Rule("3rd"), layout=False)
        Context().run(app.terminal_drained)  # called from the writing thread, which has no context of ours
        await app.draws()
        update = app.drawn[0]
        assert isinstance(update, ChopsUpdate)
        assert {row for row, _, _ in update.spans} == {0, 1}
        await pilot.pause()
        frames = len(app.drawn)
        app.terminal_drained()
        await pilot.pause()
        assert len(app.drawn) == frames


async def test_what_waited_for_the_next_frame_comes_with_what_was_held(monkeypatch: Any) -> None:
    app = TwoRows()
    async with app.run_test() as pilot:
        await pilot.pause()  # the first frames
        keep_what_is_drawn(app, monkeypatch)
        app.is_behind = True
        await app.shows(pilot, "first", "1st")
        with app.batch_update():  # no frame: what is shown now waits for one
            await app.shows(pilot, "second", "2nd")
        app.is_behind = False
        app.terminal_drained()
        await app.draws()
        (update,) = app.drawn
        assert {row for row, _, _ in update.spans} == {0, 1}


async def test_a_held_layout_is_drawn_whole(monkeypatch: Any) -> None:
    app = TwoRows()
    async with app.run_test() as pilot:
        await pilot.pause()  # the first frames
        keep_what_is_drawn(app, monkeypatch)
        app.is_behind = True
        app.refresh(layout=True)
        await pilot.pause()
        app.is_behind = False
        app.terminal_drained()
        await app.draws()
        assert isinstance(app.drawn[0], LayoutUpdate)
        assert app.drawn[0].region == Region(0, 0, 80, 24)


async def test_a_dialog_that_opened_meanwhile_is_drawn(monkeypatch: Any) -> None:
    from textual.screen import ModalScreen

    app = TwoRows()
    async with app.run_test() as pilot:
        await pilot.pause()  # the first frames
        app.is_behind = True
        await app.shows(pilot, "first", "1st")
        await app.push_screen(ModalScreen())
        await pilot.pause()
        keep_what_is_drawn(app, monkeypatch)
        app.is_behind = False
        Context().run(app.terminal_drained)
        await app.draws()
        assert isinstance(app.drawn[-1], LayoutUpdate)

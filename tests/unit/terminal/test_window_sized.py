"""A screen is laid out for the window, not for a size that is told too late.

Leans on private parts of Textual: Screen._screen_resized, Screen._refresh_layout, Screen._compositor,
_styles_cache.
"""

import gc

import pytest
from textual import events
from textual._styles_cache import StylesCache
from textual.app import App, ComposeResult
from textual.geometry import Size
from textual.widget import Widget

from userdesk.tui.dialogs.dialog import Dialog
from userdesk.tui.terminal.open_widgets import AIRY, WindowSized


class OneScreen(App[None]):
    """An application of one such screen."""

    def get_default_screen(self) -> WindowSized[None]:
        return WindowSized()


async def test_a_size_that_is_told_too_late_changes_nothing() -> None:
    app = OneScreen()
    async with app.run_test(size=(100, 30)) as pilot:
        old = Size(30, 5)
        app.screen.post_message(events.Resize(old, old))
        await pilot.pause()
        assert app.screen._compositor.size == app.size == Size(100, 30)


class Counting(WindowSized[None]):
    """Counts how often it is laid out whole."""

    layouts = 0

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        self.layouts += size is not None
        super()._refresh_layout(size, scroll)


async def test_a_screen_is_laid_out_once_for_a_size_however_often_it_is_told_of_it() -> None:
    app = OneScreen()
    async with app.run_test(size=(100, 30)) as pilot:
        screen = Counting()
        await app.push_screen(screen)
        for _ in range(3):
            screen.post_message(events.Resize(app.size, app.size))
            await pilot.pause()
        assert (screen.layouts, screen.laid_out) == (1, app.size)
        await pilot.resize_terminal(90, 20)
        assert (screen.layouts, screen.laid_out) == (2, Size(90, 20))


class Noting(Widget):
    """Notes of which classes its screen is each time it is drawn."""

    def on_mount(self) -> None:
        self.seen: list[frozenset[str]] = []

    def render(self) -> str:
        self.seen.append(self.screen.classes)
        return "text"


class OneDialog(Dialog[None]):
    """A dialog of one widget."""

    def compose(self) -> ComposeResult:
        yield Noting()


@pytest.mark.parametrize(("rows", "of_height"), [(AIRY - 1, "-tight"), (AIRY, "-airy")])
async def test_a_screen_is_of_the_class_of_its_height_from_the_first_frame_on(
    rows: int, of_height: str
) -> None:
    app = OneScreen()
    async with app.run_test(size=(80, rows)) as pilot:
        dialog = OneDialog()
        await app.push_screen(dialog)
        await pilot.pause()
        seen = dialog.query_one(Noting).seen
        assert seen and all(classes & {"-tight", "-airy"} == {of_height} for classes in seen)


async def test_what_closed_screens_drew_does_not_stay_in_memory() -> None:
    def caches() -> int:
        gc.collect()
        return sum(isinstance(each, StylesCache) for each in gc.get_objects())

    app = OneScreen()
    async with app.run_test() as pilot:
        counts = []
        for _ in range(4):
            await app.push_screen(OneDialog())
            await pilot.pause()
            await app.pop_screen()
            await pilot.pause()
            counts.append(caches())
        assert counts[-1] <= counts[1]

"""A screen is laid out for the window, not for a size that is told too late.

Leans on private parts of Textual: Screen._screen_resized, Screen._compositor.
"""

from textual import events
from textual.app import App
from textual.geometry import Size

from userdesk.tui.terminal.open_widgets import WindowSized


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

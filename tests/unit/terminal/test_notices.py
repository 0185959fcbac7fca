"""A notice never stays for less than nothing: the framework's timer would run in circles for ever."""

from textual.app import App, ComposeResult
from textual.notifications import Notify
from textual.widgets import Static

from userdesk.tui.terminal.crash_safe_app import CrashSafeApp
from userdesk.tui.terminal.notices import Notice


def test_time_that_is_left_is_some_also_when_it_is_over() -> None:
    over, there = Notice("over", timeout=-1.0), Notice("there", timeout=60.0)
    assert over.has_expired and 0 < over.time_left < 0.1
    assert not there.has_expired and 59 < there.time_left <= 60


class Told(CrashSafeApp):
    def __init__(self) -> None:
        super().__init__()
        self.notices: list[object] = []

    def compose(self) -> ComposeResult:
        yield Static("anything")

    def on_notify(self, event: Notify) -> None:
        self.notices.append(event.notification)


async def test_each_notice_is_such_a_one_and_no_markup() -> None:
    app = Told()
    async with app.run_test() as pilot:
        app.notify("[b]bold[/b]\x1b[2J", title="Please check", severity="warning", timeout=3.0, markup=True)
        app.query_one(Static).notify("of a widget")
        await pilot.pause()
        first, second = app.notices
        assert isinstance(first, Notice) and isinstance(second, Notice)
        assert (first.title, first.severity, first.timeout, first.markup) == (
            "Please check",
            "warning",
            3.0,
            False,
        )
        assert "[b]bold[/b]" in first.message and "\x1b" not in first.message
        assert (second.message, second.timeout) == ("of a widget", App.NOTIFICATION_TIMEOUT)

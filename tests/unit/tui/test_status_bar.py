"""The status bar's hints: as many as there is room for, whatever the width."""

from typing import Any

import pytest
from textual.app import App, ComposeResult

from userdesk.tui.widgets.status_bar import Hint, StatusBar, fitting

HINTS: list[Hint] = [("Enter", "send"), ("^N", "new"), ("F1", "help")]


@pytest.mark.parametrize(
    ("room", "kept"), [(100, HINTS), (21, [HINTS[0], HINTS[2]]), (9, [HINTS[2]]), (8, []), (0, []), (-1, [])]
)
def test_the_last_hint_stays_longest(room: int, kept: list[Hint]) -> None:
    assert fitting(HINTS, room) == kept


@pytest.mark.parametrize("room", [100, 0, -1])
def test_no_hints_need_no_room(room: int) -> None:
    assert fitting([], room) == []


class Footer(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.notices: list[str] = []

    def compose(self) -> ComposeResult:
        yield StatusBar()

    def notify(self, message: str, **how: Any) -> None:
        self.notices.append(message)

    @property
    def row(self) -> str:
        return self.query_one(StatusBar).render_line(0).text


async def test_news_longer_than_the_row_are_a_notice_once() -> None:
    app = Footer()
    async with app.run_test(size=(20, 4)) as pilot:
        status = app.query_one(StatusBar)
        for words in (
            "Copied",
            "Copied the code block to [somewhere]",
            "Copied the code block to [somewhere]",
        ):
            status.flash(words)
            await pilot.pause()
            assert ("Copied" in app.row) is (words == "Copied")
        assert app.notices == ["Copied the code block to [somewhere]"]


async def test_longer_news_that_stay_are_cut() -> None:
    app = Footer()
    async with app.run_test(size=(20, 4)):
        app.query_one(StatusBar).hold("Not saved yet: can't write to the disk")
        assert app.row == " Not saved yet: ca… "

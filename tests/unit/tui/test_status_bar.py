"""The status bar's hints: as many as there is room for, whatever the width."""

import pytest

from userdesk.tui.widgets.status_bar import Hint, fitting

HINTS: list[Hint] = [("Enter", "send"), ("^N", "new"), ("F1", "help")]


@pytest.mark.parametrize(
    ("room", "kept"), [(100, HINTS), (21, [HINTS[0], HINTS[2]]), (9, [HINTS[2]]), (8, []), (0, []), (-1, [])]
)
def test_the_last_hint_stays_longest(room: int, kept: list[Hint]) -> None:
    assert fitting(HINTS, room) == kept


@pytest.mark.parametrize("room", [100, 0, -1])
def test_no_hints_need_no_room(room: int) -> None:
    assert fitting([], room) == []

"""Every move and every edit of the input bar and of fields, in every state: nothing is torn, nothing ends."""

from collections.abc import Callable

import pytest
from textual.geometry import Region

from every_key import actions_of
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.widgets.field import Field, KeyField
from widget_alone import alone

LINES = "one line\n\n\tthree  words here\n" + "wrapped " * 20 + "\nlast"
BAR_STATES: dict[str, Callable[[InputBar], None]] = {
    "empty": lambda bar: bar.put(""),
    "one line": lambda bar: bar.put("abc"),
    "one line, its beginning": lambda bar: (bar.put("abc"), bar.move_cursor((0, 0)))[0],
    "last line": lambda bar: bar.put(LINES),
    "last line, empty": lambda bar: bar.put("a\n"),
    "first line": lambda bar: (bar.put(LINES), bar.move_cursor((0, 3)))[0],
    "wrapped line": lambda bar: (bar.put(LINES), bar.move_cursor((3, 100)))[0],
    "all selected": lambda bar: (bar.put(LINES), bar.select_all())[0],
    "selected backwards": lambda bar: (
        bar.put(LINES),
        bar.move_cursor((4, 2)),
        bar.move_cursor((1, 0), select=True),
    )[0],
    "letters of many code points": lambda bar: (
        bar.put("👨\u200d👩\u200d👧 क्षि\u200c กำ\n" + "🇩🇪" * 80),
        bar.move_cursor((1, 9)),
    )[0],
    "folded paste": lambda bar: (bar.put("x\n"), bar.add_pasted("y\n" * 60), bar.insert(" z"))[0],
    "earlier prompt": lambda bar: (
        bar.recall.remember(["first", "second\nline", "👍🏽"], bar.text),
        bar.put("draft"),
        bar.action_cursor_up(),
    )[0],
}


@pytest.mark.parametrize(
    ("size", "states"),
    [((40, 12), list(BAR_STATES)), ((7, 3), ["empty", "last line", "letters of many code points"])],
    ids=["small", "too small for text"],
)
async def test_the_input_bar(size: tuple[int, int], states: list[str]) -> None:
    bar = InputBar()
    async with alone(bar, size=size):
        for state in states:
            for action in actions_of(InputBar):
                BAR_STATES[state](bar)
                await bar.run_action(action)
                # Every edit can be taken back and done again.
                text = bar.text
                bar.undo()
                bar.redo()
                assert bar.text == text, (state, action)
                assert bar.cursor_location <= bar.document.end, (state, action)
                assert len(bar.render_lines(Region(0, 0, *bar.size))) == bar.size.height


FIELD_STATES: dict[str, Callable[[Field], None]] = {
    "empty": lambda field: setattr(field, "value", ""),
    "words": lambda field: setattr(field, "value", "two words, here"),
    "beginning": lambda field: (setattr(field, "value", "two words"), field.action_home())[0],
    "selected": lambda field: (setattr(field, "value", "two words"), field.select_all())[0],
    "letters of many code points": lambda field: (
        setattr(field, "value", "a👨\u200d👩\u200d👧 क्षि 🇩🇪" * 30),
        field.action_end(),
        field.action_cursor_left(),
    )[0],
}


@pytest.mark.parametrize(
    "field", [Field(compact=True), KeyField(password=True, compact=True)], ids=["words", "key"]
)
async def test_fields(field: Field) -> None:
    async with alone(field):
        for state, prepare in FIELD_STATES.items():
            for action in actions_of(type(field)):
                prepare(field)
                await field.run_action(action)
                assert 0 <= field.cursor_position <= len(field.value), (state, action)
                assert field.render_line(0).cell_length <= field.size.width, (state, action)

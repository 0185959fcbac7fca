"""The screen beneath a dialog looks as the framework draws it."""

import pytest
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen
from textual.strip import Strip

from userdesk.tui.dialogs.dimmed_ground import dimmed

PIECES = [
    Segment("plain"),
    Segment("colours", Style.parse("bold #ff8800 on #102030")),
    Segment("named", Style.parse("italic red")),
    Segment("no ground", Style.parse("underline default")),
    Segment("link", Style.parse("#00ff00 on #000000 link https://example.com")),
    Segment("clicked", Style.parse("#00ff00 on #000000") + Style(meta={"@click": "app.quit"})),
    Segment("\x1b[0m", None, [(ControlType.CLEAR,)]),
]


@pytest.mark.parametrize("tint", [Color(16, 16, 16, 0.6), Color(255, 255, 255, 0.01), Color(0, 0, 0, 0)])
def test_a_tint_is_the_frameworks(tint: Color) -> None:
    drawn = list(dimmed(Strip(PIECES), tint))
    framework = BackgroundScreen.process_segments(PIECES, tint)
    assert drawn == [piece for piece in framework if not piece.control]
    assert not any(piece.style and (piece.style.meta or piece.style.link) for piece in drawn)

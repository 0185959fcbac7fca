"""The column left of the text: whose bubble it is, and which one is chosen.

A widget of its own, for two reasons: it seldom changes while text scrolls past it, so its cells are
not sent again; and a selection that begins in it begins at the text.
"""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from userdesk.tui.message_log.lines import Line, Prerendered
from userdesk.tui.widgets.lean_strip import LeanStrip

WIDTH = 3
"""Cells: the cursor's bar, the role's marker, a space."""


class Gutter(Prerendered):
    """Draws the lines that the message log hands it."""

    ALLOW_SELECT = False


def gutter_line(bar: Style | None, marker: str, marker_style: Style, ground: Style, *, tinted: bool) -> Line:
    """One line of the gutter; without a bar or a marker it is its ground alone."""
    if bar is None and not marker:
        return Line(Strip.blank(WIDTH, ground), WIDTH if tinted else 0)
    left = Segment("▌", bar) if bar else Segment(" ", ground)
    right = [Segment(marker, marker_style), Segment(" ", ground)] if marker else [Segment("  ", ground)]
    return Line(LeanStrip([left, *right], WIDTH), WIDTH)

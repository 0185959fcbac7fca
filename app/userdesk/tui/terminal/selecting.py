"""Selecting with the mouse: in one widget, from text to text."""

from typing import TypeVar

from textual.geometry import Offset
from textual.strip import Strip
from textual.widget import Widget

from userdesk.tui.terminal.frame_screen import FrameScreen

Result = TypeVar("Result")


class SelectingScreen(FrameScreen[Result]):
    """A screen on which a selection stays in the widget that it began in.

    To the framework, a cell without text or of another widget stands for the beginning or the end of all
    that the widget holds: for what is scrolled out of view, too.
    """

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        """The widget to select in, and the place in its text in view that is nearest to a cell.

        That is a place in the cell's row, else the end of the text above, else the beginning of the text
        below. No widget where there is no text in view.
        """
        state = self._select_state if self._selecting else None
        widget = state.start.content_widget if state else super().get_widget_and_offset_at(x, y)[0]
        if widget is None or not widget.allow_select or not (region := widget.scrollable_content_region):
            return widget, None
        left, right, bottom = region.x, region.right - 1, region.bottom - 1
        if not region.y <= y <= bottom:
            x, y = (left, region.y) if y < region.y else (right, bottom)
        cells = [(max(left, min(x, right)), y)]
        cells += [(right, above) for above in range(y - 1, region.y - 1, -1)]
        cells += [(left, below) for below in range(y + 1, bottom + 1)]
        places = (self._place_at(widget, *cell) for cell in cells)
        place = next((place for place in places if place is not None), None)
        return (None if place is None else widget), place

    def _place_at(self, widget: Widget, x: int, y: int) -> Offset | None:
        region = widget.scrollable_content_region
        x = region.x + _text_from(widget.render_line(y - region.y), x - region.x)
        found, place = super().get_widget_and_offset_at(x, y)
        return place if found is widget else None

    def text_select_all(self) -> None:
        """Three clicks do not select the screen: most of its widgets hold no text."""


def _text_from(strip: Strip, x: int) -> int:
    """The first cell from a cell on that shows text which can be selected; the cell itself without one."""
    begin = 0
    for segment in strip:
        end = begin + segment.cell_length
        if end > x and segment.style and "offset" in segment.style.meta:
            return max(begin, x)
        begin = end
    return x

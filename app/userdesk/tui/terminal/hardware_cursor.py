"""The terminal's own cursor stands where input methods and screen readers look for it."""

from textual.geometry import Offset
from textual.widget import Widget
from textual.widgets import OptionList

from userdesk.tui.terminal.crash_safe_app import CrashSafeApp

HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"


def place_of(widget: Widget) -> Offset:
    """The cell on the screen of a widget's text cursor or chosen row; else its first one.

    A widget that has such a place tells it as `cursor_screen_offset`, as the framework's own do.
    """
    place = getattr(widget, "cursor_screen_offset", None)
    if isinstance(place, Offset):
        return place
    content = widget.content_region
    if isinstance(widget, OptionList) and widget.highlighted is not None:
        rows = widget._index_to_line.get(widget.highlighted, 0) - widget.scroll_offset.y
        return content.offset + Offset(0, max(0, min(rows, content.height - 1)))
    return content.offset


class HardwareCursor(CrashSafeApp):
    """An application that leaves the cursor, after each frame, at the place of the widget with the focus.

    The framework moves it when a widget says so, and leaves it there when the focus goes elsewhere.
    """

    @property
    def shows_cursor(self) -> bool:
        """Whether the terminal's cursor is to be seen, beside the one that is drawn."""
        return False

    @property
    def cursor_position(self) -> Offset:
        """The cell of the terminal's cursor."""
        if self.cursor_stays:
            return self._previous_cursor_position
        if not self._screen_stack:
            return Offset()
        screen = self.screen
        widget = screen.focused or next(iter(screen.displayed_children), None)
        return place_of(widget) if widget is not None else Offset()

    @cursor_position.setter
    def cursor_position(self, place: Offset) -> None:
        """Ignored: the place is worked out when a frame is written."""

    def _begin_update(self) -> None:
        if self.shows_cursor:
            self.write_to_terminal(HIDE)  # else it would be seen wherever something is drawn
        super()._begin_update()

    def _end_update(self) -> None:
        super()._end_update()
        if self.shows_cursor:
            self.write_to_terminal(SHOW)

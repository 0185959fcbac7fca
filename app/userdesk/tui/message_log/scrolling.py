"""Scrolling by rows: keys, wheel and scroll bar move a place in the text, not an offset of the screen."""

import time
from collections.abc import Callable

from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView

from userdesk.tui.message_log.viewport import Place, Viewport

WHEEL = 3  # rows
NOWHERE = -1, -1, -1, -1
BAR_FRAME = 1.0  # s between two frames of the scroll bar while an answer moves the end


class PlacedView(ScrollView):
    """A view on rows whose heights are known only as far as they were looked at."""

    def __init__(self, measure: Callable[[int], int], *, id: str | None = None) -> None:
        """`measure` gives the exact height of a bubble in rows."""
        super().__init__(id=id)
        self.viewport = Viewport(measure)
        self._synced_scroll = 0
        self._synced_place = NOWHERE
        self._bar_synced = 0.0
        self.growing = False
        """Whether text is arriving, so that the end moves all the time."""

    def redraw(self) -> None:
        """Show what is in view now."""
        raise NotImplementedError

    @property
    def following(self) -> bool:
        """Whether the view stays at the end."""
        return self.viewport.following

    def scroll_rows(self, rows: int) -> None:
        """Move the view by exactly so many rows, down where positive."""
        self.viewport.scroll(rows)
        self.redraw()

    def action_page(self, direction: int) -> None:
        """A page up or down, one row of it staying in view."""
        self.scroll_rows(direction * max(1, self.size.height - 1))

    def action_to_start(self) -> None:
        """The very first row."""
        self.viewport.to_start()
        self.redraw()

    def action_to_end(self) -> None:
        """The end, and follow it."""
        self.viewport.to_end()
        self.redraw()

    def show_bubble(self, index: int, row: int | None = None) -> None:
        """Bring a message, or one row of it, into view."""
        if row is None:
            self.viewport.show(index)
        else:
            self.viewport.show_row(Place(index, row))
        self.redraw()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves by whole rows, exactly."""
        event.stop()
        event.prevent_default()
        self.scroll_rows(-WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves by whole rows, exactly."""
        event.stop()
        event.prevent_default()
        self.scroll_rows(WHEEL)

    # the scroll bar

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The scroll bar was dragged, or a selection scrolls the view."""
        row = round(new_value)
        moved = row - self._synced_scroll
        if not moved:
            return
        self._synced_place = NOWHERE
        if abs(moved) <= self.size.height:
            self.viewport.scroll(moved)
        else:
            self.viewport.to_offset(row)
        self.redraw()

    def sync_scroll_bar(self, size: Size) -> None:
        """Tell Textual's scroll bar where the view of a size is, without a layout of the screen."""
        height = size.height
        total = max(self.viewport.heights.total, height)
        offset = total - height if self.viewport.following else self.viewport.offset
        place = *size, total, offset
        if place != self._synced_place:
            self._synced_place = place
            self._synced_scroll = offset
            self.set_reactive(PlacedView.virtual_size, Size(size.width, total))
            self.set_reactive(PlacedView.scroll_y, float(offset))
            self.set_reactive(PlacedView.scroll_target_y, float(offset))
        now = time.monotonic()
        moving = self.viewport.following and self.growing
        if self.show_vertical_scrollbar and not (moving and now - self._bar_synced < BAR_FRAME):
            self._bar_synced = now
            bar = self.vertical_scrollbar
            bar.window_virtual_size = total
            bar.window_size = height
            bar.position = offset

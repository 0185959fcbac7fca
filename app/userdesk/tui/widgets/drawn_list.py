"""A list that is drawn line by line: filling it costs nothing, drawing it what is in view."""

from collections.abc import Sequence
from typing import ClassVar, Generic, Protocol, TypeVar

from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from userdesk.markdown.layout.cells import cells, display, fitting
from userdesk.tui.terminal.style_cache import StyleCache
from userdesk.tui.widgets.bare_lines import BareLines


class ListRow(Protocol):
    """A line of a list."""

    @property
    def is_heading(self) -> bool:
        """Whether it only names what stands below it, and cannot be chosen."""


Row = TypeVar("Row", bound=ListRow)


class DrawnList(ScrollView, BareLines, Generic[Row]):  # default styles are inherited from the first base
    """Rows, each drawn when it comes into view; which one is chosen, a subclass knows."""

    LOOKS: ClassVar[str]
    """What the stylesheet's names of its looks begin with."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: Sequence[Row] = ()
        self.partial = StyleCache(self, self.LOOKS)
        """What a look changes of the style that it is laid over."""
        self._styles: dict[str, Style] = {}
        """The looks on the list's own style, which the framework works out at each call."""

    def draw_row(self, number: int) -> Strip:
        """One row as it is drawn."""
        raise NotImplementedError

    def show_chosen(self) -> None:
        """Bring the chosen row into view."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """One line of the list."""
        number = y + self.scroll_offset.y
        if number < len(self.rows):
            return self.draw_row(number)
        return Strip.blank(self.size.width, self.rich_style)

    def strips(self, rows: range) -> list[Strip]:
        """Some of the lines; all below the rows are one, for which the list's style is worked out once."""
        filled = max(1, len(self.rows) - self.scroll_offset.y)  # the first one may say that there is none
        end = min(max(rows.start, filled), rows.stop)
        lines = [self.render_line(y) for y in range(rows.start, end)]
        if end < rows.stop:
            lines += [Strip.blank(self.size.width, self.rich_style)] * (rows.stop - end)
        return lines

    def measure(self) -> None:
        """There are other rows, or they are as wide as another window."""
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.rows))

    def reveal(self, number: int) -> None:
        """Scroll as little as shows a row and the heading right above it."""
        top, height = self.scroll_offset.y, self.size.height
        if not height:
            return
        has_heading = 0 < number < len(self.rows) and self.rows[number - 1].is_heading and height > 1
        if (first := number - has_heading) < top:
            self.scroll_to(y=first, animate=False, immediate=True, force=True)
        elif number >= top + height:
            self.scroll_to(y=number - height + 1, animate=False, immediate=True, force=True)

    def watch_cursor(self) -> None:
        """Another row is chosen."""
        self.show_chosen()

    def clicked(self, event: events.Click) -> Row | None:
        """The row that was clicked; None for a heading, and below the last row."""
        number = event.y + self.scroll_offset.y
        return self.rows[number] if number < len(self.rows) and not self.rows[number].is_heading else None

    def style(self, look: str) -> Style:
        """A look on the list's own style."""
        if look not in self._styles:
            self._styles[look] = self.rich_style + self.partial(look)
        return self._styles[look]

    def notify_style_update(self) -> None:
        """The theme changed."""
        super().notify_style_update()
        self.partial.forget()
        self._styles.clear()

    def on_resize(self) -> None:
        """Another width or height: what is chosen stays in view."""
        self.measure()
        self.show_chosen()


def beginning(text: str, room: int) -> str:
    """As much of a text as fits, with a cell left for `…` where it does not fit whole."""
    if cells(display(text)) <= room:
        return text
    return text[: fitting(text, room - 1)]


def cut(text: str, room: int) -> str:
    """The text as it is drawn in so many cells, `…` where it was cut."""
    kept = beginning(text, room)
    return display(kept if kept == text else f"{kept}…")

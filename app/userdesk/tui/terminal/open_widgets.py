"""The framework's screens and widgets with public places for what they decide in private ones."""

from contextlib import suppress
from itertools import accumulate, pairwise
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual._styles_cache import StylesCache
from textual.geometry import Region, Size
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip
from textual.widgets import Input, OptionList, TextArea
from textual.widgets.text_area import DocumentNavigator, TextAreaTheme, WrappedDocument

from userdesk.tui.terminal.selecting import Result, SelectingScreen
from userdesk.tui.widgets.framed_lines import FramedLines

NARROW = 80
"""Cells of width below which the sidebar is a drawer, and a conversation has no margins."""
AIRY = 20
"""From so many rows on a screen has empty ones, and is of the class `-airy`."""
AIR = [(0, "-tight"), (AIRY, "-airy")]


class WindowSized(SelectingScreen[Result]):
    """A screen laid out for the window's size now.

    The framework sends a screen a resize event after each layout too, with the size of that layout: one that
    comes after the window's next size would have the screen laid out for the old one, for good.

    It gives a screen the class of its height only after the first layout, and does all of it again.
    """

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        with suppress(RuntimeError):  # no application runs yet
            self.take_height()

    def take_height(self) -> None:
        """Have the class of the window's height now, before the first layout."""
        rows = self.app.size.height
        fitting = [each for each in self.VERTICAL_BREAKPOINTS or () if each[0] <= rows]
        self.add_class(*(name for _, name in fitting[-1:]), update=False)  # it is styled as it is mounted

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """A screen that has just opened gave all its widgets their styles as they were mounted."""
        if not self.stack_updates:
            event.refresh_styles = False

    def on_unmount(self) -> None:
        """Let go of what was drawn: a cache of the framework keeps all lines of the last thousand widgets."""
        StylesCache.get_inner_outer.cache_clear()

    def _screen_resized(self, size: Size) -> None:
        if self.app.size != self.laid_out:  # a screen that opens is told of its size several times
            super()._screen_resized(self.app.size)


class WholeCells(ScrollBarRender):
    """A scroll bar of whole cells: eighths of them leave lines beside it in many fonts."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]


ScrollBar.renderer = WholeCells


class PagedList(OptionList):
    """A list of options in which every key can be pressed at any time, with a cursor of one colour.

    The framework looks up the highlighted option's row, which there is none of before the first layout,
    and none in a window without room for the list. It keeps the rows that options take without a scroll bar
    once there is one, so that the last words of some are not seen.
    """

    def watch_show_vertical_scrollbar(self) -> None:
        """Options may take other rows now."""
        self._clear_caches()

    def render_line(self, y: int) -> Strip:
        """Words that are quieter than others can't be read on the cursor's ground."""
        strip = super().render_line(y)
        if not any(part.style and part.style.meta.get("option") == self.highlighted for part in strip):
            return strip
        cursor = self.get_visual_style("option-list--option", "option-list--option-highlighted").rich_style
        parts = Segment.apply_style(strip, post_style=Style(color=cursor.color))
        return Strip(parts, strip.cell_length)

    def _move_page(self, direction: Any) -> None:
        if self._lines:
            super()._move_page(direction)


class OpenInput(Input):
    """An input whose subclass says which cells its characters take."""

    def cell_of(self, index: int) -> int:
        """The cell at which the character at an index begins, from the beginning of the text."""
        return super()._position_to_cell(index)

    def index_at(self, cell: int) -> int:
        """The character that is drawn at a cell of the field, as it is scrolled."""
        return super()._cell_offset_to_index(cell)

    @property
    def _cursor_offset(self) -> int:
        return self.cell_of(self.cursor_position)

    def _position_to_cell(self, position: int) -> int:
        return self.cell_of(position)

    def _cell_offset_to_index(self, offset: int) -> int:
        return self.index_at(offset)


class SettableRows(WrappedDocument):
    """A wrapped document whose breaks another rule than the framework's may set."""

    @property
    def width(self) -> int:
        """Cells that the document is wrapped at; 0: not at all."""
        return self._width

    @property
    def tab_width(self) -> int:
        """Cells that a tab takes at most."""
        return self._tab_width

    def set_breaks(self, breaks: list[list[int]]) -> None:
        """Break the lines there, one list for each line of the document."""
        self._wrap_offsets = breaks
        self._offset_to_line_info = [
            (number, part) for number, within in enumerate(breaks) for part in range(len(within) + 1)
        ]
        tops = accumulate((len(within) + 1 for within in breaks), initial=0)
        self._line_index_to_offsets = [list(range(*rows)) for rows in pairwise(tops)]

    def row_at(self, y: int) -> tuple[int, int]:
        """The line that a row shows and which of its parts; `y` is less than `height`."""
        return self._offset_to_line_info[y]

    def y_of(self, line: int, part: int) -> int:
        """The row that shows a part of a line."""
        return self._line_index_to_offsets[line][part]


class OpenTextArea(TextArea, FramedLines):  # default styles are inherited from the first base
    """A text area whose subclass says how lines are wrapped, and may draw rows itself."""

    WRAPPED: ClassVar[type[SettableRows]] = SettableRows
    """The wrapped view of a document."""
    wrapped_document: SettableRows

    def draw_row(self, row: int, part: int) -> Strip | None:
        """One row of a line of the document; None has the framework draw it."""
        return None

    @property
    def styles_of_text(self) -> TextAreaTheme:
        """The styles of text, cursor and selection, as the stylesheet has them now."""
        return self._theme

    _styled: TextAreaTheme | None = None
    """The theme that has the stylesheet's styles."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines; the stylesheet is asked for their styles only when they may be others."""
        if self._styled is self._theme:
            return super(TextArea, self).render_lines(crop)
        self._styled = self._theme
        return super().render_lines(crop)

    def notify_style_update(self) -> None:
        """The stylesheet, or what it depends on, has changed."""
        self._styled = None
        super().notify_style_update()

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, language)
        self.wrapped_document = self.WRAPPED(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()

    def _render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        document = self.wrapped_document
        drawn = self.draw_row(*document.row_at(at)) if at < document.height else None
        return super()._render_line(y) if drawn is None else drawn

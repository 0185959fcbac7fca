"""The framework's text area, edited by what a reader calls a letter.

Every edit and every move passes one place here that holds it to the document and to whole clusters, and no
wrapped row tears one; lines of simple characters are the framework's own affair.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.expand_tabs import expand_tabs_inline
from textual.geometry import Offset, Region, clamp
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult, Location

from userdesk.domain.safe_text import clean_typed
from userdesk.markdown.layout.cells import is_disputed
from userdesk.tui.input import graphemes
from userdesk.tui.input.graphemes import clusters_of, is_simple
from userdesk.tui.input.typed_text import text_of, types_text
from userdesk.tui.terminal.open_widgets import OpenTextArea, SettableRows
from userdesk.tui.widgets.lean_strip import LeanStrip


@lru_cache(256)
def wrap_offsets(line: str, width: int, tab_size: int) -> tuple[int, ...]:
    """The code points before which a line is broken so that each part fits `width` cells.

    It is broken before words, and within a word only where that is wider than a whole row.
    """
    starts, edges, _ = clusters_of(line, tab_size)
    blank = [line[start : start + 1].isspace() for start in starts]
    words = [at for at in range(1, len(starts) - 1) if blank[at - 1] and not blank[at]]
    breaks: list[int] = []
    row = 0
    for begin, end in pairwise((0, *words, len(starts) - 1)):
        for at in range(begin, end):
            needed = edges[end if at == begin else at + 1] - edges[row]
            if needed > width and edges[at] > edges[row]:
                breaks.append(starts[at])
                row = at
    return tuple(breaks)


class ClusterDocument(SettableRows):
    """A wrapped view of a document whose places on the screen and in the text are clusters."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Wrap all lines at a width in cells; 0 does not wrap."""
        super().wrap(width, tab_width)
        lines = self.document.lines
        if not width or all(map(is_simple, lines)):
            return
        self.set_breaks(
            [
                self.get_offsets(row) if is_simple(line) else [*wrap_offsets(line, width, self.tab_width)]
                for row, line in enumerate(lines)
            ]
        )

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Wrap the lines of an edit anew, all of them where one is not simple."""
        first, last = start[0], max(start[0], new_end[0])
        if all(map(is_simple, self.document.lines[first : last + 1])):
            super().wrap_range(start, old_end, new_end)
        else:
            self.wrap(self.width)

    def location_to_offset(self, location: Location) -> Offset:
        """The cell at which the cluster of a location begins, and its row."""
        row = clamp(location[0], 0, self.document.line_count - 1)
        line = self.document.get_line(row)
        column = clamp(location[1], 0, len(line))
        breaks = self.get_offsets(row)
        part = bisect_right(breaks, column)
        begin = breaks[part - 1] if part else 0
        if is_simple(line):  # as the framework has it, without dividing the line into its rows
            x = cell_len(expand_tabs_inline(line[begin:column], self.tab_width))
        else:
            starts, edges, _ = clusters_of(line, self.tab_width)
            x = edges[bisect_right(starts, column) - 1] - edges[bisect_left(starts, begin)]
        return Offset(x, self.y_of(row, part))

    def get_target_document_column(self, line_index: int, x_offset: int, y_offset: int) -> int:
        """The code point at which the cluster at a cell of one row of a line begins.

        `y_offset` is the row of the line, -1 the last one.
        """
        line = self.document.get_line(line_index)
        if is_simple(line):
            return super().get_target_document_column(line_index, x_offset, y_offset)
        breaks = self.get_offsets(line_index)
        part = y_offset % (len(breaks) + 1)
        starts, edges, _ = clusters_of(line, self.tab_width)
        begin = bisect_left(starts, breaks[part - 1]) if part else 0
        end = bisect_left(starts, breaks[part]) if part < len(breaks) else len(starts) - 1
        number = bisect_right(edges, edges[begin] + max(0, x_offset), begin, end) - 1
        if edges[number + 1 if number < end else end] <= edges[begin] + x_offset:
            number = end
        # The place behind the last cluster of a row is the beginning of the next row.
        return starts[number if part == len(breaks) else min(number, max(begin, end - 1))]


class ClusterArea(OpenTextArea):
    """A text area for any script: moves, deletions, wraps and the cursor's ground are whole clusters."""

    WRAPPED = ClusterDocument
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("alt+left,alt+b", "cursor_word_left", show=False),
        Binding("alt+right,alt+f", "cursor_word_right", show=False),
        Binding("alt+shift+left", "cursor_word_left(True)", show=False),
        Binding("alt+shift+right", "cursor_word_right(True)", show=False),
        Binding("alt+d,ctrl+delete", "delete_word_right", show=False),
    ]

    # keys and edits

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Whether a key may be text; if so, no binding above this widget gets it."""
        return types_text(key, character)

    async def on_key(self, event: events.Key) -> None:
        """Put in text; the framework has the other keys."""
        if text := text_of(event):
            event.stop()
            event.prevent_default()
            self.replace(text, *self.selection, maintain_selection_offset=False)

    def edit(self, edit: Edit) -> EditResult:
        """Perform an edit, held to the document: the framework deletes up to the row behind the last one."""
        edit.from_location = self.within(edit.from_location)
        edit.to_location = self.within(edit.to_location)
        edit.text = clean_typed(edit.text)
        return super().edit(edit)

    def post_message(self, message: Message) -> bool:
        """Send a message on its way; that the cursor moved is told to nobody, since nobody asks."""
        return not isinstance(message, TextArea.SelectionChanged) and super().post_message(message)

    def within(self, location: Location) -> Location:
        """The location itself, or the nearest one in the document."""
        row, column = location
        if row >= self.document.line_count:
            end: Location = self.document.end
            return end
        return (max(0, row), min(max(0, column), len(self.document[row]))) if row >= 0 else (0, 0)

    def action_cut(self) -> None:
        """Cut what is selected, else the line; a line with nothing on it leaves the clipboard alone."""
        row, _ = self.cursor_location
        if self.selected_text or self.document[row] or row + 1 < self.document.line_count:
            super().action_cut()

    def action_delete_left(self) -> None:
        """Backspace: what is selected, else the cluster left of the cursor or its last mark."""
        row, column = self.cursor_location
        if not self.selection.is_empty or column == 0:
            super().action_delete_left()
        else:
            begin = graphemes.backspace(self.document[row], column)
            self.delete((row, begin), (row, column), maintain_selection_offset=False)

    def action_delete_word_right(self) -> None:
        """Delete up to where a move by a word would go."""
        start, end = self.selection
        if start == end:
            end = self.get_cursor_word_right_location()
        self.delete(start, end, maintain_selection_offset=False)

    # moves

    def get_cursor_left_location(self) -> Location:
        """A cluster to the left, or the end of the line above."""
        return self._left(graphemes.before)

    def get_cursor_right_location(self) -> Location:
        """A cluster to the right, or the beginning of the line below."""
        return self._right(graphemes.after)

    def get_cursor_word_left_location(self) -> Location:
        """The beginning of the word to the left, or the end of the line above."""
        return self._left(graphemes.word_left)

    def get_cursor_word_right_location(self) -> Location:
        """The end of the word to the right, or the beginning of the line below."""
        return self._right(graphemes.word_right)

    def _left(self, step: Callable[[str, int], int]) -> Location:
        row, column = self.cursor_location
        if column:
            return row, step(self.document[row], column)
        return (row - 1, len(self.document[row - 1])) if row else (0, 0)

    def _right(self, step: Callable[[str, int], int]) -> Location:
        row, column = self.cursor_location
        line = self.document[row]
        if column < len(line):
            return row, step(line, column)
        return (row + 1, 0) if row + 1 < self.document.line_count else (row, column)

    def get_cursor_line_end_location(self) -> Location:
        """The end of the row as wrapped; in the middle of a line before its last cluster."""
        row, column = super().get_cursor_line_end_location()
        return row, graphemes.begin_of(self.document[row], column)

    # drawing

    @property
    def cursor_screen_offset(self) -> Offset:
        """The cursor's cell on the screen, as the text is wrapped now."""
        cursor = self.wrapped_document.location_to_offset(self.cursor_location)
        content = self.content_region
        x, y = content.offset + cursor - self.scroll_offset
        # Behind a row that is filled to its last cell there is no cell of ours.
        return Offset(min(x, max(content.x, content.right - 1)), y)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines; those with text that takes other numbers of cells elsewhere keep their neighbours."""
        strips = super().render_lines(crop)
        return [
            LeanStrip(strip, strip.cell_length) if any(is_disputed(text) for text, _, _ in strip) else strip
            for strip in strips
        ]

    def draw_row(self, row: int, part: int) -> Strip | None:
        """One row of a line whose clusters are more than one code point, or drawn as something else."""
        line = self.document[row]
        if graphemes.is_simple(line):
            return None
        breaks = [0, *self.wrapped_document.get_offsets(row), len(line)]
        begin, end = breaks[part], breaks[part + 1]
        base = self.styles_of_text.base_style or self.rich_style
        starts, _, drawn = clusters_of(line, self.indent_width)
        segments = [
            Segment(shown, base + self._look(row, start))
            for start, shown in zip(starts, drawn, strict=False)
            if begin <= start < end
        ]
        width = self.scrollable_content_region.width
        if part == len(breaks) - 2 and self.cursor_location == (row, len(line)) and self.has_focus:
            segments.append(Segment(" ", base + self._look(row, len(line))))
        return LeanStrip.filled(segments, width, base)

    def _look(self, row: int, column: int) -> Style:
        """How the cluster at a column differs from the text round it."""
        look = Style.null()
        start, end = sorted(self.selection)
        if start <= (row, column) < end and self.styles_of_text.selection_style:
            look += self.styles_of_text.selection_style
        if self.has_focus and self.styles_of_text.cursor_style:
            cursor_row, cursor_column = self.cursor_location
            if row == cursor_row and column == graphemes.begin_of(self.document[row], cursor_column):
                look += self.styles_of_text.cursor_style
        return look

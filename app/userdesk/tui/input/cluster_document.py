"""Wrapped lines that never tear a cluster; lines of simple characters are the framework's own affair."""

from bisect import bisect_left, bisect_right
from functools import lru_cache

from rich.cells import cell_len
from textual.expand_tabs import expand_tabs_inline
from textual.geometry import Offset, clamp
from textual.widgets.text_area import Location

from userdesk.tui.input.graphemes import clusters_of, is_simple
from userdesk.tui.terminal.open_widgets import SettableRows


@lru_cache(256)
def wrap_offsets(line: str, width: int, tab_size: int) -> tuple[int, ...]:
    """The code points before which a line is broken so that each part fits `width` cells.

    It is broken before words, and within a word only where that is wider than a whole row.
    """
    starts, edges, _ = clusters_of(line, tab_size)
    breaks: list[int] = []
    used = at = 0
    count = len(starts) - 1
    while at < count:
        end = at
        while end < count and not line[starts[end]].isspace():
            end += 1
        while end < count and line[starts[end]].isspace():
            end += 1
        wide = edges[end] - edges[at]
        if used + wide <= width:
            used += wide
        elif wide <= width:
            breaks.append(starts[at])
            used = wide
        else:
            if at:
                breaks.append(starts[at])
            used = 0
            for number in range(at, end):
                step = edges[number + 1] - edges[number]
                if used and used + step > width:
                    breaks.append(starts[number])
                    used = 0
                used += step
        at = end
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

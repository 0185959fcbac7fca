"""The framework's view of a document as wrapped into rows, with rows that can be set."""

from textual.widgets.text_area import WrappedDocument


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

    @property
    def breaks(self) -> list[list[int]]:
        """For each line the code points before which it is broken."""
        return self._wrap_offsets

    def set_breaks(self, breaks: list[list[int]]) -> None:
        """Break the lines there, one list for each line of the document."""
        self._wrap_offsets = breaks
        self._offset_to_line_info = [
            (number, part) for number, within in enumerate(breaks) for part in range(len(within) + 1)
        ]
        self._line_index_to_offsets = []
        top = 0
        for within in breaks:
            self._line_index_to_offsets.append(list(range(top, top + len(within) + 1)))
            top += len(within) + 1

    def row_at(self, y: int) -> tuple[int, int]:
        """The line that a row shows and which of its parts; `y` is less than `height`."""
        return self._offset_to_line_info[y]

    def y_of(self, line: int, part: int) -> int:
        """The row that shows a part of a line."""
        return self._line_index_to_offsets[line][part]

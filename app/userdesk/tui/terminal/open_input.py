"""The framework's one-line input, with public places for what it decides in private ones."""

from textual.widgets import Input


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

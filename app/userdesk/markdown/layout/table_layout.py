"""A table's rows on the screen: columns side by side, or one under the other where they have no room."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from userdesk.markdown.layout.cells import cells
from userdesk.markdown.layout.column_widths import BORDERS, Need
from userdesk.markdown.layout.long_addresses import ROOM_IN_TABLE, shortened
from userdesk.markdown.layout.rows import Run
from userdesk.markdown.layout.wrap import Placed, longest_word, wrapped_placed

_LETTER = re.compile(r"[^\W\d_]")
_ROOM_FOR_ADDRESS = 24
"""The least cells of a column to which an address is shortened: less would not tell its host."""
_COLON = Placed(Run(": ", "table-head"), -1)


class CellLine(NamedTuple):
    """A line of a cell: what is drawn, and its cells."""

    pieces: list[Placed]
    cells: int
    runs: Sequence[Run] = ()
    """What it is drawn from."""
    begin: int = 0
    """Where it begins in the cell's text."""


@dataclass(slots=True)
class Cell:
    """What stands in one row of one column; the offsets of its pieces count from its own beginning."""

    text: str
    lines: list[CellLine]

    def need(self) -> Need:
        """The room it needs."""
        width = word = 0
        for line in self.lines:
            width = max(width, line.cells)
            word = max(word, longest_word("".join([run.text for run, _ in line.pieces])))
        return Need(width, word, _LETTER.search(self.text) is not None)


class TableRow(list[Cell]):
    """One source row: a cell for every column."""

    __slots__ = ("_drawn", "_widths")

    def __init__(self, cells: Iterable[Cell] = ()) -> None:
        super().__init__(cells)
        self._widths: list[int] = []
        self._drawn: list[list[Placed]] = []

    def needs(self) -> list[Need]:
        """The room that each cell needs."""
        return [cell.need() for cell in self]

    def side_by_side(self, widths: list[int], align: list[str], border: str) -> list[list[Placed]]:
        """The screen rows of one table row, cells wrapped in their columns; kept while the widths stay."""
        if widths != self._widths:
            self._widths, self._drawn = widths, _side_by_side(self, widths, align, border)
        return self._drawn


def cell_of(lines: list[list[Run]]) -> Cell:
    """A cell from the runs of its lines."""
    text = ""
    drawn: list[CellLine] = []
    for line in lines:
        if drawn:
            text += " "
        begin = len(text)
        begins = accumulate([len(run.text) for run in line], initial=begin)
        pieces = _moved(shortened(line, ROOM_IN_TABLE) or [], begin) or list(map(Placed, line, begins))
        text += "".join([run.text for run in line])
        width = cells("".join([piece.run.text for piece in pieces]))
        drawn.append(CellLine(pieces, width, line, begin))
    return Cell(text, drawn)


def rule(widths: list[int], border: str) -> Run:
    """The line under the header, and between rows that wrap."""
    crossing = border.replace(" ", "─").replace("│", "┼")
    return Run(crossing.join(["─" * width for width in widths]), "table-border")


def plain_text(row: TableRow) -> str:
    """A row's logical line: its cells, tabs between them."""
    return "\t".join([cell.text for cell in row])


def _side_by_side(row: TableRow, widths: list[int], align: list[str], border: str) -> list[list[Placed]]:
    columns: list[list[CellLine]] = []
    begins, begin = [], 0
    for cell, width in zip(row, widths, strict=True):
        columns.append([part for line in cell.lines for part in _wrapped(line, width)])
        begins.append(begin)
        begin += len(cell.text) + 1
    drawn = []
    between = Placed(Run(border, "table-border"), -1)
    last = len(columns) - 1
    for number in range(max(map(len, columns))):
        out: list[Placed] = []
        for index, column in enumerate(columns):
            pieces, used = column[number][:2] if number < len(column) else ([], 0)
            spare = widths[index] - used
            before = spare if align[index] == ">" else spare // 2 if align[index] == "^" else 0
            out += _space(before) + _moved(pieces, begins[index])
            if index < last:
                out += [*_space(spare - before), between]
        drawn.append(out)
    return drawn


def _wrapped(line: CellLine, width: int) -> list[CellLine]:
    if line.cells <= width:
        return [line]
    pieces = shortened(line.runs, width) if width >= _ROOM_FOR_ADDRESS else None
    rows = wrapped_placed(_moved(pieces, line.begin) if pieces else line.pieces, width)
    return [CellLine(row, sum([cells(piece.run.text) for piece in row])) for row in rows]


def _space(width: int) -> list[Placed]:
    return [Placed(Run(" " * width), -1)] if width else []


def _moved(pieces: list[Placed], by: int) -> list[Placed]:
    if not by:
        return pieces
    return [Placed(run, offset if offset < 0 else offset + by) for run, offset in pieces]


def in_one_line(header: TableRow) -> list[Placed]:
    """The titles behind one another, as long as it is not decided how the table stands."""
    pieces: list[Placed] = []
    begin = 0
    for cell in header:
        if begin:
            pieces.append(Placed(Run(BORDERS[0], "table-border"), -1))
        for line in cell.lines:
            pieces += _moved(line.pieces, begin)
        begin += len(cell.text) + 1
    return pieces


def stacked(title: Cell, cell: Cell) -> tuple[str, list[list[Placed]]]:
    """The logical line of `title: value`, and the lines that it is drawn in."""
    head = [piece for line in title.lines for piece in line.pieces]
    text = title.text
    if head:
        head.append(_COLON)
        text += ": "
    lines = [_moved(line.pieces, len(text)) for line in cell.lines] or [[]]
    lines[0] = head + lines[0]
    return text + cell.text, lines

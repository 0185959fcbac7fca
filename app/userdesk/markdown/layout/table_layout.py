"""A table's rows on the screen: columns side by side, or one under the other where they have no room."""

from dataclasses import dataclass, field

from userdesk.markdown.layout.cells import cells
from userdesk.markdown.layout.rows import Run
from userdesk.markdown.layout.wrap import cut, wrapped

SAMPLE = 64
"""Rows that the columns' widths are taken from; the ones behind them have to fit in."""
SAMPLE_CELLS = 512
"""Cells that they are taken from at most."""
MIN_COLUMN = 6
_BORDER = Run(" │ ", "table-border")
_BORDER_CELLS = 3

Cell = list[Run]


@dataclass(slots=True)
class TableRow:
    """One source row: its cells, and their natural widths."""

    cells: list[Cell]
    widths: list[int]


@dataclass(slots=True)
class DrawnRow:
    """One row of the screen: its runs, and each run's offset in the logical line (-1: decoration)."""

    runs: list[Run] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)

    def add(self, run: Run, offset: int = -1) -> None:
        """Put a run behind the others."""
        self.runs.append(run)
        self.offsets.append(offset)


def measured(row: list[Cell], columns: int) -> TableRow:
    """A row with exactly as many cells as there are columns, measured."""
    row = (row + [[] for _ in range(columns - len(row))])[:columns]
    return TableRow(row, [sum(cells(run.text) for run in cell) for cell in row])


def column_widths(natural: list[int], room: int) -> list[int] | None:
    """Widths that fit into `room` cells, the widest columns shrunk first; None where they cannot fit."""
    natural = [max(width, 1) for width in natural]
    room -= _BORDER_CELLS * (len(natural) - 1)
    if sum(natural) <= room:
        return natural
    least = [min(width, MIN_COLUMN) for width in natural]
    if sum(least) > room:
        return None
    limit = room
    left = room
    for index, width in enumerate(sorted(natural)):
        limit = left // (len(natural) - index)
        if width > limit:
            break
        left -= width
    limit = max(limit, MIN_COLUMN)
    widths = [min(width, limit) for width in natural]
    spare = room - sum(widths)
    for index, width in enumerate(natural):
        if spare > 0 and widths[index] < width:
            widths[index] += 1
            spare -= 1
    return widths


def rule(widths: list[int]) -> Run:
    """The line under the header."""
    return Run("─┼─".join("─" * width for width in widths), "table-border")


def plain_text(row: TableRow) -> str:
    """A row's logical line: its cells, tabs between them."""
    return "\t".join("".join(run.text for run in cell) for cell in row.cells)


def side_by_side(row: TableRow, widths: list[int], align: list[str]) -> list[DrawnRow]:
    """The screen rows of one table row, cells wrapped in their columns."""
    columns: list[list[tuple[int, Cell, int]]] = []  # per column, per screen row: offset, runs, width
    begin = 0
    for cell, natural, width in zip(row.cells, row.widths, widths, strict=True):
        text = "".join(run.text for run in cell)
        if natural <= width:
            columns.append([(begin, cell, natural)])
        else:
            slices = wrapped(text, width)
            pieces = cut(cell, slices)
            columns.append(
                [
                    (begin + start, piece, cells(text[start:end]))
                    for (start, end), piece in zip(slices, pieces, strict=True)
                ]
            )
        begin += len(text) + 1
    drawn = []
    last = len(columns) - 1
    for line in range(max(map(len, columns), default=0)):
        out = DrawnRow()
        for index, column in enumerate(columns):
            offset, runs, used = column[line] if line < len(column) else (0, [], 0)
            before, behind = _padding(widths[index] - used, align[index])
            if before:
                out.add(Run(" " * before))
            for run in runs:
                out.add(run, offset)
                offset += len(run.text)
            if index < last:
                if behind:
                    out.add(Run(" " * behind))
                out.add(_BORDER)
        drawn.append(out)
    return drawn


def _padding(spare: int, align: str) -> tuple[int, int]:
    if align == ">":
        return spare, 0
    if align == "^":
        return spare // 2, spare - spare // 2
    return 0, spare


def stacked(header: TableRow, row: TableRow) -> list[Cell]:
    """One line `header: value` for every cell of a row."""
    lines = []
    for title, cell in zip(header.cells, row.cells, strict=True):
        lines.append([*title, Run(": ", "table-head"), *cell] if title else list(cell))
    return lines

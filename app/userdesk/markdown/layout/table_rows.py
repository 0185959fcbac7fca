"""One table leaf to rows: its cells are parsed once, its shape and its columns are settled early."""

from collections.abc import Callable, Iterable
from time import perf_counter

from userdesk.markdown.layout.column_widths import Need, border_for, column_widths
from userdesk.markdown.layout.prefixes import RowWriter
from userdesk.markdown.layout.rows import Run
from userdesk.markdown.layout.table_layout import (
    TableRow,
    cell_of,
    in_one_line,
    plain_text,
    rule,
    stacked,
)
from userdesk.markdown.layout.wrap import Placed, wrapped_placed
from userdesk.markdown.parse.containers import Leaf
from userdesk.markdown.parse.tables import alignments, source_cells

Parse = Callable[[str, str, bool, bool], list[list[Run]]]
"""A text, its style, whether it still grows, whether its last word goes on elsewhere → its lines' runs."""
SAMPLE = 64
"""Rows that the columns' widths are taken from; the ones behind them have to fit in."""
SAMPLE_CELLS = 512
"""Cells that they are taken from at most."""
WIDEST = 100
"""Cells of a table at most, behind what it stands in, however wide the layout is."""
_HEAD_LINES = 2  # the header and the delimiter row
_INDENT = Placed(Run("  "), -1)  # before what goes on from the row above in a stacked table
_ROOM_TO_INDENT = 16  # cells


class TableBuilder:
    """What is known of one table while its rows arrive."""

    def __init__(self, leaf: Leaf, parse: Parse) -> None:
        self.leaf = leaf
        self.begun = False
        """Whether rows were drawn for good."""
        self._parse = parse
        self._align = alignments(leaf.lines[1])
        # Fewer rows where there are many columns, so that the part set anew each time stays small.
        self._sample = max(1, min(SAMPLE, SAMPLE_CELLS // len(self._align)))
        self._header: TableRow | None = None
        self._first: list[Need] | None = None  # of the first row
        self._pending: list[TableRow] = []  # parsed, not drawn for good
        self._read = 0  # body rows parsed for good
        self._needs: list[Need] = []  # of the header, and of every column in the rows read
        self._border: str | None = None  # once it is settled
        self._widths: list[int] | None = None  # once they are settled
        self._wraps: bool | None = None  # whether the last row drawn for good takes several; None for no row

    @property
    def is_fixed(self) -> bool:
        """Whether the columns' widths are settled, so that rows can be drawn for good."""
        return self._read >= self._sample

    def _titles(self, tentative: bool) -> TableRow:
        """The header, which is parsed once."""
        if self._header is None:
            self._header = self._row(self.leaf.lines[0], "table-head", tentative)
            self._needs = self._header.needs()
        return self._header

    def read(self, until: float) -> bool:
        """Parse some of the complete rows that have arrived; whether those were all.

        It stops where it is time to draw them, at the latest at `until`, a time of `perf_counter`.
        """
        self._titles(tentative=False)
        lines = self.leaf.lines
        while (at := _HEAD_LINES + self._read) < len(lines):
            row = self._row(lines[at], "", tentative=False)
            self._pending.append(row)
            if self._read < self._sample:
                needs = row.needs()
                self._needs = _most(self._needs, needs)
                self._first = self._first or needs
            self._read += 1
            if not self._read % self._sample or perf_counter() > until:
                break
        return _HEAD_LINES + self._read >= len(lines)

    def _rows(self, tentative: bool, keep: bool) -> list[TableRow]:
        if keep:
            rows, self._pending = self._pending, []
            return rows
        lines = self.leaf.lines[_HEAD_LINES + self._read :]
        rows = [self._row(line, "", tentative) for line in lines]
        if rows and not self._read and (len(rows) > 1 or not tentative):
            self._first = rows[0].needs()
        return self._pending + rows

    def draw(self, writer: RowWriter, tentative: bool, keep: bool) -> None:
        """Append what was not drawn yet, for good (`keep`) or until the next layout.

        What is not decided yet, the shape, waits for the first row to be complete: it is not drawn before.
        `tentative` says that the last row still grows.
        """
        header, rows = self._titles(tentative), self._rows(tentative, keep)
        self.begun = self.begun or keep
        room = min(writer.room, WIDEST)
        if self._border is None:
            self._border = border_for(header.needs(), self._first, room)
        border = self._border
        if self._wraps is not None:
            writer.before = writer.beneath
        if border is None or not (border or rows):
            self.draw_titles(writer)
        elif border:
            widths = self._column_widths(rows, room, border)
            self._draw_side_by_side(header, rows, writer, border, widths, keep)
        else:
            _draw_stacked(header, rows, writer, room, begin=self._wraps is None)
            self._wraps = False if keep else self._wraps

    def draw_titles(self, writer: RowWriter) -> None:
        """Append the titles behind one another, as long as it is not known how they stand."""
        header = self._titles(tentative=True)
        _draw_line(plain_text(header), wrapped_placed(in_one_line(header), writer.room), writer)

    def _column_widths(self, rows: list[TableRow], room: int, border: str) -> list[int]:
        if self._widths is not None:
            return self._widths
        needs = self._needs
        for row in rows[len(self._pending) : self._sample - self._read + len(self._pending)]:
            needs = _most(needs, row.needs())
        room -= len(border) * (len(needs) - 1)
        widths = column_widths(needs, room, grows=self.is_fixed)
        if self.is_fixed:
            self._widths = widths
        return widths

    def _draw_side_by_side(
        self,
        header: TableRow,
        rows: list[TableRow],
        writer: RowWriter,
        border: str,
        widths: list[int],
        keep: bool,
    ) -> None:
        line = rule(widths, border)
        wraps = self._wraps
        if wraps is None:
            _draw_line(plain_text(header), header.side_by_side(widths, self._align, border), writer)
            _draw_rule(line, writer)
        for row in rows:
            drawn = row.side_by_side(widths, self._align, border)
            wrapped = len(drawn) > 1
            if wraps is not None and (wraps or wrapped):
                _draw_rule(line, writer)
            _draw_line(plain_text(row), drawn, writer)
            wraps = wrapped
        if keep:
            self._wraps = wraps

    def _row(self, line: str, base: str, tentative: bool) -> TableRow:
        columns = len(self._align)
        *sources, last = source_cells(line, columns, tentative)
        broken = self.leaf.broken and line is self.leaf.lines[-1]
        row = TableRow(cell_of(self._parse(source, base, False, False)) for source in sources)
        row.append(cell_of(self._parse(last, base, tentative, broken)))
        row += [cell_of([]) for _ in range(columns - len(row))]
        return row


def _most(needs: list[Need], others: list[Need]) -> list[Need]:
    return [need.most(other) for need, other in zip(needs, others, strict=True)]


def _draw_line(text: str, rows: Iterable[list[Placed]], writer: RowWriter) -> None:
    """Append one logical line, drawn in some rows."""
    writer.layout.set_line_text(writer.line, text)
    for pieces in rows:
        offsets = [offset for _, offset in pieces]
        start = min([at for at in offsets if at >= 0], default=0)
        writer.add([run for run, _ in pieces], start, offsets=offsets)
    writer.line += 1


def _draw_rule(rule: Run, writer: RowWriter) -> None:
    """Append a row that belongs to the line above and has no text."""
    writer.line -= 1
    writer.add(start=writer.layout.line_size(writer.line), head=(rule,))
    writer.line += 1


def _draw_stacked(header: TableRow, rows: list[TableRow], writer: RowWriter, room: int, begin: bool) -> None:
    for index, row in enumerate(rows):
        if index or not begin:
            writer.add()
            writer.line += 1
        for title, cell in zip(header, row, strict=True):
            text, lines = stacked(title, cell)
            _draw_line(text, _indented(lines, room), writer)


def _indented(lines: list[list[Placed]], room: int) -> list[list[Placed]]:
    """Lines wrapped so that all rows but the first stand in."""
    indent = [_INDENT] if room >= _ROOM_TO_INDENT else []
    first, *others = [row for line in lines for row in wrapped_placed(line, room - 2 * len(indent))]
    return [first, *[[*indent, *row] for row in others]]

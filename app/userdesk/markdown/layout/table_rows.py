"""One table leaf to rows: its cells are parsed once, its columns fixed after a number of rows."""

from userdesk.markdown.layout.masking import masked
from userdesk.markdown.layout.prefixes import Prefix
from userdesk.markdown.layout.rows import Layout, Row, Run
from userdesk.markdown.layout.table_layout import (
    SAMPLE,
    SAMPLE_CELLS,
    Cell,
    TableRow,
    column_widths,
    measured,
    plain_text,
    rule,
    side_by_side,
    stacked,
)
from userdesk.markdown.layout.wrap import cut, wrapped
from userdesk.markdown.parse.containers import Leaf
from userdesk.markdown.parse.inline import parse_inline
from userdesk.markdown.parse.references import References
from userdesk.markdown.parse.tables import alignments, source_cells

_HEAD_LINES = 2  # the header and the delimiter row


class TableBuilder:
    """What is known of one table while its rows arrive."""

    def __init__(self, leaf: Leaf) -> None:
        self.leaf = leaf
        self.missed: set[str] = set()
        """Labels of link references that no definition was known for."""
        self._align = alignments(leaf.lines[1])
        # Fewer rows where there are many columns, so that the part set anew each time stays small.
        self._sample = max(1, min(SAMPLE, SAMPLE_CELLS // len(self._align)))
        self._header: TableRow | None = None
        self._pending: list[TableRow] = []  # parsed, not drawn for good
        self._read = 0  # body rows parsed for good
        self._natural: list[int] = []  # of the header and the first rows
        self._parsed = 0

    @property
    def is_fixed(self) -> bool:
        """Whether the columns' widths are settled, so that rows can be drawn for good."""
        return self._read >= self._sample

    def take_parsed(self) -> int:
        """Characters handed to the inline parser since the last call."""
        count, self._parsed = self._parsed, 0
        return count

    def read(self, references: References, known: int) -> None:
        """Parse the complete rows that have arrived."""
        if self._header is None:
            self._header = self._row(self.leaf.lines[0], references, known, "table-head", tentative=False)
            self._natural = self._header.widths[:]
        for line in self.leaf.lines[_HEAD_LINES + self._read :]:
            row = self._row(line, references, known, "", tentative=False)
            self._pending.append(row)
            if self._read < self._sample:
                self._natural = list(map(max, self._natural, row.widths))
            self._read += 1

    def rows(self, references: References, known: int, tentative: bool, keep: bool) -> list[TableRow]:
        """The rows to draw now: for good (`keep`), or until the next layout, the last one still growing."""
        if keep:
            self.read(references, known)
            rows, self._pending = self._pending, []
            return rows
        if self._header is None:
            self._header = self._row(self.leaf.lines[0], references, known, "table-head", tentative)
            self._natural = self._header.widths[:]
        lines = self.leaf.lines[_HEAD_LINES + self._read :]
        return self._pending + [self._row(line, references, known, "", tentative) for line in lines]

    def draw(
        self, rows: list[TableRow], layout: Layout, line: int, before: Prefix, beneath: Prefix, begin: bool
    ) -> int:
        """Append rows to the layout, the header first where the table begins; the next logical line."""
        assert self._header is not None
        natural = self._natural
        sample = max(self._sample - (self._read - len(self._pending)), 0) if rows and not self.is_fixed else 0
        for row in rows[:sample]:
            natural = list(map(max, natural, row.widths))
        widths = column_widths(natural, layout.width - beneath.cells)
        if begin:
            if widths is not None:
                line = self._draw_row(self._header, widths, layout, line, before, beneath)
                last = layout.rows[-1]
                runs = (*beneath.runs, rule(widths))
                layout.rows.append(Row(runs, len(runs), last.line, len(layout.line_text(last.line))))
            elif not rows:
                line = self._draw_stacked(list(self._header.cells), layout, line, before, beneath)
            if widths is not None or not rows:
                before = beneath
        else:
            before = beneath
        for row in rows:
            if widths is not None:
                line = self._draw_row(row, widths, layout, line, before, beneath)
            else:
                line = self._draw_stacked(stacked(self._header, row), layout, line, before, beneath)
            before = beneath
        return line

    def _draw_row(
        self, row: TableRow, widths: list[int], layout: Layout, line: int, before: Prefix, beneath: Prefix
    ) -> int:
        layout.set_line_text(line, plain_text(row))
        for drawn in side_by_side(row, widths, self._align):
            count = len(before.runs)
            offsets = (-1,) * count + tuple(drawn.offsets)
            start = min((at for at in drawn.offsets if at >= 0), default=0)
            layout.rows.append(Row((*before.runs, *drawn.runs), count, line, start, "", offsets))
            before = beneath
        return line + 1

    def _draw_stacked(
        self, cells: list[Cell], layout: Layout, line: int, before: Prefix, beneath: Prefix
    ) -> int:
        room = layout.width - beneath.cells
        for cell in cells:
            text = "".join(run.text for run in cell)
            slices = wrapped(text, room)
            for (at, _end), piece in zip(slices, cut(cell, slices), strict=True):
                layout.rows.append(Row((*before.runs, *piece), len(before.runs), line, at))
                before = beneath
            line += 1
        return line

    def _row(self, line: str, references: References, known: int, base: str, tentative: bool) -> TableRow:
        cells = source_cells(line, len(self._align), tentative)
        last = len(cells) - 1
        self._parsed += len(line)
        runs: list[list[Run]] = []
        for index, cell in enumerate(cells):
            found = parse_inline(cell, references, known, base, tentative and index == last)
            self.missed |= found.missed
            runs.append(masked([run for part in found.lines for run in part]))
        return measured(runs, len(self._align))

"""What laid-out text is made of: runs in one style, rows of runs, and the layout that holds the rows."""

import sys
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from userdesk.markdown.layout.cells import cells


class Run(NamedTuple):
    """Text in one style. It is source text: draw `cells.display(text)`, copy `text`."""

    text: str
    style: str = ""
    """Space-joined names, see `STYLES`; empty for plain text."""
    href: str = ""
    """Where a click leads: http, https or mailto; empty where there is no link."""


STYLES = frozenset(
    (
        *(f"heading{level}" for level in range(1, 7)),
        *("table-head", "table-border", "strong", "em", "strike", "code", "image", "link", "link-address"),
        *("underline", "mark", "math", "comment"),
        *("marker", "task-done", "quote", "rule"),
        *("code-block", "code-label", "code-keyword", "code-string", "code-comment", "code-number"),
        *("code-operator", "code-name", "code-inserted", "code-deleted"),
    )
)
"""Every name that a run's style may be joined from."""


@dataclass(slots=True)
class Row:
    """One row of the screen.

    Rows wrapped from one logical line share `line`. The first `prefix` runs are decoration: drawn, never
    copied. Where decoration also stands between texts (a table's row), `offsets` says for every run where
    in the logical line it begins, -1 for decoration.
    """

    runs: tuple[Run, ...]
    prefix: int = 0
    line: int = 0
    start: int = 0
    fill: str = ""
    offsets: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """Everything drawn in this row, decoration too, as source text."""
        return "".join(run.text for run in self.runs)

    @property
    def cells(self) -> int:
        """The row's width in cells."""
        return sum(cells(run.text) for run in self.runs)

    def placed(self) -> list[tuple[int, int, str]]:
        """(first cell, offset in the logical line, text) of every run that is not decoration."""
        placed, x, at = [], 0, self.start
        for index, (text, _style, _href) in enumerate(self.runs):
            if self.offsets:
                if self.offsets[index] >= 0:
                    placed.append((x, self.offsets[index], text))
            elif index >= self.prefix:
                placed.append((x, at, text))
                at += len(text)
            x += cells(text)
        return placed

    def spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """The ranges of cells (first, past the last) that show offsets start..end of the logical line."""
        spans = []
        for first, at, text in self.placed():
            low, high = max(start - at, 0), min(end - at, len(text))
            if low < high:
                left = first + cells(text[:low])
                spans.append((left, left + cells(text[low:high])))
        return spans


class Layout:
    """Rows at one width. While text streams in, it is one growing object.

    `rows[:stable]` are final, but for the colours of a code block, which change once when it is complete.
    `rows[changed_from:]` may differ from what the call before gave, and those in `recoloured` do.
    """

    __slots__ = ("_tables", "changed_from", "recoloured", "rows", "stable", "width")

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows: list[Row] = []
        self.stable = 0
        self.changed_from = 0
        self.recoloured: list[int] = []
        self._tables: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def set_line_text(self, line: int, text: str) -> None:
        """Keep a logical line's text that its rows cannot give back: a table's row."""
        self._tables[line] = text

    def forget_lines(self, first: int) -> None:
        """Drop what was kept for the logical lines from `first` on: they are laid out anew."""
        while self._tables and (last := next(reversed(self._tables))) >= first:
            del self._tables[last]

    def put_above(self, row: Row) -> None:
        """One more logical line above all others, of one row."""
        for other in self.rows:
            other.line += 1
        self._tables = {line + 1: text for line, text in self._tables.items()}
        self.rows.insert(0, row)

    @property
    def line_count(self) -> int:
        """How many logical lines there are."""
        return self.rows[-1].line + 1 if self.rows else 0

    def first_row(self, line: int) -> int:
        """The index of the first row of a logical line."""
        return bisect_left(self.rows, line, key=lambda row: row.line)

    def line_text(self, line: int) -> str:
        """The plain text of a logical line: no wraps, borders, padding. Empty beyond the last one."""
        return self.line_part(line, 0, sys.maxsize)[1]

    def line_size(self, line: int) -> int:
        """How many characters `line_text` has."""
        if line in self._tables:
            return len(self._tables[line])
        last = self.first_row(line + 1) - 1
        begin, text = self.line_part(line, self.rows[last].start if last >= 0 else 0, sys.maxsize)
        return begin + len(text)

    def line_part(self, line: int, start: int, end: int) -> tuple[int, str]:
        """A part of a logical line that holds its characters from `start` to `end`, and where it begins."""
        if line in self._tables:
            return 0, self._tables[line]
        near = bisect_right(self.rows, (line, start), key=lambda row: (row.line, row.start)) - 1
        first = max(self.first_row(line), near)
        begin = size = self.rows[first].start if first < len(self.rows) else 0
        parts = list[str]()
        for index in range(first, len(self.rows)):
            row = self.rows[index]
            if row.line != line or row.start >= end:
                break
            # Only spaces are left out where a row is wrapped.
            if drawn := "".join([run.text for run in row.runs[row.prefix :]]):
                parts.append(" " * (row.start - size) + drawn)
                size += len(parts[-1])
        return begin, "".join(parts)


def first_change(rows: list[Row], first: int, old: list[Row]) -> int:
    """The index of the first row from `first` on that is not what it was before, when `old` stood there."""
    for index, (row, was) in enumerate(zip(rows[first:], old, strict=False)):
        if row != was:
            return first + index
    return first + min(len(rows) - first, len(old))

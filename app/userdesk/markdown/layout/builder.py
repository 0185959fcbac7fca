"""Leaves to rows at one width. What is final is set once; the open tail is set anew at every layout."""

from dataclasses import replace
from functools import partial
from math import inf
from time import perf_counter
from typing import NamedTuple

from userdesk.markdown.layout.code_rows import CodeBuilder
from userdesk.markdown.layout.long_addresses import without_cut_links
from userdesk.markdown.layout.masking import masked
from userdesk.markdown.layout.prefixes import RowWriter, prefix
from userdesk.markdown.layout.rows import Layout, Row, Run
from userdesk.markdown.layout.table_rows import TableBuilder
from userdesk.markdown.layout.text_rows import Carry, draw_text
from userdesk.markdown.parse.blocks import BlockParser
from userdesk.markdown.parse.containers import Kind, Leaf
from userdesk.markdown.parse.inline import parse_inline
from userdesk.markdown.parse.tables import header_prospect, source_cells

RULE_CELLS = 40


class _Unshown(NamedTuple):
    """Definitions that were not drawn: what stands before the leaf behind them, and where that is."""

    leaf: int
    common: int
    gap: bool
    gap_frames: int


class LayoutBuilder:
    """Sets the leaves of one parser into one layout."""

    def __init__(
        self,
        parser: BlockParser,
        width: int,
        late: frozenset[str] = frozenset(),
        layout: Layout | None = None,
        *,
        waits: bool = True,
    ) -> None:
        """`waits`: whether code waits for its language's lexer to be built."""
        self.layout = layout or Layout(width)
        self.layout.rows.clear()
        self.missed: set[str] = set()
        """Labels of link references that no definition was known for."""
        self.late = late
        """Labels whose definitions count for what stands before them too."""
        self._parser = parser
        self._waits = waits
        self._leaf = 0  # the next leaf to set
        self._line = 0  # the next logical line
        self._carry: Carry | None = None
        self._code: CodeBuilder | None = None
        self._table: TableBuilder | None = None
        self._unshown: _Unshown | None = None
        self._missed_in_tail: set[str] | None = None

    def freeze(self, until: float = inf) -> bool:
        """Set what is final, up to a time of `perf_counter`; whether that is all."""
        self._until = until
        self.layout.recoloured.clear()
        del self.layout.rows[self.layout.stable :]
        self.layout.forget_lines(self._line)
        leaves, is_in_time = self._parser.leaves, True
        while is_in_time and self._leaf < len(leaves):
            leaf, is_final = leaves[self._leaf], self._leaf < self._parser.final
            if not is_final and leaf.kind is not Kind.TABLE and not (leaf.kind is Kind.CODE and leaf.lines):
                break
            is_all = self._set(leaf)
            if is_all and not is_final:
                break
            self._leaf += is_all
            is_in_time = perf_counter() <= until
        self.layout.stable = len(self.layout.rows)
        return is_in_time

    def tail(self) -> None:
        """Set what is still open, and forget that it was set."""
        state = self._leaf, self._line, self._carry, self._unshown
        self._until = inf
        self._missed_in_tail = set()
        leaves = self._parser.leaves
        while self._leaf < len(leaves):
            last = self._leaf == len(leaves) - 1
            self._set(leaves[self._leaf], final=False, tentative=last)
            self._leaf += 1
        self._missed_in_tail = None
        self._leaf, self._line, self._carry, self._unshown = state

    def _known(self, leaf: Leaf) -> int:
        if leaf is self._parser.open:
            return len(self._parser.references)
        return max(leaf.known, self._parser.early) if self.late else leaf.known

    def _set(self, leaf: Leaf, final: bool = True, tentative: bool = False) -> bool:
        """Append a leaf's rows, of code and tables some of those that were not set; whether it has all."""
        if leaf.kind is Kind.CODE:
            return self._set_code(leaf, final)
        if leaf.kind is Kind.TABLE:
            return self._set_table(leaf, final, tentative)
        if leaf.kind is Kind.DEFINITION and self._is_waited_for(leaf.label):
            self._unshown = _Unshown(self._leaf + 1, *self._place(leaf))
            return True
        if tentative and leaf is self._parser.open and self._set_header_to_be(leaf):
            return True
        self._gap(leaf)
        writer = self._writer(leaf)
        if leaf.kind is Kind.RULE:
            writer.add(head=(Run("─" * min(RULE_CELLS, writer.room), "rule"),))
            writer.line += 1
        elif leaf.kind is Kind.EMPTY:
            writer.add()
            writer.line += 1
        else:
            self._set_text(leaf, writer, tentative)
        self._line = writer.line
        return True

    def _is_waited_for(self, label: str) -> bool:
        """Whether a reference before it needs a definition: there its address is shown at the end."""
        return label in self.missed or label in self.late or label in (self._missed_in_tail or ())

    def _place(self, leaf: Leaf) -> tuple[int, bool, int]:
        """How many frames were open before, whether a gap stands before it, and in how many frames."""
        unshown = self._unshown
        if unshown is None or unshown.leaf != self._leaf:
            return leaf.common, leaf.gap, leaf.gap_frames
        gap = bool(self.layout.rows) and (leaf.gap or unshown.gap)
        return min(leaf.common, unshown.common), gap, min(leaf.gap_frames, unshown.gap_frames)

    def _gap(self, leaf: Leaf) -> None:
        _common, gap, frames = self._place(leaf)
        if gap:
            runs = prefix(leaf.frames[:frames], frames, self.layout.width).runs
            self.layout.rows.append(Row(runs, len(runs), self._line))
            self._line += 1

    def _writer(self, leaf: Leaf) -> RowWriter:
        frames, width, shown = leaf.frames, self.layout.width, self._place(leaf)[0]
        beneath = prefix(frames, len(frames), width)
        before = prefix(frames, shown, width) if shown < len(frames) else beneath
        return RowWriter(self.layout, self._line, before, beneath)

    def _inline(self, leaf: Leaf, text: str, base: str, tentative: bool, broken: bool) -> list[list[Run]]:
        if leaf.kind is Kind.FORMULA:
            return [masked([Run(line, "math")] if line else []) for line in text.split("\n")]
        if leaf.kind is Kind.DEFINITION:
            return [masked(line) for line in parse_inline(text, {}, 0).lines]
        found = parse_inline(text, self._parser.references, self._known(leaf), base, tentative)
        (self.missed if self._missed_in_tail is None else self._missed_in_tail).update(found.missed)
        lines = found.lines
        if broken:
            lines[-1] = without_cut_links(lines[-1], begin=False, end=True)
        if leaf.number and self._parser.leaves[leaf.number - 1].broken:
            lines[0] = without_cut_links(lines[0], begin=True, end=False)
        return [masked(line) for line in lines]

    def _set_text(self, leaf: Leaf, writer: RowWriter, tentative: bool) -> None:
        behind = leaf.number + 1
        leaves = self._parser.leaves
        goes_on = not tentative and behind < len(leaves) and leaves[behind].glued
        base = f"heading{leaf.level}" if leaf.kind is Kind.HEADING else ""
        text = leaf.text if goes_on else leaf.text.rstrip(" \t")
        lines = self._inline(leaf, text, base, tentative, leaf.broken)
        self._carry = draw_text(lines, writer, self._carry, goes_on)

    def _set_code(self, leaf: Leaf, final: bool) -> bool:
        code = self._code if self._code and self._code.leaf is leaf else CodeBuilder(leaf, self._waits)
        if not code.begun:
            self._gap(leaf)
        writer, is_all = self._writer(leaf), True
        if final:
            self._code = code
            is_all = code.draw(writer, leaf is not self._parser.open, self._until)
        else:
            code.draw_until_next(writer)
        self._line = writer.line
        return is_all

    def _set_table(self, leaf: Leaf, final: bool, tentative: bool) -> bool:
        table = self._table
        if table is None or table.leaf is not leaf:
            table = TableBuilder(leaf, partial(self._inline, leaf))
        is_open, is_all = leaf is self._parser.open, True
        if final:
            self._table = table
            is_all = table.read(self._until)
            if not table.is_fixed and (is_open or not is_all):
                return is_all
        if not table.begun:
            self._gap(leaf)
        writer = self._writer(leaf)
        table.draw(writer, tentative and is_open, final)
        self._line = writer.line
        return is_all

    def _set_header_to_be(self, leaf: Leaf) -> bool:
        """Show what looks like a table's first line as that at once; hold one back that is not alone."""
        if leaf.kind is not Kind.PARAGRAPH or leaf.continued:
            return False
        prospect = header_prospect(leaf.lines[-1])
        if prospect is False:
            return False
        shown = replace(leaf, lines=leaf.lines[:-1])
        if shown.lines:
            self._set(shown, final=False, tentative=True)
        elif prospect and any(cells := source_cells(leaf.lines[0], growing=True)):
            shown.lines = [leaf.lines[0], "|".join("-" for _ in cells)]
            self._gap(shown)
            table = TableBuilder(shown, partial(self._inline, leaf))
            table.draw_titles(writer := self._writer(shown))
            self._line = writer.line
        return True

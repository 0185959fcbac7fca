"""A message's Markdown, growing while it streams in, and its layout."""

from collections import deque
from itertools import islice
from math import inf
from time import perf_counter
from typing import NamedTuple

from userdesk.markdown.highlight.syntax import is_known
from userdesk.markdown.layout.builder import LayoutBuilder
from userdesk.markdown.layout.rows import Layout, Row, Run, first_change
from userdesk.markdown.parse.blocks import BlockParser
from userdesk.markdown.parse.containers import Kind
from userdesk.markdown.parse.tentative import is_undecided

LONGEST_LINE = 2000
"""Characters of a line that the parser takes at once; what is behind them comes in parts."""
PIECE = 2_000
"""Characters of the text that are read between two looks at the clock."""
SETTLED = 100
"""Characters of an unfinished line from which on it may be settled that it is text."""
NARROWEST = 4
"""The least width, in cells, that anything is laid out to."""


class CodeBlock(NamedTuple):
    """A code block's source and the language it names."""

    text: str
    language: str


class Document:
    """Markdown text that grows, and its rows.

    Every line is parsed once, when it is complete; only the open end is parsed and laid out at every
    layout. A text gives the same rows however it was cut.
    """

    def __init__(self, text: str = "", *, waits: bool = True) -> None:
        """`waits`: whether a layout waits until the lexer of each complete block of code is built.

        Without it code has the colours that are known then, and `go_on` is not done before all are.
        """
        self._waits = waits
        self._looked_at = 0  # leaves of which it is known that their lexers are built
        self._parts: list[str] = []
        self._fresh: deque[str] = deque()  # pieces that were not read yet
        self._tail = ""  # the line that is not complete
        self._in_line = False  # whether the parser was given a part of that line
        self._parser = BlockParser()
        self.is_finished = False
        """Whether the text is complete."""
        self._changed = True
        self._setter: LayoutBuilder | None = None
        self.append(text)

    @property
    def text(self) -> str:
        """The whole source."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""

    def append(self, text: str) -> None:
        """Add text that was made safe before; it is parsed at the next layout."""
        if text:
            self._parts.append(text)
            self._fresh.extend(text[at : at + PIECE] for at in range(0, len(text), PIECE))
            self._changed = True

    def finish(self) -> None:
        """The text is complete: nothing is held back or guessed any more."""
        if not self.is_finished:
            self.is_finished = self._changed = True

    def layout(self, width: int) -> Layout:
        """The rows at `width` cells (4 at least), brought up to date.

        While the width stays it is always the same object.
        """
        setter = self._setter_of(width)
        if not self._changed:
            setter.layout.changed_from = len(setter.layout.rows)
            setter.layout.recoloured.clear()
            return setter.layout
        self._changed = False
        before = setter.layout.stable
        old = setter.layout.rows[before:]
        self._read()
        setter.freeze()
        if self.is_finished:
            if late := self._late_labels(setter):
                old = setter.layout.rows[:before] + old
                before = 0
                setter = self._new_setter(setter.layout.width, late, setter.layout)
                setter.freeze()
        else:
            self._set_tail(setter)
        setter.layout.changed_from = first_change(setter.layout.rows, before, old)
        return setter.layout

    def go_on(self, width: int, until: float) -> bool:
        """Do a part of what the next `layout` at that width has to do; whether only the open end is left.

        It stops at `until`, a time of `perf_counter`, or a few ms later: behind the block, the line of code
        or the rows of a table that it is at. The rows that `layout` gave before may change all the same.
        """
        setter = self._setter_of(width)
        if not (self._changed or self._fresh):
            return True
        if not (self._read(until) and self._knows_languages() and setter.freeze(until)):
            return False
        if self.is_finished and (late := self._late_labels(setter)):
            return self._new_setter(setter.layout.width, late).freeze(until)
        return True

    def _knows_languages(self) -> bool:
        """Whether what colours the complete blocks of code is built, or waited for."""
        parser = self._parser
        for leaf in () if self._waits else islice(parser.leaves, self._looked_at, None):
            is_code = leaf.kind is Kind.CODE and leaf.language and leaf is not parser.open
            if is_code and not is_known(leaf.language):
                return False
        self._looked_at = parser.final
        return True

    def code_blocks(self) -> list[CodeBlock]:
        """Every code block so far, in order."""
        self._read()
        blocks = []
        for leaf in self._parser.leaves:
            if leaf.kind is Kind.CODE:
                parts = set(leaf.parts)
                text = "".join(
                    line if index in parts or not index else "\n" + line
                    for index, line in enumerate(leaf.lines)
                )
                blocks.append(CodeBlock(text, leaf.language))
        return blocks

    def _setter_of(self, width: int) -> LayoutBuilder:
        """What sets the rows at a width; another one than before begins with none."""
        width = max(width, NARROWEST)
        if self._setter and self._setter.layout.width == width:
            return self._setter
        self._changed = True
        return self._new_setter(width)

    def _new_setter(
        self, width: int, late: frozenset[str] = frozenset(), layout: Layout | None = None
    ) -> LayoutBuilder:
        if self._setter:
            late = late or self._setter.late
        self._setter = LayoutBuilder(self._parser, width, late, layout, waits=self._waits)
        return self._setter

    def _late_labels(self, setter: LayoutBuilder) -> frozenset[str]:
        """The labels that count for references before their definition, where that was not known yet."""
        references, early = self._parser.references, self._parser.early
        missed = () if setter.late else setter.missed
        return frozenset(name for name in missed if name in references and references[name][0] < early)

    def _read(self, until: float = inf) -> bool:
        """Give the parser every line that is complete, up to a time; whether that was all."""
        while self._fresh:
            *lines, tail = (self._tail + self._fresh.popleft()).split("\n")
            for line in lines:
                self._give_part(self._give_parts(line))
                self._in_line = False
            self._tail = tail = self._give_parts(tail)
            if self._in_line and self._parser.in_paragraph:
                self._give_part(tail)
                self._tail = ""
            elif len(tail) > SETTLED:
                self._give_settled(tail)
            if self._fresh and perf_counter() > until:
                return False
        if self.is_finished:
            if self._tail:
                self._give_part(self._tail)
                self._tail = ""
            self._parser.finish()
        return True

    def _give_parts(self, line: str) -> str:
        """Give what of a line is too much to be given at once; the rest."""
        while len(line) > LONGEST_LINE:
            self._give_part(line[:LONGEST_LINE], goes_on=True)
            line = line[LONGEST_LINE:]
        return line

    def _give_part(self, part: str, goes_on: bool = False) -> None:
        self._parser.goes_on = goes_on
        if self._in_line:
            self._parser.glue(part)
        else:
            self._parser.line(part)
        self._in_line = True

    def _give_settled(self, tail: str) -> None:
        """Give the parser an unfinished line for good, where it will be text whatever follows."""
        state, in_line = self._parser.save(), self._in_line
        self._give_part(tail)
        if self._parser.in_text:
            self._tail = ""
        else:
            self._parser.restore(state)
            self._in_line = in_line

    def _set_tail(self, setter: LayoutBuilder) -> None:
        """Set the open end as if the unfinished line were complete, then take that back."""
        parser, tail, in_line = self._parser, self._tail, self._in_line
        state = parser.save()
        if tail and (in_line or not is_undecided(tail, parser.in_fence)):
            self._give_part(tail)
        parser.settle()
        setter.tail()
        parser.restore(state)
        self._in_line = in_line


def whole(text: str, width: int, *, waits: bool = True) -> Layout:
    """The layout of a complete text; `waits` as for a `Document`."""
    document = Document(text, waits=waits)
    document.finish()
    return document.layout(width)


__all__ = ["CodeBlock", "Document", "Layout", "Row", "Run", "whole"]

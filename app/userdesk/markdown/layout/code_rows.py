"""One code block to rows, line by line as it arrives, and once more when it is complete."""

from math import inf
from time import perf_counter

from userdesk.markdown.highlight.blocks import block_runs
from userdesk.markdown.highlight.code import CodeHighlighter
from userdesk.markdown.highlight.lexers import PLAIN
from userdesk.markdown.highlight.syntax import is_known
from userdesk.markdown.layout.masking import masked
from userdesk.markdown.layout.prefixes import RowWriter
from userdesk.markdown.layout.rows import Row, Run
from userdesk.markdown.layout.wrap import cut, folded
from userdesk.markdown.parse.containers import Leaf

_TAB = 4
_PAD = Run(" ", PLAIN)
_GOES_ON = Run("↪", "code-label")  # instead of it, where a row goes on from the one above
_ROOM_TO_PAD = 8  # cells


class CodeBuilder:
    """What is known of one code block while its lines arrive."""

    def __init__(self, leaf: Leaf, waits: bool) -> None:
        """`waits`: whether a complete block waits for its language's lexer to be built."""
        self.leaf = leaf
        self._waits = waits
        self.begun = False
        """Whether rows were drawn for good."""
        self._highlighter = CodeHighlighter(leaf.language)
        self._drawn = 0  # source lines that were drawn
        self._size = 0  # characters of the last logical line
        self._first_row = self._first_line = 0
        self._asked_colours = False

    def draw_until_next(self, writer: RowWriter) -> None:
        """Append what was not drawn yet, and forget that it was."""
        state = self._drawn, self._size, self._highlighter.within
        self._draw_lines(writer, inf)
        self._drawn, self._size, self._highlighter.within = state

    def draw(self, writer: RowWriter, is_complete: bool, until: float) -> bool:
        """Append lines for good, up to a time of `perf_counter`; whether those were all.

        A block that is complete has its final colours, those of lines drawn before too.
        """
        rows, leaf = writer.layout.rows, self.leaf
        coloured = None
        if is_complete and leaf.language and not self._asked_colours:
            self._asked_colours = True
            if self._waits or is_known(leaf.language):
                coloured = block_runs([source.expandtabs(_TAB) for source in leaf.lines], leaf.language)
        was: list[Row] = []
        if coloured and self.begun:
            was = rows[self._first_row :]
            del rows[self._first_row :]
            writer.line, self._drawn = self._first_line, 0
        self._draw_lines(writer, until, coloured)
        self.begun = True
        writer.layout.recoloured += [
            number for number, row in enumerate(was, self._first_row) if rows[number].runs != row.runs
        ]
        return self._drawn == len(leaf.lines)

    def _draw_lines(self, writer: RowWriter, until: float, coloured: list[list[Run]] | None = None) -> None:
        leaf = self.leaf
        if self.begun:
            writer.before = writer.beneath
        else:
            label = f" {leaf.info}"
            for start, end in folded(label, writer.room) if leaf.language else ():
                writer.add(head=(Run(label[start:end], "code-label"),), fill=PLAIN)
            self._first_row, self._first_line = len(writer.layout.rows), writer.line
        if not leaf.lines:
            writer.add(fill=PLAIN)
            writer.line += 1
        pad = writer.room >= _ROOM_TO_PAD
        room = writer.room - 2 * pad
        parts = set(leaf.parts)
        for index in range(self._drawn, len(leaf.lines)):
            start = 0
            if index in parts:
                writer.line -= 1
                start = self._size
            source = leaf.lines[index].expandtabs(_TAB)
            shown = masked(coloured[index] if coloured else self._highlighter.line(source))
            text = "".join([run.text for run in shown])
            slices = folded(text, room)
            for (at, _end), piece in zip(slices, cut(shown, slices), strict=True):
                head = (_GOES_ON if start + at else _PAD,) if pad else ()
                writer.add(piece, start + at, head=head, fill=PLAIN)
            self._size = start + len(text)
            writer.line += 1
            self._drawn = index + 1
            if not coloured and perf_counter() > until:
                break

"""Lines of text to rows; what is left of a long paragraph's part goes on in the next one."""

from typing import NamedTuple

from userdesk.markdown.layout.long_addresses import addresses_of, shortened
from userdesk.markdown.layout.prefixes import Prefix
from userdesk.markdown.layout.rows import Layout, Row, Run
from userdesk.markdown.layout.wrap import Placed, cut, text_to_break, wrapped, wrapped_placed


class Carry(NamedTuple):
    """The last row of a paragraph's part: the next part goes on in it."""

    runs: list[Run]
    start: int
    line: int
    before: Prefix


class TextBuilder:
    """Draws paragraphs and headings into one layout."""

    def __init__(self, layout: Layout) -> None:
        self.carry: Carry | None = None
        """What waits for the next part of a paragraph."""
        self._layout = layout

    def draw(self, lines: list[list[Run]], line: int, before: Prefix, beneath: Prefix, goes_on: bool) -> int:
        """Append logical lines; the next one's number. The last one is carried over if it `goes_on`.

        The first row of all stands behind `before`, the others behind `beneath`.
        """
        carry, self.carry = self.carry, None
        for index, runs in enumerate(lines):
            start = 0
            if carry:
                runs = [*carry.runs, *runs]
                start, line, before = carry.start, carry.line, carry.before
                carry = None
            starts = self._draw_line(runs, line, start, before, beneath)
            if goes_on and index == len(lines) - 1:
                at = next(at for at in reversed(starts) if at >= 0)
                first = starts.index(at)
                del self._layout.rows[first - len(starts) :]
                size = sum(len(run.text) for run in runs)
                rest = cut(runs, [(at, size)])[0] if at < size else []
                self.carry = Carry(rest, start + at, line, beneath if first else before)
            line += 1
            before = beneath
        return line

    def _draw_line(
        self, runs: list[Run], line: int, start: int, before: Prefix, beneath: Prefix
    ) -> list[int]:
        """Wrap one logical line. Where in `runs` its rows begin; -1 within a shortened address."""
        rows, room = self._layout.rows, self._layout.width - beneath.cells
        if len(runs) == 1 and not runs[0].href:
            text = runs[0].text  # most lines
        elif pieces := shortened(runs, room):
            return self._draw_shortened(runs, pieces, line, start, before, beneath)
        else:
            text = "".join([text_to_break(run) for run in runs])
        slices = wrapped(text, room)
        for (at, _end), piece in zip(slices, cut(runs, slices), strict=True):
            rows.append(Row((*before.runs, *piece), len(before.runs), line, start + at))
            before = beneath
        return [at for at, _end in slices]

    def _draw_shortened(
        self, runs: list[Run], pieces: list[Placed], line: int, start: int, before: Prefix, beneath: Prefix
    ) -> list[int]:
        starts, end = list[int](), 0
        head = self._layout.line_text(line)[:start].ljust(start)
        addresses = addresses_of(pieces)
        for drawn in wrapped_placed(pieces, self._layout.width - beneath.cells):
            at = drawn[0].offset if drawn and drawn[0].offset >= 0 else end
            end = max([at, *[offset + len(run.text) for run, offset in drawn if offset >= 0]])
            starts.append(-1 if any(first < at < last for first, last in addresses) else at)
            offsets = (
                *[-1] * len(before.runs),
                *[offset + start if offset >= 0 else -1 for _, offset in drawn],
            )
            shown = (*before.runs, *[run for run, _ in drawn])
            self._layout.rows.append(Row(shown, len(before.runs), line, start + at, "", offsets))
            before = beneath
        self._layout.set_line_text(line, head + "".join([run.text for run in runs]))
        return starts

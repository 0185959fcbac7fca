"""Lines of text to rows; what is left of a long paragraph's part goes on in the next one."""

from typing import NamedTuple

from userdesk.markdown.layout.long_addresses import addresses_of, shortened
from userdesk.markdown.layout.prefixes import Prefix, RowWriter
from userdesk.markdown.layout.rows import Run
from userdesk.markdown.layout.wrap import Placed, cut, text_to_break, wrapped, wrapped_placed


class Carry(NamedTuple):
    """The last row of a paragraph's part: the next part goes on in it."""

    runs: list[Run]
    start: int
    line: int
    before: Prefix


def draw_text(lines: list[list[Run]], writer: RowWriter, carry: Carry | None, goes_on: bool) -> Carry | None:
    """Append logical lines, the first one behind the `carry`; what is carried over where it all `goes_on`."""
    for index, runs in enumerate(lines):
        start = 0
        if carry:
            runs = [*carry.runs, *runs]
            start, writer.line, writer.before = carry.start, carry.line, carry.before
            carry = None
        before = writer.before
        starts = _draw_line(runs, start, writer)
        if goes_on and index == len(lines) - 1:
            at = next(at for at in reversed(starts) if at >= 0)
            first = starts.index(at)
            del writer.layout.rows[first - len(starts) :]
            size = sum(len(run.text) for run in runs)
            rest = cut(runs, [(at, size)])[0] if at < size else []
            carry = Carry(rest, start + at, writer.line, writer.beneath if first else before)
        writer.line += 1
    return carry


def _draw_line(runs: list[Run], start: int, writer: RowWriter) -> list[int]:
    """Wrap one logical line. Where in `runs` its rows begin; -1 within a shortened address."""
    if len(runs) == 1 and not runs[0].href:
        text = runs[0].text  # most lines
    elif pieces := shortened(runs, writer.room):
        return _draw_shortened(runs, pieces, start, writer)
    else:
        text = "".join([text_to_break(run) for run in runs])
    slices = wrapped(text, writer.room)
    for (at, _end), piece in zip(slices, cut(runs, slices), strict=True):
        writer.add(piece, start + at)
    return [at for at, _end in slices]


def _draw_shortened(runs: list[Run], pieces: list[Placed], start: int, writer: RowWriter) -> list[int]:
    starts, end = list[int](), 0
    head = writer.layout.line_text(writer.line)[:start].ljust(start)
    addresses = addresses_of(pieces)
    for drawn in wrapped_placed(pieces, writer.room):
        at = drawn[0].offset if drawn and drawn[0].offset >= 0 else end
        end = max([at, *[offset + len(run.text) for run, offset in drawn if offset >= 0]])
        starts.append(-1 if any(first < at < last for first, last in addresses) else at)
        offsets = [offset + start if offset >= 0 else -1 for _, offset in drawn]
        writer.add([run for run, _ in drawn], start + at, offsets=offsets)
    writer.layout.set_line_text(writer.line, head + "".join([run.text for run in runs]))
    return starts

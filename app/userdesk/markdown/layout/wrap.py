"""Breaks logical lines into rows: where a reader expects it, inside a word only when it must."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from userdesk.markdown.layout.cells import widths_of
from userdesk.markdown.layout.rows import Run

if TYPE_CHECKING:
    from userdesk.markdown.layout.line_breaks import LineBreaks

Slices = list[tuple[int, int]]
"""(start, end) of every row's text; what lies between two of them is spaces, not drawn."""

_CLOSING = frozenset(")]}!?.,;:")
_NOT_FIRST = re.compile(r"[)\]}!?]|[.,;:]+(?: |$)")
"""Marks that stay with what is before them, spaces or not; a full stop may begin a name: `.profile`."""
_WITHIN_WORD = re.compile("(?<=[A-Za-z0-9][-/])(?=[A-Za-z])")
"""Where words of ASCII may be broken."""

SHORTENED = "…"
"""Stands in an address for what is not drawn of it."""
_UNBROKEN = str.maketrans("-/" + SHORTENED, "xxx")


class Placed(NamedTuple):
    """A run as it is drawn, and where in the logical line it begins (-1: decoration)."""

    run: Run
    offset: int


def wrapped(text: str, width: int) -> Slices:
    """Where the rows of a line begin and end, words whole where they fit in `width` cells (2 at least)."""
    size = len(text)
    if not (text.isascii() and text.isprintable()):
        return _wrapped_wide(text, width)
    if size <= width:
        return [(0, size)]
    slices, at = [], 0
    has_compounds = "-" in text or "/" in text
    while size - at > width:
        limit = at + width
        cut = text.rfind(" ", at, limit + 1)
        if text[cut + 1 : cut + 2] in _CLOSING and cut > at and _NOT_FIRST.match(text, cut + 1):
            earlier = text.rfind(" ", at, cut)
            cut = earlier if text[at : max(earlier, at)].strip() else cut
        if has_compounds and (within := [*_WITHIN_WORD.finditer(text, max(cut + 1, at) + 2, limit + 1)]):
            slices.append((at, within[-1].start()))
            at = within[-1].start()
            continue
        if cut > at:
            end = cut if text[cut - 1] != " " else len(text[at:cut].rstrip(" ")) + at
            if end > at:
                slices.append((at, end))
                at = cut + 1
                while at < size and text[at] == " ":
                    at += 1
                continue
        # No space but leading ones: the word is folded.
        end = limit - 1 if text[limit] in _CLOSING and limit - 1 > at else limit
        slices.append((at, end))
        at = end
    if at < size:
        slices.append((at, size))
    return slices


def _wrapped_wide(text: str, width: int) -> Slices:
    size = len(text)
    if 2 * size <= width:  # no character has more cells: an export wraps nothing
        return [(0, size)]
    ends = _ends(text)
    if ends[-1] <= width:
        return [(0, size)]
    breaks = _breaks(text)
    slices: Slices = []
    start = 0
    while start < size:
        limit = bisect_right(ends, ends[start] + width) - 1
        reach = limit
        while reach < size and text[reach] == " ":
            reach += 1
        following = breaks.last(start, reach)
        end = len(text[start:following].rstrip(" ")) + start
        if end <= start:
            end = following = breaks.fold(start, limit) if limit < size else size
        slices.append((start, end))
        start = following
    return slices


def folded(text: str, width: int) -> Slices:
    """Rows filled to the last cell, no character left out: how code is wrapped."""
    size = len(text)
    if text.isascii() and text.isprintable():
        return [(at, min(at + width, size)) for at in range(0, size, width)] or [(0, 0)]
    if 2 * size <= width:
        return [(0, size)]
    ends = _ends(text)
    breaks: LineBreaks | None = None
    slices, start = [], 0
    while ends[-1] - ends[start] > width:
        breaks = breaks or _breaks(text)
        at = breaks.fold(start, bisect_right(ends, ends[start] + width) - 1)
        slices.append((start, at))
        start = at
    slices.append((start, size))
    return slices


def longest_word(text: str) -> int:
    """The cells of the longest part of a text that is not broken where there is room."""
    if text.isascii():
        if "-" in text or "/" in text:
            text = _WITHIN_WORD.sub(" ", text)
        return max(map(len, text.split()), default=0)
    ends, breaks = _ends(text), _breaks(text)
    longest, end = 0, len(text)
    while end:
        begin = breaks.last(0, end - 1)
        longest = max(longest, ends[begin + len(text[begin:end].rstrip(" "))] - ends[begin])
        end = begin
    return longest


def _ends(text: str) -> list[int]:
    """The cells before every character, and those of all."""
    return list(accumulate(widths_of(text), initial=0))


def _breaks(text: str) -> "LineBreaks":
    """Imported for the first text that needs it: a start does without."""
    from userdesk.markdown.layout.line_breaks import LineBreaks

    return LineBreaks(text)


def text_to_break(run: Run) -> str:
    """What `wrapped` is given for a run: an address is not broken behind its slashes and hyphens."""
    text, style, href = run
    if href and ("link-address" in style or text in href or text == SHORTENED):
        return text.translate(_UNBROKEN)
    return text


def wrapped_placed(pieces: list[Placed], width: int) -> list[list[Placed]]:
    """The rows of a line that is drawn as `pieces`."""
    runs = [run for run, _ in pieces]
    slices = wrapped("".join(map(text_to_break, runs)), width)
    return [
        [
            Placed(run, offset if (offset := pieces[index].offset) < 0 else offset + at)
            for run, index, at in row
        ]
        for row in _parts(runs, slices)
    ]


def cut(runs: list[Run], slices: Slices) -> list[list[Run]]:
    """The runs of every slice of the line that `runs` make up together."""
    if len(slices) == 1 and slices[0] == (0, sum([len(run.text) for run in runs])):
        return [runs]
    if len(runs) == 1:
        text, style, href = runs[0]
        return [[Run(text[start:end], style, href)] if end > start else [] for start, end in slices]
    return [[run for run, _index, _at in row] for row in _parts(runs, slices)]


def _parts(runs: list[Run], slices: Slices) -> Iterator[list[tuple[Run, int, int]]]:
    """For every slice its part of each run, which run that is, and where in the run it begins."""
    index, base = 0, 0  # the run being cut, and where its text begins in the line
    for start, end in slices:
        row: list[tuple[Run, int, int]] = []
        while start < end:
            text, style, href = runs[index]
            size = len(text)
            if base + size <= start:
                base += size
                index += 1
                continue
            first, last = start - base, min(end - base, size)
            row.append((Run(text[first:last], style, href), index, first))
            start = base + last
        yield row

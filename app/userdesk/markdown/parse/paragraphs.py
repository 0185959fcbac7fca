"""Where a paragraph that grows too long is cut: at a place that depends on the text in front of it alone."""

import re

from userdesk.markdown.layout.cells import WIDTHS
from userdesk.markdown.parse.emphasis import paired
from userdesk.markdown.parse.scan import Scan
from userdesk.markdown.parse.scanner import run

_CHARACTERS = 1600
_CROWDED = 400  # where they are full of addresses
_MARKS = 64
_FULL = re.compile(
    r"(?>[^\\`*_~\[\]<&$\n:/@]*(?:://[^\s<>\[\]`\"|\\]*|[\\`*_~\[\]<&$\n:/@])){%d}" % _MARKS  # noqa: UP031
)  # an address is one mark
_CJK_BORDER = re.compile(r"(?<=[\u3041-\u30ff\u3400-\u9fff])(?=[\u3041-\u30ff\u3400-\u9fff])")

Spans = list[tuple[int, int]]


def longest_piece(text: str) -> int:
    """Characters of the text that are parsed together at most: fewer where it is full of marks."""
    full = _FULL.match(text, 0, _CHARACTERS)
    limit = full.end() if full else _CHARACTERS
    addresses = text.count("www.", 0, _CROWDED) + text.count("://", 0, _CROWDED)
    return min(limit, _CROWDED) if addresses > _MARKS // 4 else limit


def cut_position(text: str, limit: int) -> tuple[int, bool]:
    """Where to cut a text of more than `limit` characters, and whether that is within a line.

    It is cut outside of what is marked, and before a mark that is open, but for one in its first quarter,
    which has been open for so long that it is taken as a stray one. A cut within a line is behind a space or
    between ideographs; one at a line's end is the newline itself.
    """
    least = limit // 4
    solid, emphasis, loose = _marked(text[:limit])
    open_ends = [(start, limit + 1) for start in loose if start >= least]
    for marked, first in (
        ([*solid, *emphasis, *open_ends], least),
        ([*solid, *emphasis, *open_ends], 1),
        (solid, least),
        ([], least),
    ):
        if at := _last_break(text, limit, first, marked):
            return (at, False) if text[at] == "\n" else (at, True)
    at = limit
    while at > limit - 32 and not WIDTHS[text[at]]:
        at -= 1
    return at, True


def _marked(text: str) -> tuple[Spans, Spans, list[int]]:
    """What must not be cut, what is emphasised, and where marks begin that are still open."""
    scan = Scan(text, {}, 0)
    run(scan)
    emphasis = [(pair.begin, pair.end) for pair in paired(scan.pieces, scan.delimiters)]
    loose = [bracket.start for bracket in scan.brackets]
    loose += [mark.position - mark.length for mark in scan.delimiters if mark.opens]
    return scan.solid, emphasis, loose + scan.loose


def _last_break(text: str, limit: int, least: int, marked: Spans) -> int:
    """The last place from `least` on that lies in no marked range: a newline, or the start of a piece."""
    end = limit
    while True:
        at = max(text.rfind(" ", least, end), text.rfind("\n", least, end))
        place = at + 1
        if not place:
            place = max((match.start() for match in _CJK_BORDER.finditer(text, least, end + 1)), default=0)
            if not place:
                return 0
        within = [first for first, last in marked if first < place < last]
        if not within:
            return at if at >= 0 and text[at] == "\n" else place
        end = min(within)
        if end <= least:
            return 0

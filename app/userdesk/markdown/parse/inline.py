"""A leaf's text to styled runs: the inline phase of CommonMark, strikethrough and bare addresses."""

import re
from typing import NamedTuple

from userdesk.markdown.layout.rows import Run
from userdesk.markdown.layout.styling import Span, lines_of
from userdesk.markdown.parse.addresses import may_have_bare
from userdesk.markdown.parse.emphasis import paired, will_probably_close
from userdesk.markdown.parse.html_tags import assume_closed
from userdesk.markdown.parse.references import References
from userdesk.markdown.parse.scan import MARK_REACH, Scan
from userdesk.markdown.parse.scanner import TOKEN, run

_UNDECIDED = re.compile(
    r"(?:[*_~`]+|\$+|\\|&#?\w{0,10}|<[^\s<>]{0,120}|<su[bp]>[^<>\n]{0,40}(?:<[^<>]{0,5})?|!?\[)$", re.I
)
_LONGEST_UNDECIDED = 130  # characters


class Inline(NamedTuple):
    """The runs of every line, and the labels that no definition was known for."""

    lines: list[list[Run]]
    missed: frozenset[str]


def parse_inline(
    text: str, references: References, known: int, base: str = "", tentative: bool = False, holds: bool = True
) -> Inline:
    """The styled lines of `text`, with link references numbered under `known`, all in style `base`.

    `tentative` is for text that still grows, `holds` says whether it may end before an undecided link.
    """
    if tentative and (undecided := _UNDECIDED.search(text, max(0, len(text) - _LONGEST_UNDECIDED))):
        text = text[: undecided.start()]
    if TOKEN.search(text) is None and not may_have_bare(text):
        return Inline([[Run(text, base)] if text else []], frozenset())
    scan = Scan(text, references, known, tentative, tentative and holds)
    run(scan)
    if scan.held >= 0:
        return parse_inline(text[: scan.held].rstrip(" "), references, known, base, tentative, holds=False)
    pairs = paired(scan.pieces, scan.delimiters)
    if tentative:
        _assume_closed(scan)
    scan.spans += [pair.span for pair in pairs]
    return Inline(lines_of(scan.pieces, scan.spans, base), frozenset(scan.missed))


def _assume_closed(scan: Scan) -> None:
    """Take marks that are open at the end of growing text as about to close."""
    assume_closed(scan, MARK_REACH)
    end = len(scan.pieces)
    for delimiter in scan.delimiters:
        near = len(scan.text) - delimiter.position <= MARK_REACH
        if near and will_probably_close(scan.text, delimiter):
            scan.pieces[delimiter.piece] = ""
            styles = {"~": ("strike",)}.get(delimiter.mark) or (
                ("em",) if delimiter.count == 1 else ("strong",) if delimiter.count == 2 else ("strong", "em")
            )
            scan.spans += [Span(style, delimiter.piece + 1, end) for style in styles]

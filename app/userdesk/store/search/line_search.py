"""Looks for messages in the lines of an open transcript.

A filter over the bytes of their texts in plain letters decides which pieces and lines are worth parsing; what
is found is confirmed on the parsed text.
"""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

from userdesk.domain.message import LONGEST_ANSWER
from userdesk.domain.text_folding import plain_bytes
from userdesk.files.reading import read_at
from userdesk.store.search.query import SearchQuery, Span
from userdesk.store.search.segment import Seen
from userdesk.store.transcript.line_scan import scan_lines
from userdesk.store.transcript.lines import FORMAT, text_bytes
from userdesk.store.transcript.long_line import shortened
from userdesk.store.transcript.transcript import LONGEST_LINE

PIECE = 512 * 1024
"""Bytes of a transcript looked through at once."""
_PART = 64 * 1024  # bytes of a longer line that are folded at once
_LONGEST_WORD = 4096  # bytes; more than what is typed can have
_ESCAPED = b"\\u"


@dataclass(frozen=True, slots=True)
class Passage:
    """One message that holds what is looked for."""

    index: int
    """Its place in the transcript."""
    line: str
    """The line of it that shows it, safe to show, cut round the match."""
    spans: tuple[Span, ...]
    """Where in the line the matches are."""
    aside: str = ""
    """What else is known of the message, safe to show."""


Judge = Callable[[bytes, int, SearchQuery], Passage | None]
"""What a line, which has a number, holds of what is looked for."""


@dataclass(frozen=True, slots=True)
class FoldedFile:
    """The texts of a small transcript without case and accents: enough to tell what they do not hold."""

    seen: Seen
    plain: bytes
    escaped: bool

    @classmethod
    def of(cls, seen: Seen, data: bytes) -> Self:
        """That of a file in this state."""
        plain = plain_bytes(b"\n".join(map(text_bytes, data.split(b"\n"))))
        return cls(seen, plain, _ESCAPED in plain)

    def may_hold(self, query: SearchQuery) -> bool:
        """Whether all words may be in it."""
        return self.escaped or query.may_be_in(self.plain)


def in_lines(
    descriptor: int,
    query: SearchQuery,
    judge: Judge,
    begin: int = 0,
    index: int = 0,
    *,
    is_sure: bool = False,
) -> Iterator[Passage | None]:
    """The passages of an open file from an offset on, the last ones first, where its line has a number.

    `is_sure`: that all the words may be in it is known.
    """
    scan = scan_lines(descriptor, begin)
    for first, after in _pieces(scan.starts, scan.ends):
        begin = scan.starts[first]
        data = read_at(descriptor, scan.ends[after - 1] - begin, begin)
        yield None
        if not is_sure and not may_hold(data, query):
            continue
        for number in range(after - 1, first - 1, -1):
            line = data[scan.starts[number] - begin : scan.ends[number] - begin]
            if (passage := judge(line, index + number, query)) is not None:
                yield passage


def may_hold(data: bytes, query: SearchQuery) -> bool:
    """Whether all words may be in a piece of a file, wherever in its lines.

    A piece that is one long line is folded part by part: all at once, other threads would wait for it.
    """
    if len(data) <= PIECE:
        plain = plain_bytes(data)
        return _ESCAPED in plain or query.may_be_in(plain)
    missing = set() if _ESCAPED in data else set(query.fragments)
    over = 2 * _LONGEST_WORD  # a word on the edge of two parts
    for begin in range(0, len(data), _PART):
        if not missing:
            break
        plain = plain_bytes(data[max(0, begin - over) : begin + _PART])
        missing = {word for word in missing if word not in plain}
    return not missing


def _pieces(starts: "array[int]", ends: "array[int]") -> Iterator[tuple[int, int]]:
    """Lines that are looked through together, from the last ones on, as (first, after the last)."""
    after = len(starts)
    while after:
        first = after - 1
        while first and ends[after - 1] - starts[first - 1] <= PIECE:
            first -= 1
        if ends[after - 1] - starts[first] <= LONGEST_LINE:
            yield first, after
        after = first


def passage_of(line: bytes, index: int, query: SearchQuery) -> Passage | None:
    """The message of a line as it is shown among what was found; None where it does not hold all words."""
    found = query.found_in(text) if (text := _text_worth_a_look(line, query)) else None
    return Passage(index, *found) if found else None


def line_that_holds(line: bytes, index: int, query: SearchQuery) -> Passage | None:
    """`passage_of`, for one who wants to know whether there is one: without what shows it."""
    text = _text_worth_a_look(line, query)
    return Passage(index, "", ()) if text and query.is_in(text) else None


def _text_worth_a_look(line: bytes, query: SearchQuery) -> str | None:
    """The text of a line as it came; None where it holds not all words, as far as its bytes tell."""
    is_long = len(line) > PIECE  # it is seldom parsed in vain, and reading all of it before takes as long
    if not is_long and _ESCAPED not in line and not query.may_be_in(plain_bytes(text_bytes(line))):
        return None
    if len(line) > LONGEST_ANSWER:  # not more of it is shown either, and all of it would be parsed at once
        whole = line
        line = shortened(lambda count, begin: whole[begin : begin + count], 0, len(whole)) or whole
    return FORMAT.text(line)

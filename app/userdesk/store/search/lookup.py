"""What the index proposes for a query: in which lines of which transcripts it may stand, newest first.

Every proposal is for the transcripts as they are now: of what the index does not know, or no longer, it says
so, and that is looked through as without it.
"""

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from itertools import compress, count
from pathlib import Path
from typing import NamedTuple

from userdesk.domain.conversation import ConversationKey
from userdesk.files.reading import read_at
from userdesk.store.search.catalog import Catalog
from userdesk.store.search.query import SearchQuery
from userdesk.store.search.segment import BrokenSegment, Indexed, Places, Seen, Segment, SegmentTrouble
from userdesk.store.search.terms import needles_of

Hits = dict[ConversationKey, list[int]]
"""By key the pieces of a segment that may hold what is looked for, numbered in the segment."""


class Line(NamedTuple):
    """A line of a transcript that may hold what is looked for."""

    number: int
    """Its number in the transcript."""
    data: bytes


class IndexLookup:
    """What the index of one data folder knows of its transcripts. For one search at a time."""

    def __init__(self, transcripts: Path, index: Path) -> None:
        self._catalog = Catalog(index)
        self._transcripts = f"{transcripts}{os.sep}"
        self._not_covered: set[ConversationKey] = set()
        self.segments: tuple[Segment, ...] = ()
        """Those that were there when it was opened; another object where they are others."""

    def open(self) -> None:
        """Take in what became of the index meanwhile. Blocks on the disk."""
        before = dict(self._catalog.segments)
        self._catalog.refresh()
        for name in before.keys() - self._catalog.segments.keys():
            self._not_covered.update(before[name].keys)
        if before.keys() != self._catalog.segments.keys():
            self.segments = tuple(self._catalog.segments.values())

    @property
    def is_empty(self) -> bool:
        """Whether there is no index."""
        return not self._catalog.segments

    def covers(self, key: ConversationKey) -> bool:
        """Whether the index knows a transcript to its end, as far as it was looked at."""
        return key in self._catalog.parts and key not in self._not_covered

    def still_covers(self, key: ConversationKey) -> bool:
        """`covers`, for a transcript that is looked at again: what most of them are is told at once."""
        try:
            status = os.stat(f"{self._transcripts}{key}.jsonl")
            for segment, number in self._catalog.parts.get(key, ()):
                if segment.is_all_of(number, status):
                    return True
            self.look_at(key)
        except OSError:
            self._not_covered.add(key)
        return self.covers(key)

    def look_at(self, key: ConversationKey) -> tuple[Seen, Sequence[Indexed]]:
        """The state of a transcript, and the parts of it that the index knows, from its beginning on.

        Notes whether that is all of it. Raises OSError where it cannot be read.
        """
        self._not_covered.add(key)
        path = f"{self._transcripts}{key}.jsonl"
        seen = Seen.of(os.stat(path))
        known = self._catalog.known(key, path, seen)
        if known and known[-1].part.end == seen.size:
            self._not_covered.discard(key)
        return seen, known

    def forget(self, why: SegmentTrouble) -> None:
        """Go without a segment that is broken or gone."""
        if (segment := self._catalog.segments.get(why.name)) is not None:
            self._not_covered.update(segment.keys)
        self._catalog.forget(why)

    def parts(self, key: ConversationKey) -> Sequence[tuple[Segment, int]]:
        """The segments that have parts of a transcript, true or not, and as which of theirs."""
        return self._catalog.parts.get(key, ())


class Proposals:
    """What the index proposes for one query; each segment is asked when it first matters."""

    def __init__(self, lookup: IndexLookup, query: SearchQuery) -> None:
        self.query = query
        self._lookup = lookup
        self._needles = needles_of(query.words)
        self.tells = bool(self._needles) and not lookup.is_empty
        """Whether the index can say anything about it."""
        self._hits: dict[Segment, Hits | None] = {}
        self._places: dict[Segment, Places] = {}
        self._asked: tuple[Segment, ...] | None = None
        self._conversations: Set[ConversationKey] = frozenset()

    @property
    def conversations(self) -> Set[ConversationKey]:
        """Every conversation that may hold something, of those that the index covers: asks all segments."""
        if self._asked is not self._lookup.segments:
            self._asked = self._lookup.segments  # a search beside this one may have opened the index anew
            every = [(segment, self._hits_in(segment)) for segment in self._asked]
            self._conversations = {
                key for segment, hits in every for key in (segment.keys if hits is None else hits)
            }
        return self._conversations

    def exclude(self, key: ConversationKey) -> bool:
        """Whether a conversation that the index covers holds nothing."""
        if not self.tells:
            return False
        known = self._hits
        for segment, _ in self._lookup.parts(key):
            hits = known[segment] if segment in known else self._hits_in(segment)
            if hits is None or key in hits:
                return False
        return self._lookup.covers(key)

    def lines(self, parts: Sequence[Indexed], descriptor: int) -> Iterator[Line]:
        """The lines proposed of some parts of an open transcript, the last ones first.

        Raises SegmentTrouble, and OSError where the transcript cannot be read.
        """
        for each in reversed(parts):
            pieces = range(each.first_piece, each.first_piece + each.part.pieces)
            hits = self._hits_in(each.segment)
            numbers = pieces if hits is None else hits.get(each.part.key, ())
            for piece in reversed(numbers):
                if piece in pieces:
                    yield from self._lines_of(each, piece, descriptor)

    def _lines_of(self, each: Indexed, piece: int, descriptor: int) -> Iterator[Line]:
        segment, part = each.segment, each.part
        if segment not in self._places:
            self._places[segment] = segment.places()
        pieces, starts = self._places[segment]
        first, after = pieces[piece], pieces[piece + 1]
        last = each.first_line + part.lines
        end = part.end - part.begin if after >= last else starts[after]
        data = read_at(descriptor, end - starts[first], part.begin + starts[first])
        for number in range(after - 1, first - 1, -1):
            begin = starts[number] - starts[first]
            line = data[begin : starts[number + 1] - starts[first] if number + 1 < after else len(data)]
            if not line.startswith(b"{"):
                raise BrokenSegment(segment.path.name, "no line begins where one should")
            yield Line(part.first_line + number - each.first_line, line.partition(b"\n")[0])

    def _hits_in(self, segment: Segment) -> Hits | None:
        """The hits in a segment; None where everything in it may be one."""
        if segment not in self._hits:
            try:
                bits = segment.holding(self._needles)
                # To name most of them costs more than to look at them all.
                if bits is None or 2 * bits.bit_count() > segment.pieces:
                    self._hits[segment] = None
                else:
                    self._hits[segment] = _hits_of(segment, bits)
            except SegmentTrouble as error:
                self._lookup.forget(error)
                self._hits[segment] = None
        return self._hits[segment]


def _hits_of(segment: Segment, bits: int) -> Hits:
    hits: Hits = {}
    before, keys = segment.pieces_before, segment.keys
    if bits.bit_length() > before[-1]:
        raise BrokenSegment(segment.path.name, "it has more pieces than its parts")
    number = -1
    for piece in _places_of(bits):
        if piece >= before[number + 1]:
            number = bisect_right(before, piece, lo=number + 1) - 1
        hits.setdefault(keys[number], []).append(piece)
    return hits


def _places_of(bits: int) -> Iterator[int]:
    """Which bits of a number are set, the lowest first: in one pass, for a bit taken away copies them all."""
    return compress(count(), map(int, reversed(f"{bits:b}")))

"""Full-text search over the messages of all conversations.

Where there is an index (`building`), it proposes lines; what it does not know is read, and a filter over the
bytes of the texts in plain letters decides which files and lines are worth parsing. Both find the same:
what is found is confirmed on the parsed text. Letters match in any case, with and without accents, `ß` as
`ss`.
"""

import os
import threading
import time
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from userdesk.domain.conversation import ConversationKey
from userdesk.domain.message import LONGEST_ANSWER
from userdesk.domain.text_folding import plain_bytes
from userdesk.files.reading import open_to_read, read_at
from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.search.lookup import IndexLookup, Proposals
from userdesk.store.search.query import SearchQuery, Span
from userdesk.store.search.segment import Indexed, Seen, SegmentTrouble
from userdesk.store.transcript.line_scan import scan_lines
from userdesk.store.transcript.lines import FORMAT, text_bytes
from userdesk.store.transcript.long_line import shortened
from userdesk.store.transcript.transcript import LONGEST_LINE

LIMIT = 200
"""Messages found at most."""
EACH = 5
"""Messages found at most in one conversation, the newest."""
SLICE = 0.02
"""Seconds of searching between two times that what was found is handed over."""
KEPT = 64 * 1024 * 1024
"""Bytes of transcripts kept in memory between two searches."""
_FIRST_SLICE = 0.005  # s; until anything was found
_PIECE = 512 * 1024  # bytes of a transcript looked through at once
_PART = 64 * 1024  # bytes of a longer line that are folded at once
_LONGEST_WORD = 4096  # bytes; more than what is typed can have
_YIELD_AFTER = 0.003  # s of searching after which other threads get their turn
_YIELD_FOR = 0.0001  # s; a sleep of nothing would take the interpreter's lock back before anyone wakes up
_AS_KNOWN = 100  # conversations in a row that are as the index knows them: what is older is, most likely
_A_STEP: tuple[None] = (None,)
_ESCAPED = b"\\u"
_MATCHES_NOTHING = SearchQuery("\ufdd0 \ufdd1")  # characters that no text has


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


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in one conversation."""

    key: ConversationKey
    passages: tuple[Passage, ...]
    """The newest first."""
    more: bool = False
    """Whether older messages of the conversation hold it as well."""


@dataclass(frozen=True, slots=True)
class _FoldedFile:
    """The texts of a small transcript without case and accents: enough to tell what they do not hold."""

    seen: Seen | None
    plain: bytes
    escaped: bool

    @classmethod
    def of(cls, seen: Seen | None, data: bytes) -> Self:
        plain = plain_bytes(b"\n".join(map(text_bytes, data.split(b"\n"))))
        return cls(seen, plain, _ESCAPED in plain)

    def may_hold(self, query: SearchQuery) -> bool:
        return self.escaped or query.may_be_in(self.plain)


class MessageSearch:
    """Searches the transcripts of one data folder, keeping what it read. Searches may overlap."""

    def __init__(self, data_dir: Path, *, kept: int = KEPT) -> None:
        self._folder = DataFolder(data_dir)
        self.room = kept
        """Characters that may still be kept."""
        self._one_at_a_time = threading.Lock()
        self.kept: dict[ConversationKey, _FoldedFile] = {}
        """Files as they are searched, folded."""
        self._index = IndexLookup(self._folder.transcripts, self._folder.search)
        self._proposals: Proposals | None = None

    def find(self, query: SearchQuery, keys: Iterable[ConversationKey]) -> Iterator[list[Finding]]:
        """What was found in some conversations, in their order, handed over once a slice; maybe nothing yet.

        Blocks on the disk: take each slice in a thread. A file that can't be read holds nothing. One that
        was changed since the last search may come last.
        """
        slices = self._slices(query, keys)
        while True:
            with self._one_at_a_time:  # of a search that was given up, a slice may be under way
                found = next(slices, None)
            if found is None:
                return
            yield found

    def _slices(self, query: SearchQuery, keys: Iterable[ConversationKey]) -> Iterator[list[Finding]]:
        if not query.is_telling:
            return
        found: list[Finding] = []
        left, has_found = LIMIT, False
        handed_over = yielded = time.monotonic()
        for key, steps in self._steps(query, keys):
            passages: list[Passage] = []
            for passage in steps:
                now = time.monotonic()
                if now - yielded > _YIELD_AFTER:
                    time.sleep(_YIELD_FOR)
                    yielded = time.monotonic()
                if now - handed_over > (SLICE if has_found else min(SLICE, _FIRST_SLICE)):
                    has_found = has_found or bool(found)
                    yield found
                    found, handed_over = [], time.monotonic()
                if passage is not None:
                    passages.append(passage)
                    if len(passages) > EACH:
                        break
            if passages:
                room = min(EACH, left)
                found.append(Finding(key, tuple(passages[:room]), more=len(passages) > room))
                left -= min(room, len(passages))
                if not left:
                    break
        yield found

    def read_ahead(self, keys: Iterable[ConversationKey]) -> Iterator[None]:
        """Read what a search will need as far as it is kept, a slice at a time, before anything is typed."""
        for _ in self.find(_MATCHES_NOTHING, keys):
            if self.room < _PIECE:
                return
            yield

    def _steps(
        self, query: SearchQuery, keys: Iterable[ConversationKey]
    ) -> Iterator[tuple[ConversationKey, Iterable[Passage | None]]]:
        """The conversations to look into, and how: what the index excludes is left out, or has one step."""
        if self._proposals is None or self._proposals.query is not query:
            self._index.open()
            self._proposals = Proposals(self._index, query)
        index, proposals = self._index, self._proposals
        trusted: list[ConversationKey] = []
        as_known, stepped = 0, time.monotonic()
        for key in keys:
            if as_known >= _AS_KNOWN and index.covers(key) and proposals.exclude(key):
                trusted.append(key)
                if (now := time.monotonic()) - stepped > _YIELD_AFTER:
                    yield key, _A_STEP
                    stepped = now
            elif is_safe_key(key):
                yield key, self._in_conversation(key, proposals)
                as_known = as_known + 1 if index.covers(key) else 0
        # That older ones are not as the index knows them is seldom: it is made sure of last.
        for key in trusted:
            if not index.still_covers(key):
                yield key, self._in_conversation(key, proposals)
            elif (now := time.monotonic()) - stepped > _YIELD_AFTER:
                yield key, _A_STEP
                stepped = now

    def _in_conversation(self, key: ConversationKey, proposals: Proposals) -> Iterator[Passage | None]:
        """The passages of a transcript from its end; None wherever a piece of it is done."""
        query = proposals.query
        with suppress(OSError):
            seen, known = self._index.look_at(key)
            if known and proposals.exclude(key):
                yield None
                return
            kept = self._kept_of(key, seen)
            if kept and not kept.may_hold(query):
                yield None
                return
            descriptor = open_to_read(self._folder.transcript(key))
            if descriptor is None:
                return
            try:
                if known and proposals.tells and Seen.of(os.fstat(descriptor)) == seen:
                    yield from self._in_known(key, descriptor, proposals, known)
                else:
                    yield from self._in_file(key, descriptor, query)
            finally:
                os.close(descriptor)

    def _in_known(
        self, key: ConversationKey, descriptor: int, proposals: Proposals, known: Sequence[Indexed]
    ) -> Iterator[Passage | None]:
        """What the index does not know of an open transcript, then what it proposes."""
        query, last, seen = proposals.query, known[-1].part, Seen.of(os.fstat(descriptor))
        before = last.first_line + last.lines
        yield from _in_lines(descriptor, query, last.end, before)
        try:
            for line in proposals.lines(known, descriptor):
                before = line.number
                yield _passage(line.data, line.number, query)
        except SegmentTrouble as error:
            if Seen.of(os.fstat(descriptor)) == seen:  # else it is the transcript that is another one
                self._index.forget(error)
            for passage in self._in_file(key, descriptor, query):
                if passage is None or passage.index < before:
                    yield passage

    def _kept_of(self, key: ConversationKey, seen: Seen) -> _FoldedFile | None:
        kept = self.kept.get(key)
        return kept if kept and kept.seen == seen else None

    def _in_file(self, key: ConversationKey, descriptor: int, query: SearchQuery) -> Iterator[Passage | None]:
        seen = Seen.of(os.fstat(descriptor))
        if is_small := seen.size <= _PIECE:
            kept = self._kept_of(key, seen)
            if kept is None:
                kept = _FoldedFile.of(seen, read_at(descriptor, seen.size, 0))
                self._keep(key, kept)
            yield None
            if not kept.may_hold(query):
                return
        yield from _in_lines(descriptor, query, may_hold=is_small)

    def _keep(self, key: ConversationKey, fresh: _FoldedFile) -> None:
        old = self.kept.pop(key, None)
        self.room += len(old.plain) if old else 0
        if len(fresh.plain) <= self.room:  # the newest conversations come first, and stay
            self.kept[key] = fresh
            self.room -= len(fresh.plain)


def _in_lines(
    descriptor: int, query: SearchQuery, begin: int = 0, index: int = 0, *, may_hold: bool = False
) -> Iterator[Passage | None]:
    """The passages of an open file from an offset on, the last ones first, where its line has a number.

    `may_hold`: that all the words may be in it is known.
    """
    scan = scan_lines(descriptor, begin)
    for first, after in _pieces(scan.starts, scan.ends):
        begin = scan.starts[first]
        data = read_at(descriptor, scan.ends[after - 1] - begin, begin)
        yield None
        if not may_hold and not _may_hold(data, query):
            continue
        for number in range(after - 1, first - 1, -1):
            line = data[scan.starts[number] - begin : scan.ends[number] - begin]
            if (passage := _passage(line, index + number, query)) is not None:
                yield passage


def _may_hold(data: bytes, query: SearchQuery) -> bool:
    """Whether all words may be in a piece of a file.

    A piece that is one long line is folded part by part: all at once, other threads would wait for it.
    """
    if len(data) <= _PIECE:
        return _FoldedFile.of(None, data).may_hold(query)
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
        while first and ends[after - 1] - starts[first - 1] <= _PIECE:
            first -= 1
        if ends[after - 1] - starts[first] <= LONGEST_LINE:
            yield first, after
        after = first


def _passage(line: bytes, index: int, query: SearchQuery) -> Passage | None:
    is_long = len(line) > _PIECE  # it is seldom parsed in vain, and reading all of it before takes as long
    if not is_long and _ESCAPED not in line and not query.may_be_in(plain_bytes(text_bytes(line))):
        return None
    if len(line) > LONGEST_ANSWER:  # not more of it is shown either, and all of it would be parsed at once
        whole = line
        line = shortened(lambda count, begin: whole[begin : begin + count], 0, len(whole)) or whole
    found = query.found_in(FORMAT.text(line) or "")
    return Passage(index, *found) if found else None

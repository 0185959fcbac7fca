"""Full-text search over the messages of all conversations, straight from the transcripts: no index on disk.

A filter over the bytes of the texts in plain letters decides which files and lines are worth parsing; what
is found is confirmed on the parsed text. Letters match in any case, with and without accents, `ß` as `ss`.
"""

import os
import threading
import time
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from userdesk.domain.conversation import ConversationKey
from userdesk.domain.safe_text import clean
from userdesk.domain.text_folding import plain_bytes
from userdesk.files.reading import open_to_read, read_at
from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.search.query import SearchQuery, Span
from userdesk.store.transcript.line_scan import scan_lines
from userdesk.store.transcript.lines import FORMAT, text_bytes
from userdesk.store.transcript.transcript import LONGEST_LINE

LIMIT = 200
"""Messages found at most."""
EACH = 5
"""Messages found at most in one conversation, the newest."""
SLICE = 0.02
"""Seconds of searching between two times that what was found is handed over."""
KEPT = 64 * 1024 * 1024
"""Bytes of transcripts kept in memory between two searches."""
_PIECE = 512 * 1024  # bytes of a transcript looked through at once
_YIELD_AFTER = 0.003  # s of searching after which other threads get their turn
_YIELD_FOR = 0.0001  # s; a sleep of nothing would take the interpreter's lock back before anyone wakes up
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

    seen: tuple[int, int, int]
    plain: bytes
    escaped: bool

    @classmethod
    def of(cls, seen: tuple[int, int, int], data: bytes) -> Self:
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
        self._guard = threading.Lock()
        self.kept: dict[ConversationKey, _FoldedFile] = {}
        """Files as they are searched, folded."""

    def find(self, query: SearchQuery, keys: Iterable[ConversationKey]) -> Iterator[list[Finding]]:
        """What was found in some conversations, in their order, handed over once a slice; maybe nothing yet.

        Blocks on the disk: take each slice in a thread. A file that can't be read holds nothing.
        """
        if not query.is_telling:
            return
        found: list[Finding] = []
        left = LIMIT
        handed_over = yielded = time.monotonic()
        for key in keys:
            passages: list[Passage] = []
            for passage in self._in_conversation(key, query) if is_safe_key(key) else ():
                now = time.monotonic()
                if now - yielded > _YIELD_AFTER:
                    time.sleep(_YIELD_FOR)
                    yielded = now
                if now - handed_over > SLICE:
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

    def _in_conversation(self, key: ConversationKey, query: SearchQuery) -> Iterator[Passage | None]:
        """The passages of a transcript from its end; None wherever a piece of it is done."""
        path = self._folder.transcript(key)
        with suppress(OSError):
            kept = self._kept_of(key, os.stat(path))
            if kept and not kept.may_hold(query):
                yield None
                return
            descriptor = open_to_read(path)
            if descriptor is None:
                return
            try:
                yield from self._in_file(key, descriptor, query)
            finally:
                os.close(descriptor)

    def _kept_of(self, key: ConversationKey, status: os.stat_result) -> _FoldedFile | None:
        kept = self.kept.get(key)
        return kept if kept and kept.seen == _seen(status) else None

    def _in_file(self, key: ConversationKey, descriptor: int, query: SearchQuery) -> Iterator[Passage | None]:
        status = os.fstat(descriptor)
        if is_small := status.st_size <= _PIECE:
            kept = self._kept_of(key, status)
            if kept is None:
                kept = _FoldedFile.of(_seen(status), read_at(descriptor, status.st_size, 0))
                self._keep(key, kept)
            yield None
            if not kept.may_hold(query):
                return
        scan = scan_lines(descriptor, 0)
        for first, after in _pieces(scan.starts, scan.ends):
            begin = scan.starts[first]
            data = read_at(descriptor, scan.ends[after - 1] - begin, begin)
            yield None
            if not is_small and not _FoldedFile.of((0, 0, 0), data).may_hold(query):
                continue
            for index in range(after - 1, first - 1, -1):
                line = data[scan.starts[index] - begin : scan.ends[index] - begin]
                if (passage := _passage(line, index, query)) is not None:
                    yield passage

    def _keep(self, key: ConversationKey, fresh: _FoldedFile) -> None:
        with self._guard:
            old = self.kept.pop(key, None)
            self.room += len(old.plain) if old else 0
            if len(fresh.plain) <= self.room:  # the newest conversations come first, and stay
                self.kept[key] = fresh
                self.room -= len(fresh.plain)


def _seen(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


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
    if _ESCAPED not in line and not query.may_be_in(plain_bytes(text_bytes(line))):
        return None
    text = clean(FORMAT.text(line) or "")
    return Passage(index, *query.excerpt(text)) if query.are_in(text) else None

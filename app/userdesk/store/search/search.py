"""Full-text search over the messages of all conversations.

Where there is an index (`building`), it proposes lines; what it does not know is read (`line_search`). Both
find the same: what is found is confirmed on the parsed text. Letters match in any case, with and without
accents, `ß` as `ss`.
"""

import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from userdesk.domain.conversation import ConversationKey
from userdesk.files.reading import open_to_read, read_at
from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.search.line_search import (
    PIECE,
    FoldedFile,
    Judge,
    Passage,
    in_lines,
    line_that_holds,
    may_hold,
    passage_of,
)
from userdesk.store.search.lookup import IndexLookup, Proposals
from userdesk.store.search.query import SearchQuery
from userdesk.store.search.segment import Indexed, Seen, SegmentTrouble

LIMIT = 200
"""Messages found at most."""
EACH = 5
"""Messages found at most in one conversation, the newest."""
SLICE = 0.02
"""Seconds of searching between two times that what was found is handed over."""
KEPT = 64 * 1024 * 1024
"""Bytes of transcripts kept in memory between two searches."""
YIELD_AFTER = 0.003
"""Seconds of searching after which other threads get their turn."""
AS_KNOWN = 100
"""Conversations in a row that are as the index knows them: what is older is, most likely."""
_FIRST_SLICE = 0.005  # s; until anything was found
_YIELD_FOR = 0.0001  # s; a sleep of nothing would take the interpreter's lock back before anyone wakes up
_A_STEP: tuple[None] = (None,)
_MATCHES_NOTHING = SearchQuery("\ufdd0 \ufdd1")  # characters that no text has


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in one conversation."""

    key: ConversationKey
    passages: tuple[Passage, ...]
    """The newest first."""
    more: bool = False
    """Whether older messages of the conversation hold it as well."""


class MessageSearch:
    """Searches the transcripts of one data folder, keeping what it read. Searches may overlap."""

    def __init__(self, data_dir: Path, *, kept: int = KEPT) -> None:
        self._folder = DataFolder(data_dir)
        self.room = kept
        """Characters that may still be kept."""
        self._one_at_a_time = threading.Lock()
        self.kept: dict[ConversationKey, FoldedFile] = {}
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

    def holds(self, query: SearchQuery, key: ConversationKey) -> bool:
        """Whether something would be found in a conversation. Blocks on the disk, no longer than needed."""
        if not query.is_telling or not is_safe_key(key):
            return False
        with self._one_at_a_time:
            proposals = self._proposals_for(query)
            if self._index.covers(key) and self._index.still_covers(key) and proposals.exclude(key):
                return False
            return any(self._in_conversation(key, proposals, line_that_holds))

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
                if now - yielded > YIELD_AFTER:
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
            if self.room < PIECE:
                return
            yield

    def _steps(
        self, query: SearchQuery, keys: Iterable[ConversationKey]
    ) -> Iterator[tuple[ConversationKey, Iterable[Passage | None]]]:
        """The conversations to look into, and how: what the index excludes is left out, or has one step."""
        index, proposals = self._index, self._proposals_for(query)
        trusted: list[ConversationKey] = []
        as_known, stepped = 0, time.monotonic()
        for key in keys:
            is_excluded = as_known >= AS_KNOWN and proposals.tells and key not in proposals.conversations
            if is_excluded and index.covers(key):
                trusted.append(key)
                if (now := time.monotonic()) - stepped > YIELD_AFTER:
                    yield key, _A_STEP
                    stepped = now
            elif is_safe_key(key):
                yield key, self._in_conversation(key, proposals, passage_of)
                as_known = as_known + 1 if index.covers(key) else 0
        # That older ones are not as the index knows them is seldom: it is made sure of last.
        for key in trusted:
            if not index.still_covers(key):
                yield key, self._in_conversation(key, proposals, passage_of)
            elif (now := time.monotonic()) - stepped > YIELD_AFTER:
                yield key, _A_STEP
                stepped = now

    def _proposals_for(self, query: SearchQuery) -> Proposals:
        if self._proposals is None or self._proposals.query is not query:
            self._index.open()
            self._proposals = Proposals(self._index, query)
        return self._proposals

    def _in_conversation(
        self, key: ConversationKey, proposals: Proposals, judge: Judge
    ) -> Iterator[Passage | None]:
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
                    yield from self._in_known(key, descriptor, proposals, known, judge)
                else:
                    yield from self._in_file(key, descriptor, query, judge)
            finally:
                os.close(descriptor)

    def _in_known(
        self,
        key: ConversationKey,
        descriptor: int,
        proposals: Proposals,
        known: Sequence[Indexed],
        judge: Judge,
    ) -> Iterator[Passage | None]:
        """What the index does not know of an open transcript, then what it proposes."""
        query, last, seen = proposals.query, known[-1].part, Seen.of(os.fstat(descriptor))
        before = last.first_line + last.lines
        if last.end < seen.size:
            yield from in_lines(descriptor, query, judge, last.end, before)
        try:
            for line in proposals.lines(known, descriptor):
                before = line.number
                yield judge(line.data, line.number, query)
        except SegmentTrouble as error:
            if Seen.of(os.fstat(descriptor)) == seen:  # else it is the transcript that is another one
                self._index.forget(error)
            for passage in self._in_file(key, descriptor, query, judge):
                if passage is None or passage.index < before:
                    yield passage

    def _kept_of(self, key: ConversationKey, seen: Seen) -> FoldedFile | None:
        kept = self.kept.get(key)
        return kept if kept and kept.seen == seen else None

    def _in_file(
        self, key: ConversationKey, descriptor: int, query: SearchQuery, judge: Judge
    ) -> Iterator[Passage | None]:
        seen = Seen.of(os.fstat(descriptor))
        if is_small := seen.size <= PIECE:
            holds = self._may_hold(key, seen, descriptor, query)
            yield None
            if not holds:
                return
        yield from in_lines(descriptor, query, judge, is_sure=is_small)

    def _may_hold(self, key: ConversationKey, seen: Seen, descriptor: int, query: SearchQuery) -> bool:
        """Whether all words may be in a small transcript, which is kept folded where there is room."""
        kept = self._kept_of(key, seen)
        if kept is None:
            data = read_at(descriptor, seen.size, 0)
            if seen.size > self.room and key not in self.kept:
                return may_hold(data, query)
            kept = FoldedFile.of(seen, data)
            self._keep(key, kept)
        return kept.may_hold(query)

    def _keep(self, key: ConversationKey, fresh: FoldedFile) -> None:
        old = self.kept.pop(key, None)
        self.room += len(old.plain) if old else 0
        if len(fresh.plain) <= self.room:  # the newest conversations come first, and stay
            self.kept[key] = fresh
            self.room -= len(fresh.plain)

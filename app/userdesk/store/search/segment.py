"""A file of the index: which pieces of some transcripts hold which terms. Written once, never changed.

A line of JSON about the rest, then its sections, each an array of numbers of this machine's order or bytes:

- `pieces`: of each piece the number of its first line, among all lines of the segment
- `lines`: where each line begins in its file, from the beginning of its part on
- `terms`: the terms, a newline before and behind each
- `starts`: where in `postings` each term's list begins
- `postings`: a checksum and the numbers of the pieces that hold the term, or a bit for each piece
"""

import json
import os
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from userdesk.domain.conversation import ConversationKey
from userdesk.files.reading import read_at
from userdesk.store.folder import is_safe_key

ENDING = ".words"
"""How the names of segments end."""
MOST_PIECES = 1 << 16
"""Pieces of one segment at most."""
MOST_TERMS = 2_000
"""Terms at most that a needle may stand in; one that stands in more says too little to look for."""
FORM = 1
"""The version of what is in the file; another one is thrown away."""
_HEAD = 16  # bytes of the first line: how long the second one is, and its checksum
SECTIONS = ("pieces", "lines", "terms", "starts", "postings")
"""Of the file, in their order."""
CHECK = 4
"""Bytes of the checksum before a term's list."""
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class SegmentTrouble(Exception):
    """The index has to go without a segment: its file cannot be read, or another process removed it."""

    def __init__(self, name: str, why: object) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name


class BrokenSegment(SegmentTrouble):
    """A segment does not hold what it should."""


class Seen(NamedTuple):
    """What of a file differs once it was changed or replaced."""

    inode: int
    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Seen":
        """As it is now."""
        return cls(status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a transcript, one after the other, that a segment has pieces of."""

    key: ConversationKey
    seen: Seen
    """The file as it was when it was read."""
    begin: int
    end: int
    """Bytes of the file."""
    first_line: int
    """The number of its first line in the transcript."""
    lines: int
    pieces: int
    check: int
    """Of the bytes of the file before `end` (`building.check_of`)."""


def bits_of(numbers: Iterable[int], room: int) -> bytes:
    """Numbers as bits of so many bytes, the lowest first."""
    bits = bytearray(room)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return bytes(bits)


class Segment:
    """A segment's file, of which the parts are known; the rest is read when it is asked for."""

    def __init__(self, path: Path) -> None:
        """Raises SegmentTrouble."""
        self.path = path
        with self._opened() as descriptor:
            about, self._begin = self._about(descriptor)
            present = os.fstat(descriptor).st_size
        try:
            self.size = int(about["size"])
            """Bytes of transcripts that it is about."""
            self.pieces = int(about["pieces"])
            """How many pieces it has."""
            self._checks = {
                name: (int(size), int(check))
                for name, (size, check) in zip(SECTIONS, about["sections"], strict=True)
            }
            self.parts = [
                Part(ConversationKey(key), Seen(*seen), *map(int, numbers))
                for key, seen, *numbers in about["parts"]
            ]
            """The parts of transcripts that it has, in the order of their pieces."""
            whole = self._begin + self._offset("postings") + self._checks["postings"][0]
        except (KeyError, TypeError, ValueError) as error:
            raise BrokenSegment(path.name, error) from error
        if whole != present or not all(is_safe_key(each.key) for each in self.parts):
            raise BrokenSegment(path.name, "it is not whole")

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            descriptor = os.open(self.path, os.O_RDONLY | _NO_FOLLOW)
            try:
                yield descriptor
            finally:
                os.close(descriptor)
        except OSError as error:
            raise SegmentTrouble(self.path.name, error) from error

    def _offset(self, section: str) -> int:
        before = SECTIONS[: SECTIONS.index(section)]
        return sum(self._checks[each][0] for each in before)

    def holding(self, needles: Sequence[bytes]) -> int | None:
        """The pieces that may hold all needles, as bits of a number; None where all may.

        Raises SegmentTrouble.
        """
        found: int | None = None
        with self._opened() as descriptor:
            terms = self._section(descriptor, "terms")
            for needle in needles:
                if (numbers := _terms_with(terms, needle)) is None:
                    continue
                bits = self._union(descriptor, numbers)
                found = bits if found is None else found & bits
                if not found:
                    break
        return found

    def _union(self, descriptor: int, numbers: Sequence[int]) -> int:
        if not numbers:
            return 0
        starts = array("I")
        starts.frombytes(self._section(descriptor, "starts"))
        base, room = self._begin + self._offset("postings"), (self.pieces + 7) // 8
        found, few = 0, set[int]()
        for number in numbers:
            try:
                data = read_at(descriptor, starts[number + 1] - starts[number], base + starts[number])
            except (IndexError, OverflowError, ValueError):
                raise BrokenSegment(self.path.name, "a term has no list") from None
            if zlib.crc32(data[CHECK:]) != int.from_bytes(data[:CHECK], "little"):
                raise BrokenSegment(self.path.name, "a list is not what was written")
            if len(data) - CHECK == room:
                found |= int.from_bytes(data[CHECK:], "little")
            else:
                few.update(memoryview(data)[CHECK:].cast("H"))
        return found | int.from_bytes(bits_of(few, room), "little")

    def _section(self, descriptor: int, name: str) -> bytes:
        size, check = self._checks[name]
        data = read_at(descriptor, size, self._begin + self._offset(name))
        if zlib.crc32(data) != check:
            raise BrokenSegment(self.path.name, f"{name} are not what was written")
        return data

    def places(self) -> "Places":
        """Where its pieces lie in their files. Raises SegmentTrouble."""
        pieces, lines = array("I"), array("I")
        with self._opened() as descriptor:
            pieces.frombytes(self._section(descriptor, "pieces"))
            lines.frombytes(self._section(descriptor, "lines"))
        return Places(pieces, lines)

    def _about(self, descriptor: int) -> tuple[dict[str, Any], int]:
        """What its first line says, and where its sections begin."""
        head = read_at(descriptor, _HEAD, 0)
        try:
            size, check = int(head[:8], 16), int(head[8:], 16)
            if size > os.fstat(descriptor).st_size:
                raise ValueError("it is cut off")
            line = read_at(descriptor, size, _HEAD)
            if zlib.crc32(line) != check:
                raise ValueError("its first line is not what was written")
            about = json.loads(line)
            if about["form"] != FORM or about["order"] != sys.byteorder:
                raise ValueError("it is of another form")
        except (ValueError, TypeError, KeyError) as error:
            raise BrokenSegment(self.path.name, error) from error
        return about, _HEAD + size


class Places(NamedTuple):
    """Where the pieces of a segment lie in their files."""

    pieces: "array[int]"
    """Of each piece the number of its first line in the segment, and that of the line behind the last one."""
    lines: "array[int]"
    """Where each line begins, from the beginning of its part on."""


def _terms_with(terms: bytes, needle: bytes) -> list[int] | None:
    """The numbers of the terms that a needle stands in; None where they are too many."""
    numbers: list[int] = []
    number, counted = -1, 0
    at = terms.find(needle)
    while at >= 0:
        number += terms.count(b"\n", counted, at)
        counted = at
        numbers.append(number)
        if len(numbers) > MOST_TERMS:
            return None
        at = terms.find(needle, terms.find(b"\n", at))
    return numbers

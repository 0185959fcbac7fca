"""A file of the index: which pieces of some transcripts hold which terms. Written once, never changed.

A line of JSON about the rest, then its sections, each an array of numbers of this machine's order or bytes:

- `parts`: ten numbers of each part (`Part`)
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
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from userdesk.domain.conversation import ConversationKey
from userdesk.files.reading import read_at

ENDING = ".words"
"""How the names of segments end."""
MOST_PIECES = 1 << 16
"""Pieces of one segment at most."""
MOST_TERMS = 2_000
"""Terms at most that a needle may stand in; one that stands in more says too little to look for."""
FORM = 2
"""The version of what is in the file; an older one is thrown away, a newer one left alone."""
_LARGEST = (1 << 64) - 1  # times before 1970 are taken for late ones
_WIDTH = 10  # numbers of a part
_HEAD = 16  # bytes of the first line: how long the second one is, and its checksum
SECTIONS = ("parts", "pieces", "lines", "terms", "starts", "postings")
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
        modified, changed = status.st_mtime_ns & _LARGEST, status.st_ctime_ns & _LARGEST
        return cls(status.st_ino, status.st_size, modified, changed)


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
    """Of all bytes of the file before `end` (`catalog.check_of`)."""

    @property
    def numbers(self) -> Iterable[int]:
        """What of it stands in `parts`."""
        yield from self.seen
        yield from (self.begin, self.end, self.first_line, self.lines, self.pieces, self.check)


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
            try:
                self.size = int(about["size"])
                """Bytes of transcripts that it is about."""
                self.pieces = int(about["pieces"])
                """How many pieces it has."""
                self.keys: list[ConversationKey] = about["keys"].split()
                """Whose parts it has, one key each, in the order of their pieces."""
                self._checks = {
                    name: (int(size), int(check))
                    for name, (size, check) in zip(SECTIONS, about["sections"], strict=True)
                }
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise BrokenSegment(path.name, error) from error
            whole = self._begin + sum(size for size, _ in self._checks.values())
            self._numbers = array("Q")
            if whole == os.fstat(descriptor).st_size:
                self._numbers.frombytes(self._section(descriptor, "parts"))
        if len(self._numbers) != _WIDTH * len(self.keys) or not self.keys:
            raise BrokenSegment(path.name, "it is not whole")

    def at(self, number: int) -> "Indexed":
        """One of its parts."""
        seen, rest = number * _WIDTH, number * _WIDTH + len(Seen._fields)
        numbers = self._numbers[rest : seen + _WIDTH]
        part = Part(self.keys[number], Seen(*self._numbers[seen:rest]), *numbers)
        return Indexed(part, self, self._lines_before[number], self.pieces_before[number])

    def is_all_of(self, number: int, status: os.stat_result) -> bool:
        """Whether one of its parts is all of a file that is as it was then."""
        seen = number * _WIDTH
        inode, size, modified, changed, begin, end = self._numbers[seen : seen + 6]
        return (
            (inode, size, begin, end) == (status.st_ino, status.st_size, 0, size)
            and modified == status.st_mtime_ns & _LARGEST
            and changed == status.st_ctime_ns & _LARGEST
        )

    @cached_property
    def _lines_before(self) -> list[int]:
        return list(accumulate(self._numbers[7::_WIDTH], initial=0))

    @cached_property
    def pieces_before(self) -> list[int]:
        """How many pieces stand before each part, and in the end how many there are."""
        return list(accumulate(self._numbers[8::_WIDTH], initial=0))

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
            if about["form"] > FORM:
                raise SegmentTrouble(self.path.name, "a newer version wrote it")
            if about["form"] != FORM or about["order"] != sys.byteorder:
                raise ValueError("it is of another form")
        except (ValueError, TypeError, KeyError) as error:
            raise BrokenSegment(self.path.name, error) from error
        return about, _HEAD + size


class Indexed(NamedTuple):
    """A part of a transcript and where the index has it."""

    part: Part
    segment: Segment
    first_line: int
    """The number of its first line in the segment."""
    first_piece: int


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

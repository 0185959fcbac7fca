"""Makes a segment of the index, in memory until it is whole."""

import json
import sys
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

from userdesk.store.search.segment import CHECK, FORM, MOST_PIECES, Part, bits_of


class SegmentWriter:
    """Collects the parts of a segment and their terms, in memory."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        """What was added."""
        self.size = 0
        """Bytes of transcripts that it is about."""
        self._pieces = array("I", [0])
        self._lines = array("I")
        self._postings: defaultdict[bytes, list[int]] = defaultdict(list)

    @property
    def is_full(self) -> bool:
        """Whether no further piece can be numbered."""
        return len(self._pieces) >= MOST_PIECES

    @property
    def pieces(self) -> int:
        """How many pieces there are."""
        return len(self._pieces) - 1

    def add_piece(self, starts: Iterable[int], terms: Iterable[bytes]) -> None:
        """Lines that are found together, by where they begin in their part, and their terms."""
        number = self.pieces
        self._lines.extend(starts)
        self._pieces.append(len(self._lines))
        postings = self._postings
        for term in terms:
            postings[term].append(number)

    def add_part(self, part: Part) -> None:
        """The pieces that were added since the last part are these lines'."""
        self.parts.append(part)
        self.size += part.end - part.begin

    def take_back(self, pieces: int) -> None:
        """Go without the pieces from a number on, which no part has yet."""
        if pieces == self.pieces:
            return
        del self._lines[self._pieces[pieces] :]
        del self._pieces[pieces + 1 :]
        for term, numbers in list(self._postings.items()):
            while numbers and numbers[-1] >= pieces:
                numbers.pop()
            if not numbers:
                del self._postings[term]

    def whole(self) -> bytes:
        """The file."""
        room = (self.pieces + 7) // 8
        starts, postings = array("I", [0]), bytearray()
        for numbers in self._postings.values():
            data = array("H", numbers).tobytes() if 2 * len(numbers) < room else bits_of(numbers, room)
            postings += zlib.crc32(data).to_bytes(CHECK, "little") + data
            starts.append(len(postings))
        sections = (  # SECTIONS, in this order
            array("Q", chain.from_iterable(each.numbers for each in self.parts)).tobytes(),
            self._pieces.tobytes(),
            self._lines.tobytes(),
            b"\n".join((b"", *self._postings, b"")),
            starts.tobytes(),
            bytes(postings),
        )
        about = {
            "form": FORM,
            "order": sys.byteorder,
            "size": self.size,
            "pieces": self.pieces,
            "sections": [(len(section), zlib.crc32(section)) for section in sections],
            "keys": " ".join(each.key for each in self.parts),
        }
        head = json.dumps(about).encode() + b"\n"
        return b"%08x%08x" % (len(head), zlib.crc32(head)) + head + b"".join(sections)

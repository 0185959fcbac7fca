"""How fast answers come, and where their bytes are cut."""

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Pauses in seconds and chunk sizes in bytes; the defaults read pleasantly."""

    first: float = 0.15
    """Before the first text of an answer, and before a conversation is created."""
    between: float = 0.0125
    """Between two chunks of a streamed answer."""
    slow: float = 1.0
    """Between two chunks of what `/slow` streams."""
    smallest: int = 5
    largest: int = 20


READABLE_BYTES = 16_000


def cut(data: bytes, pace: Pace) -> Iterator[bytes]:
    """Pieces of the pace's sizes, cut at arbitrary bytes: inside a character as likely as between two.

    The same text is cut the same way each time. A text too long to be read as it comes
    gets larger pieces instead of more of them.
    """
    dice = random.Random(zlib.crc32(data))
    scale = 1 + len(data) // READABLE_BYTES
    start = 0
    while start < len(data):
        size = dice.randint(pace.smallest, pace.largest) * scale
        yield data[start : start + size]
        start += size


def cut_slowly(data: bytes, pieces: int = 20) -> Iterator[bytes]:
    """About that many pieces of one size, for an answer with long pauses."""
    size = max(1, -(-len(data) // pieces))
    for start in range(0, len(data), size):
        yield data[start : start + size]

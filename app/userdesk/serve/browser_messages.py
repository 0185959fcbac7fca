"""What a browser may say on its websocket: JSON lists, as textual-serve's page sends them."""

import json
from dataclasses import dataclass

LONGEST = 65_536
"""Bytes of a message."""
_LONGEST_PING = 100  # characters
_ESC = "\x1b"
_ESC_KEY = b"\x1b[27u"
"""The Escape key as kitty's protocol has it: on a line that stutters the next key may come right behind, and
ESC before a key means Alt."""


class Unexpected(Exception):
    """A message that our page does not send."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Keys, a paste, a mouse, and what the terminal answers."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Resized:
    """The terminal's new size in cells, not looked at yet."""

    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Pinged:
    """A question that is answered with what came with it."""

    data: str | int | float | None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something that our page says and nobody needs."""


Said = Typed | Resized | Pinged | Ignored


def said(text: str) -> Said:
    """What a message says. Raises Unexpected."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise Unexpected from None
    match message:
        case ["stdin", str(typed)]:
            return Typed(_ESC_KEY if typed == _ESC else typed.encode("utf-8", "replace"))
        case ["resize", {"width": int(columns), "height": int(rows)}] if _are_sizes(columns, rows):
            return Resized(columns, rows)
        case ["ping", str() | int() | float() | None as data] if len(str(data)) <= _LONGEST_PING:
            return Pinged(data)
        case ["focus" | "blur", *_]:
            return Ignored()
    raise Unexpected


def _are_sizes(*numbers: int) -> bool:
    return not any(isinstance(number, bool) for number in numbers)

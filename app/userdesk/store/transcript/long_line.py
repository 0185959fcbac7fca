"""A line whose text is beyond the limit: its beginning is read, not the megabytes behind that."""

import json
import re
from collections.abc import Callable

from userdesk.domain.message import LONGEST_ANSWER

_HEAD = 4096  # bytes at most in front of the text
_PIECE = 256 * 1024  # bytes counted at a time
_TAIL = 64 * 1024  # bytes at first that are looked through for the end of the text
_SURE = 1000  # characters more than the limit, from which on a count in pieces is trusted
_LONGEST_ESCAPE = len("\\ud83d\\udc69")
_SHOWN = 100_000  # characters of a text beyond the limit; it opens as any other
_TEXT_BEGINS = (
    rb'\s*+\{(?:\s*+"(?!text")\w++"\s*+:\s*+(?:"(?:[^"\\]|\\.)*+"|[\w.+-]++)\s*+,)*+\s*+"text"\s*+:\s*+(?=")'
)
"""What stands in front of the text, its quote aside."""
_QUOTE = rb'(?<!\\)((?:\\\\)*+)"'
"""A quote that ends a string: no backslash before it that is not itself escaped."""


Read = Callable[[int, int], bytes]
"""Gives up to so many bytes from an offset on."""


def shortened(read: Read, start: int, size: int) -> bytes | None:
    """The line with the beginning of its text and a note; None where its text is within the limit.

    Also None where it is no such line: it is read whole then. Raises what `read` raises.
    """
    if size <= LONGEST_ANSWER:
        return None
    head = re.match(_TEXT_BEGINS, read(_HEAD, start))
    if head is None:
        return None
    begin = start + head.end() + 1
    ratio = _characters_a_byte(read, begin, start + size)
    if ratio is None:
        return None
    text = _beginning(read(_SHOWN * _LONGEST_ESCAPE, begin).decode("utf-8", "ignore"))
    if text is None:
        return None
    reach = _TAIL
    while reach < size:
        tail = read(reach, start + size - reach)
        if quote := re.search(_QUOTE, tail):
            count = ratio * (size - head.end() - (len(tail) - quote.end()))
            shown = with_note(text, round(count))
            line = head[0] + json.dumps(shown, ensure_ascii=False).encode() + tail[quote.end() :]
            if _is_object(line):
                return line
        reach *= 16
    return None


def with_note(text: str, count: int) -> str:
    """The beginning of a text of about so many characters, and that this is not all of it."""
    rest = f"{count / 1e6:.0f} million characters: the rest is in the transcript file and not shown"
    return f"{text[:_SHOWN]}\n\n[{rest}]"


def _characters_a_byte(read: Read, begin: int, end: int) -> float | None:
    """How many characters a byte stands for, where there are more than the limit; else None."""
    count, position = 0, begin
    while position < end:
        piece = read(min(_PIECE, end - position), position)
        if not piece:
            return None
        position += len(piece)
        escapes = piece.count(b"\\") - piece.count(b"\\\\")
        count += len(piece.decode("utf-8", "ignore")) - escapes - 4 * piece.count(b"\\u")
        if count > LONGEST_ANSWER + _SURE:
            return count / (position - begin)
    return None


def _beginning(escaped: str) -> str | None:
    """What is shown of a text, given as JSON has it: mostly a character is one, at most an escaped pair."""
    for size in (_SHOWN * 5 // 4, _SHOWN * _LONGEST_ESCAPE):
        text = _decoded(escaped[:size])
        if text is None or len(text) >= _SHOWN:
            return text
    return text


def _decoded(escaped: str) -> str | None:
    """What a string says as JSON has it, but for an escape that was cut at its end."""
    for end in range(len(escaped), max(0, len(escaped) - 16), -1):
        try:
            return str(json.loads(f'"{escaped[:end]}"'))
        except ValueError:
            continue
    return None


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False

"""Where a JSON value that arrives in pieces ends, without decoding it."""

import re
from enum import Enum, auto

_WHITE = " \t\r\n"
_STRUCTURE = re.compile(r'["{}\[\]]')
_IN_STRING = re.compile(r'["\\]')
_TRAILING = re.compile(r"[\s\0\ufeff]*")


class Extent(Enum):
    """How far the text so far reaches."""

    OPEN = auto()
    """The value is not whole yet."""
    WHOLE = auto()
    """The value is whole, and nothing but white space follows it."""
    NOT_ALONE = auto()
    """It cannot be one JSON value: something follows it, or it begins as none."""


class JsonExtent:
    """Follows brackets and strings of a text that begins with `{`, `[` or `"`."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped = False
        self._opened = False
        """Whether the next thing is the first in an object."""
        self.extent = Extent.OPEN

    def feed(self, text: str) -> Extent:
        """One more piece of the text."""
        at = 0
        while at < len(text) and self.extent is Extent.OPEN:
            at = self._string(text, at) if self._in_string else self._outside(text, at)
        if self.extent is Extent.WHOLE and _TRAILING.fullmatch(text, at) is None:
            self.extent = Extent.NOT_ALONE
        return self.extent

    def _string(self, text: str, at: int) -> int:
        if self._escaped:
            self._escaped = False
            return at + 1
        found = _IN_STRING.search(text, at)
        if not found:
            return len(text)
        if found[0] == "\\":
            self._escaped = True
        else:
            self._in_string = False
            self._ended()
        return found.end()

    def _outside(self, text: str, at: int) -> int:
        if self._opened:
            while at < len(text) and text[at] in _WHITE:
                at += 1
            if at == len(text):
                return at
            self._opened = False
            if text[at] not in '"}':  # `{name}` in prose, a set of mathematics, code
                self.extent = Extent.NOT_ALONE
                return at
        found = _STRUCTURE.search(text, at)
        if not found:
            return len(text)
        match found[0]:
            case '"':
                self._in_string = True
            case "{" | "[":
                self._depth += 1
                self._opened = found[0] == "{"
            case _:
                self._depth -= 1
                self._ended()
        return found.end()

    def _ended(self) -> None:
        if self._depth <= 0:
            self.extent = Extent.WHOLE

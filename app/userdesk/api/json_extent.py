"""Where a JSON value that arrives in pieces ends, without decoding it."""

import re

_WHITE = " \t\r\n"
_STRUCTURE = re.compile(r'["{}\[\]]')
_IN_STRING = re.compile(r'["\\]')
_TRAILING = re.compile(r"[\s\0\ufeff]*")


class JsonExtent:
    """Follows brackets and strings of a text that begins with `{`, `[` or `"`."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped = False
        self._opened = False
        """Whether the next thing is the first in an object."""
        self._is_whole = False
        self._is_one = True

    def feed(self, text: str) -> bool:
        """One more piece of the text; whether all of it may be one JSON value and nothing more."""
        at = 0
        while at < len(text) and self._is_one and not self._is_whole:
            at = self._string(text, at) if self._in_string else self._outside(text, at)
        if self._is_whole and _TRAILING.fullmatch(text, at) is None:
            self._is_one = False
        return self._is_one

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
            self._is_whole = self._depth <= 0
        return found.end()

    def _outside(self, text: str, at: int) -> int:
        if self._opened:
            while at < len(text) and text[at] in _WHITE:
                at += 1
            if at == len(text):
                return at
            self._opened = False
            if text[at] not in '"}':  # `{name}` in prose, a set of mathematics, code
                self._is_one = False
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
                self._is_whole = self._depth <= 0
        return found.end()

"""Finds the line on which a key of a TOML file stands; tomllib does not tell."""

import re
from collections.abc import Sequence

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_NAME = rf"{_PART}(?:\s*\.\s*{_PART})*"
# Left uncompiled: a start whose settings need no line number saves a millisecond.
_HEADER = rf"\s*\[\[?\s*({_NAME})\s*\]"
_KEY = rf"\s*({_NAME})\s*="
_MULTILINE = r'"""|' + "'''"


def _split(name: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, name))


class KeyLines:
    """The lines of all keys and table headers of one TOML text, scanned on first use."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: dict[tuple[str, ...], int] | None = None

    def line(self, path: Sequence[str]) -> int | None:
        """The 1-based line of a key given as its path, or of the nearest table around it."""
        if self._lines is None:
            self._lines = self._scan()
        for end in range(len(path), 0, -1):
            if (line := self._lines.get(tuple(path[:end]))) is not None:
                return line
        return None

    def _scan(self) -> dict[tuple[str, ...], int]:
        lines: dict[tuple[str, ...], int] = {}
        table: tuple[str, ...] = ()
        inside = ""  # the quotes of a string over several lines that we are in
        for number, line in enumerate(self._text.split("\n"), 1):
            if not inside:
                if match := re.match(_HEADER, line):
                    table = _split(match[1])
                    lines.setdefault(table, number)
                elif match := re.match(_KEY, line):
                    parts = (*table, *_split(match[1]))
                    for end in range(len(table) + 1, len(parts) + 1):
                        lines.setdefault(parts[:end], number)
            for quotes in re.findall(_MULTILINE, line):
                if not inside:
                    inside = quotes
                elif inside == quotes:
                    inside = ""
        return lines

"""Finds the line on which a key, a table or a list's item stands in a TOML text; tomllib does not tell."""

import re
from collections.abc import Iterator
from functools import cached_property

# Left uncompiled: a start whose settings need no line number saves a millisecond.
_TOKEN = (
    r'''(?s:"""(?:\\.|[^\\])*?"{3,5})'''
    r"""|(?s:\'\'\'.*?\'{3,5})"""
    r'''|"(?:\\.|[^"\\\n])*"'''
    r"""|'[^'\n]*'"""
    r"""|\#[^\n]*"""
    r"""|[\[\]{}=,\n]"""
    r"""|[^\s\[\]{}=,"'#]+"""
)
_Path = tuple[str | int, ...]


class TomlLines:
    """The lines, counted from 1, of what stands in a well-formed TOML text; scanned when first asked."""

    def __init__(self, text: str) -> None:
        self._text = text

    def line(self, *path: str | int) -> int | None:
        """The line of a key, or of the nearest table or list around it that is found; None without one.

        `path` has the names of the tables around the key, and of lists the item's number, counted from 0.
        """
        for end in range(len(path), 0, -1):
            if (line := self._lines.get(path[:end])) is not None:
                return line
        return None

    @cached_property
    def _lines(self) -> dict[_Path, int]:
        lines: dict[_Path, int] = {}
        counts: dict[_Path, int] = {}
        table: _Path = ()
        tokens = _tokens(self._text)
        for line, token in tokens:
            if token == "\n":
                continue
            head = [token, *_until(tokens, "\n" if token == "[" else "=")]
            *outer, name = _names("".join(head).strip("[]"))
            path = () if token == "[" else table
            for part in outer:
                path = (*path, part)
                lines.setdefault(path, line)
                if path in counts:
                    path = (*path, counts[path])
            path = (*path, name)
            lines.setdefault(path, line)
            if token != "[":
                lines.update({(*path, item): at for item, at in enumerate(_items(tokens))})
                continue
            if head[1] == "[":
                counts[path] = counts.get(path, -1) + 1
                path = (*path, counts[path])
                lines[path] = line
            table = path
        return lines


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    """Each token of a TOML text with its line, but for comments."""
    line, seen = 1, 0
    for found in re.finditer(_TOKEN, text):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        if not found[0].startswith("#"):
            yield line, found[0]


def _until(tokens: Iterator[tuple[int, str]], end: str) -> Iterator[str]:
    for _, token in tokens:
        if token == end:
            return
        yield token


def _names(dotted: str) -> list[str]:
    """The parts of a dotted key, without their quotes."""
    parts = re.findall(r"\"[^\"]*\"|'[^']*'|[^.\"']+", dotted)
    return [part.strip("\"'") for part in parts] or [""]


def _items(tokens: Iterator[tuple[int, str]]) -> Iterator[int]:
    """The lines on which the items of a value begin, where it is a list; to the end of the value."""
    depth, is_awaited = 0, False
    for line, token in tokens:
        if token == "\n":
            if not depth:
                return
            continue
        if is_awaited and depth == 1 and token not in "],":
            yield line
            is_awaited = False
        if token in "[{":
            depth += 1
            is_awaited = is_awaited or (depth == 1 and token == "[")
        elif token in "]}":
            depth -= 1
        elif token == "," and depth == 1:
            is_awaited = True

"""Finds the line on which a key of a question, or an item of its list, stands; tomllib does not tell."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r'''(?s:"""(?:\\.|[^\\])*?"{3,5})'''
    r"""|(?s:\'\'\'.*?\'{3,5})"""
    r'''|"(?:\\.|[^"\\\n])*"'''
    r"""|'[^'\n]*'"""
    r"""|\#[^\n]*"""
    r"""|[\[\]{}=,\n]"""
    r"""|[^\s\[\]{}=,"'#]+"""
)
_PUNCTUATION = frozenset("[]{}=,\n")


class _Found:
    """Where a table, or one question, and what is in it begins."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.keys: dict[str, int] = {}
        self.items: dict[str, list[int]] = {}


class QuestionLines:
    """The lines, counted from 1, of the questions of one TOML text, of their keys and of lists' items."""

    def __init__(self, text: str) -> None:
        self._top = _Found(1)
        self._questions: list[_Found] = []
        self._at: _Found | None = self._top
        self._tokens = _tokens(text)
        for line, token in self._tokens:
            if token == "[":
                self._header(line)
            elif token not in _PUNCTUATION:
                self._key(line, token)

    def top(self, key: str) -> int:
        """The line of a key above all questions; the first line where it is not found."""
        return self._top.keys.get(key) or (self._questions[0].line if self._questions else 1)

    def of(self, question: int, key: str = "", item: int | None = None) -> int:
        """The line of a question's key, or of an item of its list; of the question where it is not found."""
        if question >= len(self._questions):  # written as an array of inline tables
            tables = self._top.items.get("question", [])
            return tables[question] if question < len(tables) else self._top.keys.get("question", 1)
        found = self._questions[question]
        line = found.keys.get(key, found.line)
        items = found.items.get(key, [])
        return items[item] if item is not None and item < len(items) else line

    def _header(self, line: int) -> None:
        """`[[question]]` begins the next one; `[question.expect]` is a key of it, and what follows is not."""
        words, brackets = [], 1
        for _, token in self._tokens:
            if token == "\n":
                break
            brackets += token == "["
            if token not in _PUNCTUATION and not token.startswith("#"):
                words.append(token)
        path = _path("".join(words))
        if path[0] != "question":
            self._at = None
            self._top.keys.setdefault(path[0], line)
        elif len(path) > 1:
            self._at = None
            if self._questions:
                self._questions[-1].keys.setdefault(path[1], line)
        elif brackets == 2:
            self._at = _Found(line)
            self._questions.append(self._at)
        else:
            self._at = None
            self._top.keys.setdefault("question", line)

    def _key(self, line: int, token: str) -> None:
        words = [token]
        for _, more in self._tokens:
            if more in ("=", "\n"):
                break
            words.append(more)
        name = _path("".join(words))[0]
        items = list(self._items())
        if self._at is not None and name not in self._at.keys:
            self._at.keys[name] = line
            self._at.items[name] = items

    def _items(self) -> Iterator[int]:
        """The lines on which the items of a value begin, where it is a list; to the end of the value."""
        depth, is_awaited = 0, False
        for line, token in self._tokens:
            if token == "\n":
                if not depth:
                    return
                continue
            if token.startswith("#"):
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


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    """Each token of a TOML text with its line; comments among them."""
    line, seen = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        yield line, found[0]


def _path(name: str) -> list[str]:
    """The parts of a dotted key, without their quotes."""
    parts = re.findall(r"\"[^\"]*\"|'[^']*'|[^.\"']+", name)
    return [part.strip("\"'") for part in parts] or [""]

"""Colours code one line at a time, so that a line once shown keeps its colours while more arrives.

A small reader of our own: a lexer that wants the whole text would colour an open code block again and again.
It knows words, strings, comments and numbers, which is what makes code readable, and nothing of grammar.
"""

import re
from functools import cache
from typing import NamedTuple

from userdesk.markdown.highlight.languages import DIFFS, LANGUAGES, Language
from userdesk.markdown.layout.rows import Run

PLAIN = "code-block"
_KEYWORD, _STRING, _COMMENT, _NUMBER, _NAME, _INSERTED, _DELETED = (
    f"{PLAIN} code-{kind}"
    for kind in ("keyword", "string", "comment", "number", "name", "inserted", "deleted")
)
_GROUPS = {"string": _STRING, "comment": _COMMENT, "number": _NUMBER, "key": _NAME}


class OpenToken(NamedTuple):
    """What a line begins inside of: a comment or string of several lines."""

    end: str
    style: str


class CodeHighlighter:
    """The colours of one code block, given line by line. `within` is all that it carries over."""

    def __init__(self, language: str) -> None:
        name = language.lower().strip("{}.")
        self._language = LANGUAGES.get(name)
        self._diff = name in DIFFS
        self.within: OpenToken | None = None

    def line(self, text: str) -> list[Run]:
        """The runs of the next line; together they are the line."""
        if not text:
            return []
        if self._language is not None:
            return self._coloured(text, self._language)
        if self._diff:
            style = {"+": _INSERTED, "-": _DELETED, "@": _NAME}.get(text[0], PLAIN)
            return [Run(text, style)]
        return [Run(text, PLAIN)]

    def _coloured(self, text: str, language: Language) -> list[Run]:
        runs: list[Run] = []
        at, plain = 0, 0
        if self.within:
            at = plain = self._end_of_within(text, 0, 0, runs)
        pattern = _pattern(language)
        while at < len(text) and (match := pattern.search(text, at)):
            start, end = match.span()
            group = match.lastgroup or ""
            style = _GROUPS.get(group) or self._word_style(text, match, language)
            opened = match[0] if group == "block" or group == "long" else ""
            if not style and not opened:
                at = end
                continue
            if start > plain:
                runs.append(Run(text[plain:start], PLAIN))
            if opened:
                closing = dict(language.blocks).get(opened, opened)
                self.within = OpenToken(closing, _COMMENT if group == "block" else _STRING)
                end = self._end_of_within(text, start, end, runs)
            else:
                runs.append(Run(text[start:end], style))
            at = plain = end
        if plain < len(text):
            runs.append(Run(text[plain:], PLAIN))
        return runs

    def _word_style(self, text: str, match: re.Match[str], language: Language) -> str:
        word = match[0]
        if (word.lower() if language.any_case else word) in language.words:
            return _KEYWORD
        if language.words and text[match.end() : match.end() + 1] == "(":
            return _NAME
        return ""

    def _end_of_within(self, text: str, start: int, at: int, runs: list[Run]) -> int:
        """Colour up to the end of what the line is inside of, or all of it."""
        assert self.within is not None
        end, style = self.within
        close = text.find(end, at)
        while close > 0 and text[close - 1] == "\\" and style == _STRING:
            close = text.find(end, close + 1)
        if close < 0:
            runs.append(Run(text[start:], style))
            return len(text)
        self.within = None
        runs.append(Run(text[start : close + len(end)], style))
        return close + len(end)


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    parts = []
    if language.key:
        parts.append(f"(?P<key>{language.key})")
    if language.blocks:
        parts.append(f"(?P<block>{'|'.join(re.escape(begin) for begin, _ in language.blocks)})")
    if language.long_quotes:
        parts.append(f"(?P<long>{'|'.join(re.escape(quote) for quote in language.long_quotes)})")
    if language.comments:
        # A mark inside a word, such as the one in $#, begins nothing.
        marks = "|".join(re.escape(mark) for mark in language.comments)
        parts.append(rf"(?P<comment>(?<![\w$:&])(?:{marks}).*)")
    strings = "|".join(rf"{quote}(?:[^{quote}\\]|\\.)*(?:{quote}|\\?$)" for quote in language.quotes)
    parts.append(f"(?P<string>{strings})")
    parts.append(r"(?P<number>\b(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\w*)")
    parts.append(r"(?P<word>[#@!]?[^\W\d]\w*)")
    return re.compile("|".join(parts))

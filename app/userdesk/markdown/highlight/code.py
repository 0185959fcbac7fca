"""Colours code line by line while its block is open, so that what arrives costs what its length is.

What a line means may depend on all lines before it: Pygments would read an open block again and again. Here
nothing is carried from line to line but the comment or string that a line begins inside of. `blocks` colours
the block once more, by Pygments, when it is complete.
"""

from userdesk.markdown.highlight.lexers import COMMENT, NAME, NUMBER, PLAIN, STRING
from userdesk.markdown.highlight.syntax import OpenToken, Syntax, syntax_of
from userdesk.markdown.layout.rows import Run

_STYLES = {"key": NAME, "comment": COMMENT, "string": STRING, "number": NUMBER}


class CodeHighlighter:
    """The colours of one open block, given line by line. `within` is all that it carries over."""

    def __init__(self, language: str) -> None:
        self._asked = syntax_of(language) if language else None
        self.within: OpenToken | None = None

    def line(self, text: str) -> list[Run]:
        """The runs of the next line; together they are the line. Plain until its language is known."""
        syntax = self._asked.result() if self._asked and self._asked.done() else None
        if syntax and not syntax.is_diff:
            return self._coloured(text, syntax)
        style = syntax.style(text) if syntax else ""
        return [Run(text, style or PLAIN)] if text else []

    def _coloured(self, text: str, syntax: Syntax) -> list[Run]:
        runs: list[Run] = []
        at = plain = self._end_of_within(text, 0, 0, runs) if self.within and text else 0
        while match := syntax.pattern.search(text, at):
            start, at = match.span()
            group = match.lastgroup or ""
            style = syntax.word(match[0]) if group == "word" else _STYLES.get(group)
            if style == PLAIN:
                continue
            if start > plain:
                runs.append(Run(text[plain:start], PLAIN))
            if style:
                runs.append(Run(text[start:at], style))
            else:
                self.within = syntax.pairs[match[0]]
                at = self._end_of_within(text, start, at, runs)
            plain = at
        if plain < len(text):
            runs.append(Run(text[plain:], PLAIN))
        return runs

    def _end_of_within(self, text: str, start: int, at: int, runs: list[Run]) -> int:
        """Colour up to the end of what the line is inside of, or all of it."""
        assert self.within is not None
        end, style, escapes = self.within
        close = text.find(end, at)
        while escapes and close > 0 and text[close - 1] == "\\":
            close = text.find(end, close + 1)
        at = len(text) if close < 0 else close + len(end)
        if close >= 0:
            self.within = None
        runs.append(Run(text[start:at], style))
        return at

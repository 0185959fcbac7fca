"""Colours of complete code blocks, by Pygments."""

from functools import lru_cache
from time import thread_time

from userdesk.markdown.highlight.lexers import lexer_of, style_of
from userdesk.markdown.highlight.syntax import syntax_of
from userdesk.markdown.layout.rows import Run

LONGEST_BLOCK = 10_000
"""Characters of a block that is coloured as a whole: 15 ms where the lexer is slow."""
LONGEST_LINE = 1000
"""Characters of a line in it, since some lexers' cost grows with the square of a line's length."""
_BASE, _PER_CHARACTER = 0.003, 0.000_01
# Seconds of processor time: several times what ordinary code needs. Hostile code may need minutes.
_ATTEMPTS = 2
# The first one may have had to build the lexer of another language inside this one.


def block_runs(lines: list[str], language: str) -> list[list[Run]] | None:
    """The runs of every line of a block; None where the language is unknown or the block costs too much."""
    if max(map(len, lines), default=0) > LONGEST_LINE or sum(map(len, lines)) + len(lines) > LONGEST_BLOCK:
        return None
    return _runs("".join(f"{line}\n" for line in lines), language)


@lru_cache(32)  # another width lays the same blocks out again
def _runs(text: str, language: str) -> list[list[Run]] | None:
    syntax_of(language).result()  # lexers are built in one thread
    lexer = lexer_of(language, php="<?" not in text)
    if lexer is None:
        return None
    for _ in range(_ATTEMPTS):
        end = thread_time() + _BASE + len(text) * _PER_CHARACTER
        parts, styles = [""], [""]
        try:
            for number, (_at, token, part) in enumerate(lexer.get_tokens_unprocessed(text)):
                if (style := style_of(token)) == styles[-1]:
                    parts[-1] += part
                else:
                    parts.append(part)
                    styles.append(style)
                if not number % 4 and thread_time() > end:  # to look costs as much as a token
                    break
            else:
                return _by_line(parts, styles) if "".join(parts) == text else None
        except Exception:  # hundreds of lexers, and any text
            return None
    return None


def _by_line(parts: list[str], styles: list[str]) -> list[list[Run]]:
    lines: list[list[Run]] = [[]]
    for part, style in zip(parts, styles, strict=True):
        first, *others = part.split("\n")
        if first:
            lines[-1].append(Run(first, style))
        lines += [[Run(other, style)] if other else [] for other in others]
    return lines[:-1]

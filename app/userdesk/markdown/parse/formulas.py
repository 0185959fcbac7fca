r"""Formulas: what stands in `\( \)`, `\[ \]`, `$ $` and `$$ $$` is shown as it is written.

A dollar sign is a sign of money unless it is certain that it is none; the brackets may also be escaped ones.
"""

import re

CLOSING = {"\\(": "\\)", "\\[": "\\]", "$$": "$$", "$": "$"}
"""What each mark is closed by."""
REACH = 60
"""Characters of what may become a formula that are held back while text grows."""

_INLINE = re.compile(
    r"\$(?:[^\s$\\]|\\.)(?:(?:[^$\n\\]|\\.)*?(?:[^\s$\\]|\\.))?\$(?![\w{$])"
)  # pandoc's rule
_CERTAIN = re.compile(r"\\[A-Za-z,;]|[\^_={}]")
_COMMAND = re.compile(r"\\[A-Za-z]+(?:\{[^{}]*\})?")
_WORD = re.compile(r"[^\W\d_]{3,}")
_UNIT = re.compile(r"\b[A-Za-z]{2}")


def formula_end(text: str, start: int, mark: str) -> int:
    """Behind the formula that begins with the mark at `start`; 0 where none does."""
    if mark == "$":
        if start and (text[start - 1].isalnum() or text[start - 1] == "$"):
            return 0
        match = _INLINE.match(text, start)
        return match.end() if match and is_formula(match[0][1:-1]) else 0
    close = text.find(CLOSING[mark], start + 2)
    inner = text[start + 2 : close]
    if close < 0 or not inner.strip() or text[close + 2 : close + 3] == "(":
        return 0
    return close + 2 if mark == "$$" or is_formula(inner) else 0


def is_formula(inner: str) -> bool:
    """Whether what stands between the marks is certainly no text and no sum of money."""
    if inner.lstrip()[:1].isdigit() and _UNIT.search(inner.partition("\\")[0]):
        return False
    return bool(_CERTAIN.search(inner)) or (may_be_formula(inner) and any(map(str.isalpha, inner)))


def is_becoming(inner: str) -> bool:
    """The same of what has not been closed yet: digits are rather money then, and words a variable's name."""
    return bool(_COMMAND.search(inner)) or (may_be_formula(inner) and is_formula(inner))


def may_be_formula(inner: str) -> bool:
    """Whether it holds no word and does not begin as a sum of money does."""
    return not inner[:1].isdigit() and not _WORD.search(_COMMAND.sub("", inner))


def opened_by(line: str, alone: bool) -> str:
    r"""What closes the formula of several lines that a line opens: one that begins with `\[` or `$$`.

    `alone` says that the line may hold nothing but the mark, as where it interrupts a paragraph.
    """
    mark, inner = line[:2], line[2:]
    if mark not in ("\\[", "$$") or inner[:1] == "$" or CLOSING[mark] in inner:
        return ""
    # What is decided of a line must not depend on what comes late in it.
    return CLOSING[mark] if not inner.strip() or (not alone and is_formula(inner[:REACH])) else ""

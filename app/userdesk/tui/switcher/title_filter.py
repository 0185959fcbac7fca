"""Tells quickly which titles cannot fit what was typed: few of many thousands are looked at closely."""

import re
from collections.abc import Iterator, Sequence

from userdesk.store.search.query import SearchQuery

JUMPS_EACH = 4
"""Letters typed for each jump into the middle of a word."""
_AT_A_WORD = r"(?<![^\W_])"


def may_fit(wanted: SearchQuery, titles: Sequence[str]) -> Iterator[int]:
    """The numbers of the titles, in plain letters, that hold all words, or may have the letters in order."""
    in_order = _in_order("".join(wanted.words)).match
    first, *others = sorted(wanted.words, key=len, reverse=True)
    for number, title in enumerate(titles):
        if (first in title and all(word in title for word in others)) or in_order(title):
            yield number


def _in_order(letters: str) -> re.Pattern[str]:
    """What matches a title with the letters in order: too few for a jump, only at words or side by side."""
    if len(letters) < 2:
        return re.compile("(?!)")
    escaped = [re.escape(letter) for letter in letters]
    if len(letters) < JUMPS_EACH:
        first, *others = (_AT_A_WORD + letter for letter in escaped)
        rest = (f"(?:{near}|.*?{far})" for near, far in zip(escaped[1:], others, strict=True))
        return re.compile(".*?" + first + "".join(rest), re.DOTALL)
    # Each next letter at its first place: without a way back the time is that of one look at the title.
    return re.compile("".join(f"[^{letter}]*+{letter}" for letter in escaped))

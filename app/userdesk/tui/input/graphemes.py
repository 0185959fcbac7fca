"""Grapheme clusters: what a reader calls a letter, of however many code points it is made.

Cursor moves, deletions and line wraps go by them (Unicode Standard Annex 29). As in the message log, the
parts of an emoji sequence are drawn apart where the terminal did not say that it draws them as one.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from userdesk.domain.safe_text import clean
from userdesk.markdown.layout.cells import cells, clusters_are_joined, display

# Ranges of code points of which none joins a neighbour within them: each is a cluster by itself, is drawn
# as it is, and the tables of Unicode are not needed. Latin, Greek, Cyrillic, Armenian, the letters of
# Hebrew and Arabic, symbols, kana, ideographs, Hangul syllables, plain emoji.
_ALONE = (
    "\t\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0556\u0561-\u0587\u05d0-\u05ea\u0620-\u064a"
    "\u1e00-\u1fff\u2010-\u2027\u202f-\u205e\u20a0-\u20c0\u2100-\u2bff\u3001-\u3029\u3030-\u3098"
    "\u3000\u309b-\u3163\u3165-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9d"
    "\U0001f300-\U0001f3fa\U0001f400-\U0001faff\U00020000-\U000323af"
)
# Marks that belong to no script: an accent on a Latin letter goes with its letter.
_GENERAL_MARKS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"
_HANGUL = "[\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff]"
_JOINERS = "\u200c\u200d"
_KEPT = "\u200c"  # shapes the letters beside it, takes no cell
_OF_EMOJI = "\u200d\ufe0f"  # within an emoji sequence


def is_simple(text: str) -> bool:
    """Whether every code point of the text is a cluster by itself."""
    return text.isascii() or not _joining().search(text)


@cache
def _joining() -> re.Pattern[str]:
    """Compiled when a text first holds more than ASCII: it takes some milliseconds."""
    return re.compile(f"[^{_ALONE}]")


def boundaries(text: str) -> range | tuple[int, ...]:
    """Where clusters begin, from 0 to the length of the text."""
    return range(len(text) + 1) if is_simple(text) else _boundaries(text)


@lru_cache(256)
def _boundaries(text: str) -> tuple[int, ...]:
    from wcwidth import iter_graphemes  # only for text that needs it

    return tuple(accumulate(map(len, iter_graphemes(text)), initial=0))


def before(text: str, index: int) -> int:
    """The nearest boundary left of an index; 0 at the beginning."""
    bounds = boundaries(text)
    return bounds[max(0, bisect_left(bounds, index) - 1)]


def after(text: str, index: int) -> int:
    """The nearest boundary right of an index; the length of the text at its end."""
    bounds = boundaries(text)
    return bounds[min(len(bounds) - 1, bisect_right(bounds, index))]


def begin_of(text: str, index: int) -> int:
    """The index itself where it is a boundary, else the beginning of the cluster that it lies in."""
    bounds = boundaries(text)
    return bounds[max(0, bisect_right(bounds, index) - 1)]


def backspace(text: str, index: int) -> int:
    """Where the text that Backspace deletes begins.

    A cluster; in scripts that are written letter by letter with marks (Thai, Hindi, Hebrew, …) the last
    mark or joiner alone, as their readers expect of what they typed last.
    """
    begin = before(text, index)
    cluster = text[begin:index]
    if (
        len(cluster) > 1
        and cluster[0].isalpha()
        and not re.match(_HANGUL, cluster)
        and _ends_in_a_stroke_of_its_own(cluster)
    ):
        return index - 1
    return begin


def _ends_in_a_stroke_of_its_own(cluster: str) -> bool:
    from unicodedata import category

    return cluster[-1] in _JOINERS or any(
        category(c) in ("Mn", "Mc", "Lo") and not re.match(_GENERAL_MARKS, c) for c in cluster[1:]
    )


def word_left(text: str, index: int) -> int:
    """The beginning of the word left of an index, blanks between them skipped."""
    bounds = boundaries(text)
    kinds = _kinds(text, bounds[: bisect_left(bounds, index)]).rstrip()
    return bounds[len(kinds.rstrip(kinds[-1:]))]


def word_right(text: str, index: int) -> int:
    """The end of the word right of an index, blanks between them skipped."""
    bounds = boundaries(text)
    kinds = _kinds(text, bounds[bisect_left(bounds, index) : -1]).lstrip()
    return bounds[-1 - len(kinds.lstrip(kinds[:1]))]


def _kinds(text: str, begins: Iterable[int]) -> str:
    """What the clusters that begin there are to words: blanks, letters, or signs between them."""
    first = (text[begin] for begin in begins)
    return "".join(" " if c.isspace() else "w" if c.isalnum() or c == "_" else "." for c in first)


class Clusters(NamedTuple):
    """A line's clusters from left to right; the last of `starts` and of `edges` is the line's end."""

    starts: tuple[int, ...]
    """The code point at which each begins."""
    edges: tuple[int, ...]
    """The cell at which each begins, in a line that is not wrapped."""
    drawn: tuple[str, ...]
    """What is drawn of each."""


def clusters_of(line: str, tab_size: int = 4) -> Clusters:
    """Measure a line. A tab goes on to the next multiple of `tab_size` cells."""
    return _clusters_of(line, tab_size, clusters_are_joined())


@lru_cache(256)
def _clusters_of(line: str, tab_size: int, joined: bool) -> Clusters:
    starts = tuple(boundaries(line))
    edges, drawn = [0], []
    for begin, end in pairwise(starts):
        part = line[begin:end]
        shown = (
            " " * (tab_size - edges[-1] % tab_size)
            if part == "\t"
            else "".join([_drawn(each, joined) for each in part])
        )
        drawn.append(shown)
        edges.append(edges[-1] + cells(shown))
    return Clusters(starts, tuple(edges), tuple(drawn))


@lru_cache(1024)
def _drawn(character: str, joined: bool) -> str:
    # One by one: what a character becomes does not depend on where a line is cut.
    if character in _KEPT or (joined and character in _OF_EMOJI):
        return character
    return display(clean(character))

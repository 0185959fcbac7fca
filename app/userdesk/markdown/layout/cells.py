"""How wide text is in a terminal, and how it is drawn so that terminals agree on it.

Emoji sequences are where terminals differ: joined families, skin tones and variation selectors take one
cluster's cells in some and the sum of their parts in others. Where the terminal did not say that it draws
them as one (`join_clusters`), `display` shows the parts apart, so that a character's width does not depend
on its neighbours and columns stay aligned everywhere.

Vowel signs that stand beside their letter (as in Hindi) are a cell in most terminals and none in others,
and what Unicode added lately is unknown to some: `is_disputed` tells, so that a line with them is drawn
in a way that does not depend on what the terminal counts.
"""

import re
from functools import lru_cache

from rich.cells import get_character_cell_size

_CLUSTER_GLUE = re.compile("[\u200d\ufe0f\U0001f3fb-\U0001f3ff]")
_DISPUTED: set[str] = set()
"""Of the characters in `WIDTHS`, those that terminals do not agree on."""
_LATELY = ("\U0001fa70", "\U0001fbff")
"""Where emoji were added in recent years."""


_joined = False


def join_clusters(joined: bool) -> None:
    """Draw emoji sequences as one emoji of two cells from now on, or their parts apart."""
    global _joined
    _joined = joined
    _wide_cells.cache_clear()
    _has_disputed.cache_clear()


def clusters_are_joined() -> bool:
    """Whether emoji sequences are drawn as one; layouts of another time have other widths."""
    return _joined


def display(text: str) -> str:
    """The text as it is drawn: without emoji joiners, presentation selectors and skin tones, unless joined.

    A tab would move the terminal's cursor: it is one space, where the layout did not expand it.
    """
    if "\t" in text:
        text = text.replace("\t", " ")
    return text if _joined or text.isascii() else _CLUSTER_GLUE.sub("", text)


def widths_of(text: str) -> list[int]:
    """Cells of every character once `display` drew the text; of a sequence drawn as one the first has all."""
    widths = list(map(WIDTHS.__getitem__, text))
    if _joined and _CLUSTER_GLUE.search(text):
        for match in _sequence().finditer(text):
            widths[match.start() : match.end()] = [2, *[0] * (len(match[0]) - 1)]
    return widths


@lru_cache
def _sequence() -> re.Pattern[str]:
    # A large class, compiled only where a sequence is drawn as one.
    from userdesk.domain.unicode_ranges import PICTOGRAPHS, character_class

    emoji, tone = f"[{character_class(PICTOGRAPHS)}]", "[\U0001f3fb-\U0001f3ff]"
    dressed = f"{emoji}(?:\ufe0f|{tone})?"
    return re.compile(f"{dressed}(?:\u200d{dressed})+|{emoji}(?:\ufe0f|{tone})|{tone}|[0-9#*]\ufe0f\u20e3")


class _Widths(dict[str, int]):
    """The width of every character that was met."""

    def __missing__(self, character: str) -> int:
        from unicodedata import category  # only where a text is not ASCII

        kind = category(character)
        if _CLUSTER_GLUE.match(character):
            width = 0
        elif kind == "Mc":
            width = 1  # where a terminal counts none, the line is short, not too long
        else:
            width = get_character_cell_size(character)
        self[character] = width
        if kind in ("Mc", "Cn", "Co") or _LATELY[0] <= character <= _LATELY[1]:
            _DISPUTED.add(character)
        return width


WIDTHS = _Widths({"\t": 1})
"""Cells that a character takes once `display` drew it: 0, 1 or 2."""


def fitting(text: str, width: int) -> int:
    """How many characters of the text fit into a width, in cells."""
    for count, character in enumerate(text):
        width -= WIDTHS[character]
        if width < 0:
            return count
    return len(text)


def is_disputed(text: str) -> bool:
    """Whether terminals differ in how many cells the text takes."""
    return not text.isascii() and _has_disputed(text)


@lru_cache(256)  # of whole lines: those in view, not all that were ever drawn
def _has_disputed(text: str) -> bool:
    cells(text)
    return not _DISPUTED.isdisjoint(text) or (_joined and _CLUSTER_GLUE.search(text) is not None)


def cells(text: str) -> int:
    """Cells that the text takes as `display` draws it; rich's own measure but for vowel signs."""
    if text.isascii() and text.isprintable():
        return len(text)
    return _wide_cells(text)


@lru_cache(256)
def _wide_cells(text: str) -> int:
    return sum(widths_of(text))

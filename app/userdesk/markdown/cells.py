"""How wide text is in a terminal, and how it is drawn so that terminals agree on it.

Emoji sequences are where terminals differ: joined families, skin tones and variation selectors take one
cluster's cells in some and the sum of their parts in others. `display` shows the parts apart, so that a
character's width no longer depends on its neighbours and columns stay aligned everywhere.
"""

import re
from functools import lru_cache

from rich.cells import get_character_cell_size

_CLUSTER_GLUE = re.compile("[\u200d\ufe0f\U0001f3fb-\U0001f3ff]")
_WIDTHS: dict[str, int] = {"\t": 1}


def display(text: str) -> str:
    """The text as it is drawn: without emoji joiners, emoji presentation selectors and skin tones.

    A tab would move the terminal's cursor: it is one space, where the layout did not expand it.
    """
    if "\t" in text:
        text = text.replace("\t", " ")
    return text if text.isascii() else _CLUSTER_GLUE.sub("", text)


def width_of(character: str) -> int:
    """Cells that one character takes once `display` drew it: 0, 1 or 2."""
    width = _WIDTHS.get(character)
    if width is None:
        width = 0 if _CLUSTER_GLUE.match(character) else get_character_cell_size(character)
        _WIDTHS[character] = width
    return width


def cells(text: str) -> int:
    """Cells that the text takes as `display` draws it; equal to rich's own measure of that."""
    if text.isascii() and text.isprintable():
        return len(text)
    return _wide_cells(text)


@lru_cache(2048)
def _wide_cells(text: str) -> int:
    return sum(map(width_of, text))

"""How wide a table's columns are, and whether they stand side by side at all.

Every column has a natural width, in which nothing wraps, and a least one, in which no word is cut. Where
the natural ones do not fit, the widest columns yield first: what is short stays whole.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

BORDERS = (" │ ", "│")
"""What stands between columns, the second one where that makes room for them."""
STACKED = ""
"""Stands for a table whose columns are under one another."""
_WORD = 20
"""A longer word, most often an address, may be folded: it takes no room from the other columns."""
_READABLE = 10
"""The least cells for text, that of rows that are not known yet too."""
_DIGIT = 1
"""As much wider may numbers become."""
_SPARE = 4
"""Cells for what comes behind the rows that widths are taken from, beside as much again as they need."""


class Need(NamedTuple):
    """What a cell needs, in cells."""

    width: int
    """In which nothing wraps."""
    word: int
    """In which no word is cut."""
    is_text: bool
    """Whether there are letters in it."""

    def most(self, other: "Need") -> "Need":
        """The need of what has room for both."""
        return Need(max(self.width, other.width), max(self.word, other.word), self.is_text or other.is_text)


def border_for(titles: Sequence[Need], row: Sequence[Need] | None, room: int) -> str | None:
    """What stands between columns in `room` cells, maybe `STACKED`; None where the first row has to tell.

    Titles and first row alone tell it, so that a table that grows keeps its shape.
    """
    count = len(titles) - 1
    if sum([max(title.word, _READABLE) for title in titles]) + count * len(BORDERS[0]) <= room:
        return BORDERS[0]
    if sum([max(title.word, 1) for title in titles]) + count > room:
        return STACKED
    if row is None:
        return None
    least = sum(map(_least, titles, row))
    return next((border for border in BORDERS if least + count * len(border) <= room), STACKED)


def _least(title: Need, cell: Need) -> int:
    if not cell.is_text:
        return max(title.word, min(cell.word, _WORD) + _DIGIT)
    return max(title.word, min(cell.word, _WORD), _READABLE)


def column_widths(needs: Sequence[Need], room: int, grows: bool = False) -> list[int]:
    """Widths of columns that have `room` cells together, from what their cells need at most.

    `grows` asks for room to spare: rows that are not known yet have to fit in.
    """
    natural = [max(need.width, 1) for need in needs]
    least = [min(max(need.word, 1), _WORD, width) for need, width in zip(needs, natural, strict=True)]
    if (left := room - sum(natural)) >= 0:
        if not grows:
            return natural
        spare = _filled([0] * len(natural), [width + _SPARE for width in natural], left)
        return [width + more for width, more in zip(natural, spare, strict=True)]
    if grows:
        more = [width + 1 + width // 8 for width in least]
        if sum(more) <= room:
            least = more
            natural = [max(width, have + 1) for width, have in zip(least, natural, strict=True)]
    if sum(least) > room:
        return _filled([1] * len(least), least, room)
    return _filled(least, natural, room)


def _filled(least: list[int], most: list[int], room: int) -> list[int]:
    """Widths between `least` and `most` that fill the room as far as they can, the narrowest grown first."""
    fit = bisect_right(range(room + 1), room, key=lambda limit: sum(_between(least, most, limit)))
    limit = max(fit - 1, 0)  # the greatest one that fits
    widths = _between(least, most, limit)
    spare = room - sum(widths)
    for index, width in enumerate(most):
        if spare > 0 and limit <= widths[index] < width:
            widths[index] += 1
            spare -= 1
    return widths


def _between(least: list[int], most: list[int], limit: int) -> list[int]:
    return [min(max(limit, low), high) for low, high in zip(least, most, strict=True)]

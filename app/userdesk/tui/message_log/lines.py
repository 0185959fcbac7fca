"""Painted lines, and which cells of the screen differ between two frames of them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from textual.geometry import Region
from textual.strip import Strip


class Line(NamedTuple):
    """One line as painted."""

    strip: Strip
    used: int
    """Cells from the left after which nothing but the plain background follows."""


def changed_regions(before: Sequence[Line], after: Sequence[Line]) -> Iterator[Region]:
    """What must be sent again, line by line: background that stays background is not sent.

    That is most of the economy: a scrolled screen of prose is as many bytes as its text.
    """
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        if old.strip is not new.strip and old.strip != new.strip and (width := max(old.used, new.used)):
            yield Region(0, y, width, 1)

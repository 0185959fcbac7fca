"""How clusters are drawn and how many cells they take, in text that somebody edits.

As in the message log, the parts of an emoji sequence are drawn apart where the terminal did not say that it
draws them as one.
"""

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from userdesk.domain.safe_text import clean
from userdesk.markdown.layout.cells import cells, clusters_are_joined, display
from userdesk.tui.input.graphemes import boundaries

_KEPT = "\u200c"  # shapes the letters beside it, takes no cell
_JOINERS = "\u200d\ufe0f"  # within an emoji sequence


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
    if character in _KEPT or (joined and character in _JOINERS):
        return character
    return display(clean(character))

"""Signs on the links in view: a key each, so that a link is opened without a mouse."""

from collections.abc import Iterable, Iterator, Mapping

from userdesk.markdown.cells import cells
from userdesk.markdown.rows import Row

SIGNS = "123456789abcdefghijklmnopqrstuvwxyz"


def link_signs(rows: Iterable[Row]) -> dict[str, str]:
    """A sign for the address of each link in some rows, from the top; beyond the signs there are none."""
    addresses = dict.fromkeys(run.href for row in rows for run in row.runs if run.href)
    return dict(zip(addresses, SIGNS, strict=False))


def places(row: Row, signs: Mapping[str, str], given: set[str]) -> Iterator[tuple[int, int, str]]:
    """Where a row's links begin: the cell, the cells of the first character, the sign to draw over it.

    A link gets its sign once: `given` holds the addresses that have theirs, and is added to.
    """
    x = 0
    for run in row.runs:
        if run.href in signs and run.href not in given and run.text.strip():
            given.add(run.href)
            yield x, max(1, cells(run.text[:1])), signs[run.href]
        x += cells(run.text)

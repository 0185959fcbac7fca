"""Signs on the links in view: a key each, so that a link is opened without a mouse."""

import string
from collections.abc import Callable, Iterable, Iterator, Mapping

from userdesk.markdown.layout.cells import cells
from userdesk.markdown.layout.rows import Row

SIGNS = "123456789" + string.ascii_letters


def link_signs(rows: Iterable[Row], allowed: Callable[[str], bool]) -> dict[str, str]:
    """A sign for each allowed address in some rows, from the top; beyond the signs there are none."""
    linked = (run.href for row in rows for run in row.runs if run.href)
    addresses = (href for href in dict.fromkeys(linked) if allowed(href))
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

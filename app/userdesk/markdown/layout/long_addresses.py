"""Long addresses are drawn shortened in the middle: their links lead to all of it, copies have all of it.

One that is longer than what is parsed together is cut, and leads nowhere.
"""

from collections.abc import Sequence

from userdesk.markdown.layout.cells import fitting
from userdesk.markdown.layout.rows import Run
from userdesk.markdown.layout.wrap import SHORTENED, Placed

ROOM_IN_TABLE = 44
"""Cells of a table's column that an address may take."""
_LONGEST = 60
_SHORTEST = 12
_AROUND = 4  # cells for what stands around an address


def shortened(runs: Sequence[Run], room: int) -> list[Placed] | None:
    """What is drawn of a logical line, in `room` cells a row, with long addresses; None for all of it."""
    limit = max(_SHORTEST, min(room - _AROUND, _LONGEST))
    if not any(run.href and len(run.text) > limit and _address_in(run)[1] > limit for run in runs):
        return None
    pieces: list[Placed] = []
    at = 0
    for run in runs:
        text, href = run.text, run.href
        begin, size = _address_in(run) if href and len(text) > limit else (0, 0)
        if size > limit:
            head = begin + fitting(text[begin : begin + size], limit * 2 // 3)
            tail = begin + size - fitting(text[begin : begin + size][::-1], limit - 1 - limit * 2 // 3)
            pieces += [
                Placed(run._replace(text=text[:head]), at),
                Placed(run._replace(text=SHORTENED), -1),
                Placed(run._replace(text=text[tail:]), at + tail),
            ]
        else:
            pieces.append(Placed(run, at))
        at += len(text)
    return pieces


def addresses_of(pieces: list[Placed]) -> list[tuple[int, int]]:
    """Where in the logical line the addresses begin and end that are drawn shortened."""
    return [
        (before.offset, behind.offset + len(behind.run.text))
        for before, between, behind in zip(pieces, pieces[1:], pieces[2:], strict=False)
        if between.offset < 0
    ]


def without_cut_links(runs: list[Run], begin: bool, end: bool) -> list[Run]:
    """The runs of a line without links in its first word, in its last one: those that go on beyond it."""
    runs = runs[:]
    for indices, is_cut in ((range(len(runs)), begin), (reversed(range(len(runs))), end)):
        for index in indices:
            if not is_cut or " " in runs[index].text:
                break
            text, style, _href = runs[index]
            runs[index] = Run(text, " ".join(name for name in style.split() if name != "link"))
    return runs


def _address_in(run: Run) -> tuple[int, int]:
    """Where the address that a link leads to stands in its own text: first character, length; 0 for none."""
    begin = run.text.find(run.href)
    if begin >= 0:
        return begin, len(run.href)
    return 0, len(run.text) if run.text in run.href else 0

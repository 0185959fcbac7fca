"""What is drawn left of a leaf's text: quote bars, bullets, numbers, indentation."""

from collections.abc import Iterable
from typing import NamedTuple

from userdesk.markdown.layout.cells import cells
from userdesk.markdown.layout.rows import Layout, Row, Run
from userdesk.markdown.parse.containers import Frame, Frames, Quote

_BULLETS = "•◦▪"
_BAR = Run("▌ ", "quote")


class Prefix(NamedTuple):
    """Decoration before a row's text, and its cells."""

    runs: tuple[Run, ...]
    cells: int


_NONE = Prefix((), 0)


class RowWriter:
    """Appends a leaf's rows to a layout: the first one behind `before`, the others behind `beneath`."""

    def __init__(self, layout: Layout, line: int, before: Prefix, beneath: Prefix) -> None:
        self.layout = layout
        self.line = line
        """The number of the logical line that rows are added to."""
        self.before = before
        self.beneath = beneath
        self.room = layout.width - beneath.cells

    def add(
        self,
        runs: Iterable[Run] = (),
        start: int = 0,
        *,
        head: tuple[Run, ...] = (),
        fill: str = "",
        offsets: Iterable[int] | None = None,
    ) -> None:
        """Append a row: `head` is more decoration; of the others see `Row`."""
        lead = self.before.runs + head if head else self.before.runs
        places = () if offsets is None else (*[-1] * len(lead), *offsets)
        self.layout.rows.append(Row((*lead, *runs), len(lead), self.line, start, fill, places))
        self.before = self.beneath


def prefix(frames: Frames, shown: int, width: int) -> Prefix:
    """The decoration of a row in `frames`, with the markers of the frames from `shown` on."""
    if not frames:
        return _NONE
    runs: list[Run] = []
    for index, frame in enumerate(frames):
        run = _decoration(frame, index >= shown)
        if runs and runs[-1].style == run.style == "":
            runs[-1] = Run(runs[-1].text + run.text)
        else:
            runs.append(run)
    total = sum(cells(run.text) for run in runs)
    room = width - max(2, min(12, width // 2))  # the rest is kept for text, however deep it is nested
    excess = total - room
    while excess > 0:
        # The outer levels go first. Every character here is one cell.
        first = runs.pop(0)
        if left := first.text[excess:]:
            runs.insert(0, first._replace(text=left))
        excess -= len(first.text)
    return Prefix(tuple(runs), min(total, room))


def _decoration(frame: Frame, shown: bool) -> Run:
    if isinstance(frame, Quote):
        return _BAR
    number = "" if frame.number is None else f"{frame.number}{frame.delimiter} "
    box = "" if frame.done is None else "☑ " if frame.done else "☐ "
    marker = number + box or _BULLETS[min(frame.depth, len(_BULLETS) - 1)] + " "
    return Run(marker, "marker task-done" if frame.done else "marker") if shown else Run(" " * len(marker))

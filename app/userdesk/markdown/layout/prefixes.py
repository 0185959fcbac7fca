"""What is drawn left of a leaf's text: quote bars, bullets, numbers, indentation."""

from typing import NamedTuple

from userdesk.markdown.layout.cells import cells
from userdesk.markdown.layout.rows import Run
from userdesk.markdown.parse.containers import Frame, Frames, Quote

_BULLETS = "•◦▪"
_BAR = Run("▌ ", "quote")


class Prefix(NamedTuple):
    """Decoration before a row's text, and its cells."""

    runs: tuple[Run, ...]
    cells: int


def prefix(frames: Frames, shown: int, width: int) -> Prefix:
    """The decoration of a row in `frames`, with the markers of the frames from `shown` on."""
    if not frames:
        return Prefix((), 0)
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

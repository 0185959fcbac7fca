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


def text_room(width: int) -> int:
    """The cells that are kept for text, however deep it is nested."""
    return max(2, min(12, width // 2))


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
    excess = total - (width - text_room(width))
    while excess > 0:
        # Deeper than there is room for: the outer levels go first. Every character here is one cell.
        text, style, href = runs[0]
        total -= min(excess, len(text))
        if excess >= len(text):
            del runs[0]
        else:
            runs[0] = Run(text[excess:], style, href)
        excess -= len(text)
    return Prefix(tuple(runs), total)


def _decoration(frame: Frame, shown: bool) -> Run:
    if isinstance(frame, Quote):
        return _BAR
    number = "" if frame.number is None else f"{frame.number}{frame.delimiter} "
    box = "" if frame.done is None else "☑ " if frame.done else "☐ "
    marker = number + box or _BULLETS[min(frame.depth, len(_BULLETS) - 1)] + " "
    return Run(marker, "marker task-done" if frame.done else "marker") if shown else Run(" " * len(marker))

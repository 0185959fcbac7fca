"""The parts of a line that are selected or found, and their looks; the text of a selection."""

import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from rich.style import Style
from textual.geometry import Offset
from textual.selection import Selection

from userdesk.markdown.layout.cells import display
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ConversationView

LINE_BITS = 23
"""A selection's y is the bubble's index shifted by this, plus the logical line: it survives resizing."""


class HighlightSpan(NamedTuple):
    """From one character offset of a logical line to another, in a style of its own."""

    start: int
    end: int
    style: Style


def selection_y(index: int, line: int) -> int:
    """The y of a logical line in Textual's selection."""
    return (index << LINE_BITS) | line


def split_y(y: int) -> tuple[int, int]:
    """The bubble's index and the logical line of a selection's y."""
    return y >> LINE_BITS, y & ((1 << LINE_BITS) - 1)


def cut(text: str, x: int, shades: Sequence[HighlightSpan]) -> list[tuple[str, int, Style | None]]:
    """Split a run that begins at offset `x` where shades begin and end: (text, offset, shade's style)."""
    if not shades:
        return [(text, x, None)]
    inside = {max(0, min(len(text), at - x)) for shade in shades for at in (shade.start, shade.end)}
    pieces: list[tuple[str, int, Style | None]] = []
    for low, high in pairwise(sorted({0, len(text)} | inside)):
        over = (shade.style for shade in shades if shade.start <= x + low and x + high <= shade.end)
        pieces.append((text[low:high], x + low, next(over, None)))
    return pieces


def drawn_parts(text: str, offset: int) -> list[tuple[str, int]]:
    """The text as it is drawn, each part with its offset in the source.

    What is drawn lacks emoji joiners and the like; a part begins behind each of them, so that a place
    on the screen leads to the right character of the source.
    """
    if display(text) == text:
        return [(text, offset)]
    left_out = [at for at, character in enumerate(text) if not display(character)]
    between = pairwise([-1, *left_out, len(text)])
    return [(display(text[a + 1 : b]), offset + a + 1) for a, b in between if a + 1 < b]


def selected_text(selection: Selection, view: ConversationView, laid_out: Callable[[int], Bubble]) -> str:
    """What a selection holds: whole messages as their source, parts without wraps, borders and padding.

    Only the messages in which it begins and ends are laid out, however many lie between.
    """
    start, end = selection.start, selection.end
    first = split_y(start.y)[0] if start is not None else 0  # the very first place is false
    last = split_y(end.y)[0] if end is not None else len(view) - 1
    parts = []
    for index in range(max(0, first), min(last, len(view) - 1) + 1):
        begin = start if index == first else None
        stop = end if index == last else None
        inside = begin is None and stop is None
        parts.append(view.entry(index).text if inside else _part(laid_out(index), begin, stop))
    return "\n".join(part for part in parts if part)


def _part(bubble: Bubble, start: Offset | None, end: Offset | None) -> str:
    """What a bubble holds from one place to another; None stands for its beginning or its end."""
    last = len(bubble.lines()) - 1
    begin, first = (0, 0) if start is None else (start.x, split_y(start.y)[1])
    stop, final = (sys.maxsize, last) if end is None else (end.x, min(last, split_y(end.y)[1]))
    if first == begin == 0 and final == last and stop >= bubble.line_size(last):
        return bubble.source
    return "\n".join(
        _cut(bubble, line, begin if line == first else 0, stop if line == final else sys.maxsize)
        for line in range(first, final + 1)
    )


def _cut(bubble: Bubble, line: int, start: int, end: int) -> str:
    begin, text = bubble.line_part(line, start, end)
    return text[max(0, start - begin) : max(0, end - begin)]

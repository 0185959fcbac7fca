"""One frame of the log: the lines in view and the lines of the gutter beside them."""

import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.selection import Selection
from textual.strip import Strip

from userdesk.markdown.layout.cells import cells
from userdesk.markdown.layout.rows import Row
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.bubbles import Bubbles
from userdesk.tui.message_log.highlight_spans import HighlightSpan, selection_y
from userdesk.tui.message_log.lines import GUTTER, Line
from userdesk.tui.message_log.painter import Painter
from userdesk.tui.message_log.viewport import Place

if TYPE_CHECKING:
    from userdesk.tui.message_log.matches import Match, SpansOf  # imported once something is looked for

BADGE, SHORT_BADGE = " ▼ new text below ", " ▼ new text "
SIGNS = "123456789" + string.ascii_letters
"""Keys for the links in view, so that one is opened without a mouse."""


@dataclass(slots=True, eq=False, repr=False)
class Emphasis:
    """What is marked in the text that is drawn."""

    selection: Selection | None = None
    selection_look: Style | None = None
    spans_of: "SpansOf | None" = None
    """What is looked for."""
    match: "Match | None" = None
    """The place of it that is shown."""
    signs: Mapping[str, str] = field(default_factory=dict)
    """The signs of links, by their addresses."""

    def shades(self, painter: Painter, bubble: Bubble, number: int) -> list[HighlightSpan]:
        """The selected and the found parts of a row's logical line."""
        if not (self.selection or self.spans_of) or not bubble.is_body(number):
            return []
        row = bubble.row(number)
        if row.prefix == len(row.runs):
            return []
        line = row.line
        shades: list[HighlightSpan] = []
        span = self.selection.get_span(selection_y(bubble.index, line)) if self.selection else None
        if span and self.selection_look:
            end = bubble.line_size(line) if span[1] == -1 else span[1]
            shades.append(HighlightSpan(span[0], end, self.selection_look))
        if self.spans_of:
            from userdesk.tui.message_log.matches import spans_near

            here = self.match.start if self.match and self.match[:2] == (bubble.index, line) else -1
            looks = painter.look("match"), painter.look("match-shown")
            end = row.start + len(row.text)
            for first, last in spans_near(bubble, line, row.start, end, self.spans_of):
                shades.append(HighlightSpan(first, last, looks[first == here]))
        return shades


def text_lines(
    painter: Painter, bubbles: Bubbles, window: Sequence[Place], height: int, emphasis: Emphasis
) -> list[Line]:
    """The lines of the places in view, and blank ones below them up to `height`."""
    lines: list[Line] = []
    for place in window:
        bubble = bubbles[place.bubble]
        line = bubble.painted.get(place.row)
        if shades := emphasis.shades(painter, bubble, place.row):
            line = painter.line(bubble, place.row, shades)
        elif line is None:
            line = bubble.painted[place.row] = painter.line(bubble, place.row)
        lines.append(line)
    lines += [painter.blank] * (height - len(lines))
    return with_signs(painter, bubbles, window, lines, emphasis.signs) if emphasis.signs else lines


def gutter_lines(
    painter: Painter, bubbles: Bubbles, window: Sequence[Place], height: int, chosen: int | None, marked: bool
) -> list[Line]:
    """The lines of the gutter for the places in view; `marked` where signs stand for the roles."""
    lines = [
        painter.gutter(bubbles[place.bubble], place.row, chosen=place.bubble == chosen, marked=marked)
        for place in window
    ]
    ground = Line(Strip.blank(GUTTER, painter.base), 0)
    return [*lines, *[ground] * (height - len(lines))]


def with_signs(
    painter: Painter, bubbles: Bubbles, window: Sequence[Place], lines: list[Line], signs: Mapping[str, str]
) -> list[Line]:
    """The lines with a sign over the beginning of each link in view."""
    given: set[str] = set()
    look = painter.base + painter.look("link-sign")
    signed = list(lines)
    for y, place in enumerate(window):
        strip = signed[y].strip
        for x, size, sign in places(bubbles[place.bubble].row(place.row), signs, given):
            middle = Strip([Segment(sign.ljust(size), look)])
            strip = Strip.join([strip.crop(0, x), middle, strip.crop(x + size, painter.width)])
        signed[y] = signed[y]._replace(strip=strip)
    return signed


def centred(painter: Painter, words: str) -> Line:
    """What an empty conversation says, in the middle."""
    style = painter.base + painter.look("empty")
    return Line(Strip([Segment(words.center(painter.width)[: painter.width], style)]), painter.width)


def with_badge(painter: Painter, strip: Strip, key: str) -> Line:
    """A line that tells of new text below the view at its right end, and the key that leads there."""
    words = f"{BADGE}· {key} " if key else BADGE
    words = words if painter.width >= len(words) + 4 else SHORT_BADGE[: painter.width]
    left = strip.crop(0, max(0, painter.width - len(words) - 1))
    right = [Segment(words, painter.base + painter.look("badge")), Segment(" ", painter.base)]
    return Line(Strip.join([left, Strip(right)]).crop(0, painter.width), painter.width)


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

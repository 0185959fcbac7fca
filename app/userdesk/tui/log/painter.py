"""Turns a bubble's rows into strips: styles from the stylesheet, gutter, tint, selection."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from userdesk.domain.message import Role
from userdesk.markdown.cells import cells, display
from userdesk.markdown.rows import STYLES
from userdesk.tui.log.bubble import Bubble

LINE_BITS = 20
"""A selection's y is the bubble's index shifted by this, plus the logical line: it survives resizing."""
GUTTER = 3
"""Cells before the text: cursor bar, marker, space."""
MARKERS = {Role.USER: "❯", Role.ASSISTANT: "◆"}

# Every name the stylesheet gives a look to; rows carry names alone.
STYLE_NAMES = (
    *[
        "user",
        "assistant",
        "user-marker",
        "assistant-marker",
        "cursor",
        "figures",
        "failed",
        "stopped",
        "divider",
        "badge",
        "match",
        "empty",
    ],
    *STYLES,
)
COMPONENT_CLASSES = {f"log--{name}" for name in STYLE_NAMES}

Shade = tuple[int, int, Style]
"""From one character offset of a logical line to another, in a style of its own."""


class Painter:
    """Paints rows for one theme and width; made anew when either changes."""

    def __init__(self, look_up: Callable[[str], Style], base: Style, width: int) -> None:
        self._look_up = look_up
        self._styles: dict[tuple[Role, str], Style] = {}
        self.base = base
        self.width = width

    def style(self, role: Role, names: str) -> Style:
        """The look of space-joined style names on a bubble of that role."""
        key = (role, names)
        if key not in self._styles:
            style = self.base + self._look_up(f"log--{role}")
            for name in names.split():
                if name in STYLE_NAMES:
                    style += self._look_up(f"log--{name}")
            self._styles[key] = style
        return self._styles[key]

    def blank(self) -> Strip:
        """A row with nothing on it."""
        return Strip.blank(self.width, self.base)

    def strip(self, bubble: Bubble, number: int, *, cursor: bool, shades: Sequence[Shade] = ()) -> Strip:
        """One row of a bubble; `shades` are selected or found parts of the row's logical line."""
        row = bubble.row(number)
        body = bubble.is_body(number)
        role = bubble.role
        tinted = role is Role.USER and body
        names = "" if tinted or role is Role.ASSISTANT else "figures"
        ground = self.style(role, row.fill) if tinted or row.fill else self.base
        segments = self._gutter(bubble, number, ground if tinted else self.base, cursor)
        used = GUTTER
        y, x = (bubble.index << LINE_BITS) | row.line, row.start
        for position, run in enumerate(row.runs):
            style = self.style(
                role if tinted or role is Role.ASSISTANT else Role.ASSISTANT, run.style or names
            )
            if run.href:
                style += Style(meta={"href": run.href})
            used += cells(run.text)
            if row.offsets:
                x = row.offsets[position]
            if not body or x < 0 or (position < row.prefix and not row.offsets):
                segments.append(Segment(display(run.text), style))
                continue
            for text, at, shade in _cut(run.text, x, shades):
                look = style + shade if shade else style
                segments.append(Segment(display(text), look + Style(meta={"offset": (at, y)})))
            x += len(run.text)
        if used < self.width:
            padding = ground + Style(meta={"offset": (x, y)}) if body else ground
            segments.append(Segment(" " * (self.width - used), padding))
        return Strip(segments, max(used, self.width)).crop(0, self.width)

    def _gutter(self, bubble: Bubble, number: int, ground: Style, cursor: bool) -> list[Segment]:
        bar = Segment("▌", ground + self._look_up("log--cursor")) if cursor else Segment(" ", ground)
        if number == bubble.first_body_row and bubble.is_body(number):
            look = ground + self._look_up(f"log--{bubble.role}-marker")
            return [bar, Segment(MARKERS[bubble.role], look), Segment(" ", ground)]
        return [bar, Segment("  ", ground)]


def _cut(text: str, x: int, shades: Sequence[Shade]) -> list[tuple[str, int, Style | None]]:
    """Split a run where shades begin and end: (text, offset, shade)."""
    if not shades:
        return [(text, x, None)]
    edges = {0, len(text)}
    for start, end, _ in shades:
        edges |= {max(0, min(len(text), at - x)) for at in (start, end)}
    cuts = sorted(edges)
    pieces: list[tuple[str, int, Style | None]] = []
    for low, high in pairwise(cuts):
        over = next((shade for start, end, shade in shades if start <= x + low and x + high <= end), None)
        pieces.append((text[low:high], x + low, over))
    return pieces


def selection_y(index: int, line: int) -> int:
    """The y of a logical line in Textual's selection."""
    return (index << LINE_BITS) | line


def split_y(y: int) -> tuple[int, int]:
    """The bubble's index and the logical line of a selection's y."""
    return y >> LINE_BITS, y & ((1 << LINE_BITS) - 1)

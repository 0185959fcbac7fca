"""Frames of what changed: drawn by the widgets that show it, without composing what lies beneath.

The framework draws every widget that a changed region reaches, its containers and the screen included, cuts
each into pieces and keeps the topmost: most of a frame's time. Where a region is shown by one widget with
nothing before it, that widget's lines are the region's cells. Of them those are sent that differ from what
the frame before drew there.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import NamedTuple

from rich.segment import Segment
from textual._compositor import Compositor
from textual.geometry import Offset, Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from userdesk.tui.input.graphemes import is_simple
from userdesk.tui.terminal.exposed import Exposed
from userdesk.tui.terminal.frame_writer import PartialFrame
from userdesk.tui.widgets.lean_strip import LeanStrip, has_disputed

Due = Mapping[Widget, Sequence[Region]]
"""What changed of widgets, in their own columns and rows: of these lines nothing else did."""

ROW_BYTES, CELL_BYTES = 20, 1.5  # what a row of a frame takes, and a cell of it, with colours


class Drawn(NamedTuple):
    """What was drawn last in a row of a widget."""

    begin: int
    end: int
    """The columns of the widget from and before which the terminal shows the line."""
    line: Strip


class PartialFrames:
    """Makes the frames of one screen, and knows what the last ones drew."""

    def __init__(self) -> None:
        self._exposed = Exposed({})
        self._drawn: dict[Widget, dict[int, Drawn]] = {}
        """What was drawn last, by widget and row of it."""
        self._others = -1
        """How many frames were drawn by other means before."""
        self._next_rows: dict[Widget, int] = {}
        """Where the last frame had no room for a widget's rows any more."""

    def frame(
        self,
        compositor: Compositor,
        others: int,
        due: Due,
        room: float = inf,
        ahead: Widget | None = None,
    ) -> PartialFrame | None:
        """The frame of all that is to be drawn; None where it takes more than single widgets' lines.

        Args:
            compositor: The screen's.
            others: How many frames were drawn by other means so far: what is known of those before is void.
            due: What changed of some widgets beside the compositor's own regions; where None is returned
                these have it, too.
            room: About how many bytes the frame may have; what it has no room for is still to be drawn.
            ahead: A widget that is drawn before others, whether there is room or not.
        """
        widgets = compositor.visible_widgets
        if self._exposed.widgets is not widgets:
            self._exposed = Exposed(widgets)
            self._drawn.clear()
        if self._others != others:
            self._others = others
            self._drawn.clear()
        spans: dict[Widget, dict[int, tuple[int, int]]] = {}
        offsets: dict[Widget, Offset] = {}
        for widget, regions in due.items():
            if columns := self._exposed.columns(widget, regions):
                region, clip = widgets[widget]
                first, last = clip.y - region.y, clip.bottom - region.y
                offsets[widget] = region.offset
                spans[widget] = {y: columns for each in regions for y in each.line_range if first <= y < last}
            else:
                add_dirty(compositor, widget, regions)
        screen = compositor.size.region
        for dirty in compositor._dirty_regions:
            if not (wanted := dirty.intersection(screen)):
                continue
            showing = self._exposed.showing(wanted)
            if showing is None or isinstance(showing[0], Screen):
                for widget in spans:
                    add_dirty(compositor, widget, due.get(widget, ()))
                return None  # a dialog's screen shows the one beneath, which the compositor knows alone
            widget, region = showing
            offsets[widget] = region.offset
            rows = spans.setdefault(widget, {})
            for y in range(wanted.y - region.y, wanted.bottom - region.y):
                begin, end = wanted.x - region.x, wanted.right - region.x
                if known := rows.get(y):
                    begin, end = min(begin, known[0]), max(end, known[1])
                rows[y] = begin, end
        rest: list[Region] = []
        if ahead in spans:
            spans = {ahead: spans[ahead], **spans}
        pieces = list(self._pieces(spans, offsets, room, ahead, rest))
        compositor._dirty_regions.clear()
        compositor._dirty_regions.update(rest)
        return PartialFrame(pieces)

    def _pieces(
        self,
        spans: Mapping[Widget, Mapping[int, tuple[int, int]]],
        offsets: Mapping[Widget, Offset],
        room: float,
        ahead: Widget | None,
        rest: list[Region],
    ) -> Iterator[tuple[int, int, Strip]]:
        for widget, rows in spans.items():
            if not rows:
                continue
            x, y = offsets[widget]
            drawn = self._drawn.setdefault(widget, {})
            lines = _lines(widget, rows)
            for row in self._in_turn(widget, rows, room):
                begin, end = rows[row]
                if room <= 0 and widget is not ahead:
                    self._next_rows.setdefault(widget, row)
                    rest.append(Region(x + begin, y + row, end - begin, 1))
                elif cut := self._cut(drawn, row, rows[row], lines[row]):
                    room -= ROW_BYTES + CELL_BYTES * (cut[1] - cut[0])
                    line = lines[row]
                    piece = line.piece if isinstance(line, LeanStrip) else line.crop
                    yield x + cut[0], y + row, piece(*cut)

    def _in_turn(self, widget: Widget, rows: Collection[int], room: float) -> list[int]:
        """Rows in the order in which they are drawn: from the last one up, where an answer grows, if there
        may be no room for all; those that had none before come first, or they would never have their turn.
        """
        next_row = self._next_rows.pop(widget, inf)
        if room == inf:
            return sorted(rows)
        return sorted(rows, key=lambda row: (row > next_row, -row))

    @staticmethod
    def _cut(drawn: dict[int, Drawn], row: int, span: tuple[int, int], line: Strip) -> tuple[int, int] | None:
        """Note a part of a line as drawn; what of it the terminal does not show yet, None for nothing."""
        begin, end = span
        known = drawn.get(row)
        if known is None or known.begin > begin or known.end < end:
            drawn[row] = Drawn(begin, end, line)
            return span
        cut = None
        if known.line is not line:
            cut = (begin, end) if known.line.cell_length != line.cell_length else changed(known.line, line)
        if cut is None or (cut[0] >= begin and cut[1] <= end):
            drawn[row] = Drawn(known.begin, known.end, line)
            return cut
        drawn[row] = Drawn(begin, end, line)  # beyond the span the widget shows what was there before
        cut = max(cut[0], begin), min(cut[1], end)
        return cut if cut[0] < cut[1] else None


def add_dirty(compositor: Compositor, widget: Widget, regions: Iterable[Region]) -> None:
    """Have the compositor draw regions of a widget, as far as they are seen."""
    if place := compositor.visible_widgets.get(widget):
        region, clip = place
        drawn = (clip.intersection(each.translate(region.offset)) for each in regions)
        compositor._dirty_regions.update(filter(None, drawn))


def _lines(widget: Widget, rows: Collection[int]) -> dict[int, Strip]:
    """Lines of a widget by their rows, asked for at once."""
    first = min(rows)
    whole = Region(0, first, widget.outer_size.width, max(rows) + 1 - first)
    return dict(enumerate(widget.render_lines(whole), first))


def changed(before: Strip, after: Strip) -> tuple[int, int] | None:
    """The first cell that differs in a line, and the one after the last; None where none does.

    Both are of one length. A line with text that some terminals draw in more or fewer cells is one whole.
    """
    old, new = list(before), list(after)
    begin, first = _same_at_begin(old, new)
    if first == len(old) == len(new):
        return None
    if _is_disputed(before) or _is_disputed(after):
        return 0, after.cell_length
    end = after.cell_length - _same_at_end(old[first:], new[first:])
    return (begin, end) if begin < end else None  # else they are the same in other segments


def _is_disputed(strip: Strip) -> bool:
    return strip.is_disputed if isinstance(strip, LeanStrip) else has_disputed(strip)


def _same_at_begin(old: Sequence[Segment], new: Sequence[Segment]) -> tuple[int, int]:
    """Cells at the beginning of two lines that are the same, and the first segment that is not."""
    same = first = 0
    for had, has in zip(old, new, strict=False):
        if had is not has and had != has:
            if had.style == has.style and _is_plain(had) and _is_plain(has):
                pairs = enumerate(zip(had.text, has.text, strict=False))
                same += next((at for at, (a, b) in pairs if a != b), min(len(had.text), len(has.text)))
            break
        same += has.cell_length
        first += 1
    return same, first


def _is_plain(segment: Segment) -> bool:
    """Whether each character of a text takes one cell."""
    return is_simple(segment.text) and segment.cell_length == len(segment.text)


def _same_at_end(old: Sequence[Segment], new: Sequence[Segment]) -> int:
    """Cells at the end of two lines that are the same, of which the last ones to the left are blank."""
    same = 0
    for had, has in zip(reversed(old), reversed(new), strict=False):
        if had != has:
            if had.style == has.style:
                same += min(len(part.text) - len(part.text.rstrip(" ")) for part in (had, has))
            break
        same += has.cell_length
    return same

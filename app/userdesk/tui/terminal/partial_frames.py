"""Frames of what changed: drawn by the widgets that show it, without composing what lies beneath.

The framework draws every widget that a changed region reaches, its containers and the screen included, cuts
each into pieces and keeps the topmost: most of a frame's time. Where a region is shown by one widget with
nothing before it, that widget's lines are the region's cells. Of them those are sent that differ from what
the frame before drew there.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from time import monotonic
from typing import TypeVar

from rich.segment import Segment
from textual import events
from textual._compositor import Compositor
from textual.geometry import Offset, Region
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widget import Widget

from userdesk.markdown.layout.cells import is_disputed
from userdesk.tui.input.graphemes import is_simple
from userdesk.tui.terminal.frame_writer import FrameWriter, PartialFrame

Result = TypeVar("Result")

SOONEST = 1 / 250  # s between two frames that something waits for: a key is seen before the next one comes


MOST_PARTS = 8  # rectangles in which a widget can be exposed


class Exposed:
    """The parts of a layout that one widget shows, with nothing before it."""

    def __init__(self, widgets: dict[Widget, tuple[Region, Region]]) -> None:
        self.widgets = widgets
        """The layout: the place of each widget and what is seen of it, the front ones first."""
        self._parts: list[tuple[Region, Widget, Region]] = []
        before: list[Region] = []
        for widget, (region, clip) in widgets.items():
            part = region.intersection(clip)
            self._parts += [(rest, widget, region) for rest in outside(part, before)]
            before.append(part)

    def showing(self, wanted: Region) -> tuple[Widget, Region] | None:
        """The widget that shows a region, and its place on the screen; None where it is not one alone."""
        for number, (part, widget, region) in enumerate(self._parts):
            if part.contains_region(wanted):
                if number:  # most often the next region is its, too
                    self._parts.insert(0, self._parts.pop(number))
                return widget, region
        return None


def outside(part: Region, others: Iterable[Region]) -> list[Region]:
    """What is left of a region without others, in rectangles; where these are many, not all of them."""
    rest = [part] if part else []
    for other in filter(part.overlaps, others):
        rest = [piece for whole in rest for piece in _without(whole, other) if piece][:MOST_PARTS]
    return rest


def _without(whole: Region, other: Region) -> Iterator[Region]:
    hole = whole.intersection(other)
    if not hole:
        yield whole
        return
    yield Region.from_corners(whole.x, whole.y, whole.right, hole.y)
    yield Region.from_corners(whole.x, hole.y, hole.x, hole.bottom)
    yield Region.from_corners(hole.right, hole.y, whole.right, hole.bottom)
    yield Region.from_corners(whole.x, hole.bottom, whole.right, whole.bottom)


class PartialFrames:
    """Makes the frames of one screen, and knows what the last ones drew."""

    def __init__(self) -> None:
        self._exposed = Exposed({})
        self._drawn: dict[int, dict[int, Strip]] = {}
        """What was drawn last, by row and first column; none overlaps another."""
        self._others = -1
        """How many frames were drawn by other means before."""

    def frame(self, compositor: Compositor, others: int) -> PartialFrame | None:
        """The frame of all that is to be drawn; None where it takes more than single widgets' lines.

        Args:
            compositor: The screen's.
            others: How many frames were drawn by other means so far: what is known of those before is void.
        """
        widgets = compositor.visible_widgets
        if self._exposed.widgets is not widgets:
            self._exposed = Exposed(widgets)
            self._drawn.clear()
        if self._others != others:
            self._others = others
            self._drawn.clear()
        screen = compositor.size.region
        spans: dict[Widget, dict[int, tuple[int, int]]] = {}
        offsets: dict[Widget, Offset] = {}
        for dirty in compositor._dirty_regions:
            if not (wanted := dirty.intersection(screen)):
                continue
            showing = self._exposed.showing(wanted)
            if showing is None or isinstance(showing[0], Screen):
                return None  # a dialog's screen shows the one beneath, which the compositor knows alone
            widget, region = showing
            offsets[widget] = region.offset
            rows = spans.setdefault(widget, {})
            for y in range(wanted.y, wanted.bottom):
                begin, end = rows.get(y, (wanted.x, wanted.right))
                rows[y] = min(begin, wanted.x), max(end, wanted.right)
        compositor._dirty_regions.clear()
        return PartialFrame(self._pieces(spans, offsets))

    def _pieces(
        self, spans: Mapping[Widget, Mapping[int, tuple[int, int]]], offsets: Mapping[Widget, Offset]
    ) -> Iterator[tuple[int, int, Strip]]:
        for widget, rows in spans.items():
            offset = offsets[widget]
            lines = _lines(widget, [y - offset.y for y in rows])
            for y in sorted(rows):
                begin, end = rows[y]
                strip = lines[y - offset.y].crop(begin - offset.x, end - offset.x)
                before = self._replace(y, begin, strip)
                if before is None:
                    yield begin, y, strip
                elif before is not strip and (cut := changed(before, strip)):
                    yield begin + cut[0], y, strip.crop(*cut)

    def _replace(self, y: int, x: int, strip: Strip) -> Strip | None:
        """Note a piece of a line as drawn; what was in its place before, where that is known."""
        row = self._drawn.setdefault(y, {})
        before = row.get(x)
        end = x + strip.cell_length
        if len(row) > 1 or before is None:
            for other in [at for at, old in row.items() if at < end and at + old.cell_length > x]:
                del row[other]
        row[x] = strip
        if before is None or before.cell_length < strip.cell_length:
            return None
        return before.crop(0, strip.cell_length)


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
    if old == new:
        return None
    if any(is_disputed(text) for text, _, _ in (*old, *new)):
        return 0, after.cell_length
    begin, first = _same_at_begin(old, new)
    end = _same_at_end(old[first:], new[first:])
    return begin, max(begin + 1, after.cell_length - end)


def _same_at_begin(old: Sequence[Segment], new: Sequence[Segment]) -> tuple[int, int]:
    """Cells at the beginning of two lines that are the same, and the first segment that is not."""
    same = first = 0
    for had, has in zip(old, new, strict=False):
        if had != has:
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


class FrameScreen(Screen[Result]):
    """A screen that draws at once, and of what changed only that."""

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._partial_frames = PartialFrames()
        self._drawn_at = 0.0

    @property
    def _is_over(self) -> bool:
        """Whether it shows the screen beneath, too, which the framework composes alone."""
        return isinstance(self, ModalScreen)

    def mark(self, widget: Widget, regions: Iterable[Region]) -> bool:
        """Have regions of a widget drawn by the next frame; False where the widget is not seen here.

        `refresh` would do it by way of the widget's messages and the screen's.
        """
        place = self._compositor.visible_widgets.get(widget) if self.is_current else None
        if place is None:
            return False
        region, clip = place
        drawn = (clip.intersection(each.translate(region.offset)) for each in regions)
        self._compositor._dirty_regions.update(filter(None, drawn))
        return True

    def draw(self) -> None:
        """Draw what was marked, unless more than that is to be drawn soon."""
        if self.is_current and not self._layout_required and not self._repaint_required:
            # With the widgets that wait for the next frame: a frame has the screen forget them.
            self._compositor.update_widgets(self._dirty_widgets)
            self._compositor_refresh()

    async def _on_idle(self, event: events.Idle) -> None:
        """Draw what changed now, not at the framework's next tick, unless a frame was drawn just now."""
        only_cells = self._dirty_widgets and not (
            self._layout_required
            or self._scroll_required
            or self._repaint_required
            or self._recompose_required
        )
        is_soon = monotonic() - self._drawn_at < SOONEST
        if only_cells and not is_soon and not self._is_over and self.is_current and not self.app._batch_count:
            event.prevent_default()
            self._on_timer_update()

    def _compositor_refresh(self) -> None:
        app = self.app
        if not isinstance(app, FrameWriter) or self is not app.screen or app._batch_count or self._is_over:
            super()._compositor_refresh()
        elif not app.hold_frame(self):
            self._drawn_at = monotonic()
            if frame := self._partial_frames.frame(self._compositor, app.other_frames):
                self._dirty_widgets.clear()
                app.draw_pieces(self, frame)
            else:
                super()._compositor_refresh()

"""What of a layout one widget shows alone."""

from collections.abc import Iterable, Iterator

from textual.geometry import Region
from textual.widget import Widget

MOST_PARTS = 8  # rectangles in which a widget can be exposed


class Exposed:
    """The parts of a layout that one widget shows, with nothing before it."""

    def __init__(self, widgets: dict[Widget, tuple[Region, Region]]) -> None:
        self.widgets = widgets
        """The layout: the place of each widget and what is seen of it, the front ones first."""
        self._parts: list[tuple[Region, Widget, Region]] = []
        self._columns: dict[Widget, tuple[int, int] | None] = {}
        before: list[Region] = []
        for widget, (region, clip) in widgets.items():
            part = region.intersection(clip)
            self._parts += [(rest, widget, region) for rest in outside(part, before)]
            before.append(part)

    def columns(self, widget: Widget, regions: Iterable[Region]) -> tuple[int, int] | None:
        """The columns of a widget in which all of its rows in view are exposed, and these regions, too.

        None where there are none such. What stands beside them is a scroll bar.
        """
        if widget not in self._columns:
            region, clip = self.widgets.get(widget, (Region(), Region()))
            seen = region.intersection(clip)
            parts = [part for part, each, _ in self._parts if each is widget and part.height == seen.height]
            begin = parts[0].x - region.x if len(parts) == 1 else 0
            self._columns[widget] = (begin, begin + parts[0].width) if len(parts) == 1 else None
        columns = self._columns[widget]
        if columns and all(columns[0] <= each.x and each.right <= columns[1] for each in regions):
            return columns
        return None

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

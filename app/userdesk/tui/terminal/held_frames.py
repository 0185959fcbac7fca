"""Frames that a terminal is too slow for are not drawn: the next one shows what they would have shown."""

from collections.abc import Iterable

from textual._compositor import ChopsUpdate, CompositorUpdate
from textual.geometry import Region, Size
from textual.screen import Screen


def keep_for_later(screen: Screen[object], update: CompositorUpdate) -> None:
    """Mark what an update would have drawn as still to be drawn."""
    screen._compositor._dirty_regions.update(_regions(update, screen._compositor.size))


def draw_kept(screen: Screen[object]) -> None:
    """Draw what is still to be drawn, as it is now."""
    if screen._compositor._dirty_regions:
        # With the widgets that wait for the next frame: a frame has the screen forget them.
        screen._compositor.update_widgets(screen._dirty_widgets)
        screen._compositor_refresh()


def _regions(update: CompositorUpdate, size: Size) -> Iterable[Region]:
    if isinstance(update, ChopsUpdate):
        return (Region(begin, row, end - begin, 1) for row, begin, end in update.spans)
    return (size.region,)

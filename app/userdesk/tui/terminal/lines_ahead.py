"""Lines of widgets, rendered in short steps before the frame that composes them."""

from collections.abc import Iterator

from textual._compositor import Compositor
from textual.geometry import Region
from textual.screen import Screen

SLICE = 0.006
"""Seconds for which a frame is prepared in one step of the loop, the last widget begun then aside."""
_PASSES = 3


def lines_ahead(compositor: Compositor) -> Iterator[None]:
    """Have widgets render what the next frame asks them for; pauses after each of them.

    Most keep their lines until they change, and so those that are right then. Most of what a frame of all
    the screen takes is lines that nobody has asked for since a layout or another theme. Begins anew where
    the screen is laid out meanwhile, but not without end: the frame itself asks for what is missing.
    """
    seen: object = None
    for _ in range(_PASSES):
        if seen is compositor.visible_widgets:
            return
        seen, widgets = compositor.visible_widgets, [*compositor.visible_widgets.items()]
        dirty = Region.from_union(compositor._dirty_regions) if compositor._dirty_regions else Region()
        for widget, (region, clip) in widgets:
            shown = region.intersection(clip)
            # A screen's own lines are the ground of all; a dialog's are those of the screens beneath.
            if shown and clip.overlaps(dirty) and not isinstance(widget, Screen) and widget.is_attached:
                widget.render_lines(shown.translate(-region.offset))
                yield
                if seen is not compositor.visible_widgets:
                    break

"""What is seen of a screen around a dialog over it."""

from collections.abc import Iterable
from functools import lru_cache

from rich.color import Color as CellColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen

STYLES_KEPT = 1_024


class DimmedGround(BackgroundScreen):
    """Tints a screen as the framework does, but each style once: a frame has many pieces in few styles."""

    @classmethod
    def process_segments(cls, segments: Iterable[Segment], color: Color) -> Iterable[Segment]:
        """Pieces of lines with a tint of a colour over them, and without links and what clicks do."""
        for text, style, control in segments:
            if control:
                yield Segment(text, style, control)
            else:
                yield Segment(
                    text, _tinted(Style.null() if style is None else style.clear_meta_and_links(), color)
                )


@lru_cache(STYLES_KEPT)
def _tinted(style: Style, tint: Color) -> Style:
    def under(color: CellColor | None) -> CellColor | None:
        return color and (Color.from_rich_color(color) + tint).rich_color

    return style + Style.from_color(under(style.color), under(style.bgcolor)) if tint.a else style

"""What is seen of the screens beneath a dialog."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rich.color import Color as CellColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

from userdesk.tui.terminal.frame_screen import FrameScreen
from userdesk.tui.widgets.lean_strip import LeanStrip

STYLES_KEPT = 1_024


class DimmedGround:
    """The lines of the screens beneath, in the colours that the framework gives them.

    A dialog is drawn several times while it opens, and at each of its keys; what is beneath seldom changes.
    The framework composes and tints all of it each time, which takes longer than all that is on it.
    """

    def __init__(self) -> None:
        self._known: object = None
        """What the lines are of, but for what the screens show."""
        self._frames: dict[FrameScreen[Any], int] = {}
        """The screens' frames that the lines are of."""
        self.lines: list[Strip] = []
        """As they were asked for last."""

    def of(
        self,
        beneath: Sequence[FrameScreen[Any]],
        tint: Color,
        filters: Sequence[LineFilter],
        background: Color,
    ) -> list[Strip]:
        """The lines of the topmost of some screens, tinted, and without links and what clicks do.

        Args:
            beneath: All that are seen in them, the lowest first.
            tint: What lies over them.
            filters: What the application does with all colours.
            background: What a filter takes for the ground of text without one.
        """
        known = [(screen, screen.laid_out) for screen in beneath], tint, [*filters], background
        height = beneath[-1].laid_out.height
        changed = {
            y for screen in beneath for y in screen.rows_since(self._frames.get(screen, 0)) if y < height
        }
        if known != self._known:
            self._known, self.lines = known, []
            changed = set(range(height))
        elif not changed:
            return self.lines
        self._frames = {screen: screen.frames for screen in beneath}
        lines = dict(enumerate(self.lines))
        for y, line in beneath[-1].composed(changed).items():
            lines[y] = dimmed(line, tint)
            for each in filters:
                lines[y] = lines[y].apply_filter(each, background)
        self.lines = [lines[y] for y in range(height)]
        return self.lines

    def forget(self) -> None:
        """Let go of the lines."""
        self._known, self._frames, self.lines = None, {}, []


def dimmed(line: Strip, tint: Color) -> Strip:
    """A line with a tint over it, and without links and what clicks do."""
    parts = (
        Segment(text, _tinted(Style.null() if style is None else style.clear_meta_and_links(), tint))
        for text, style, control in line
        if not control
    )
    return LeanStrip(parts, line.cell_length)


@lru_cache(STYLES_KEPT)
def _tinted(style: Style, tint: Color) -> Style:
    def under(color: CellColor | None) -> CellColor | None:
        return color and (Color.from_rich_color(color) + tint).rich_color

    return style + Style.from_color(under(style.color), under(style.bgcolor)) if tint.a else style

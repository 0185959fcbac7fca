"""Painted lines, and a widget that shows them and sends only the cells that changed."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from userdesk.tui.widgets.bare_lines import BareLines

GUTTER = 3
"""Cells of the gutter: the cursor's bar, the role's marker, a space."""


class Line(NamedTuple):
    """One line as painted."""

    strip: Strip
    used: int
    """Cells from the left after which nothing but the plain background follows."""


def changed_regions(before: Sequence[Line], after: Sequence[Line]) -> Iterator[Region]:
    """What must be sent again, line by line: background that stays background is not sent.

    That is most of the economy: a scrolled screen of prose is as many bytes as its text.
    """
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        if old.strip is not new.strip and old.strip != new.strip and (width := max(old.used, new.used)):
            yield Region(0, y, width, 1)


class Prerendered(BareLines):
    """A widget whose lines are ready before it is asked for them."""

    _lines: Sequence[Line] = ()
    due: dict[Widget, Sequence[Region]] | None = None
    """Takes what is to be drawn while a frame follows right away; None where the screen is told of it."""

    def show_lines(self, lines: Sequence[Line]) -> int:
        """Replace the lines, and have those drawn that are others than before; how many these are."""
        before, self._lines = self._lines, lines
        if len(before) != len(lines):
            self.refresh()
            return len(lines)
        if regions := list(changed_regions(before, lines)):
            if self.due is None:
                self.refresh(*regions)
            else:
                self.due[self] = regions
        return len(regions)

    def render_line(self, y: int) -> Strip:
        """One line."""
        return self._lines[y].strip if y < len(self._lines) else Strip.blank(self.size.width, self.rich_style)

    def strips(self, rows: range) -> list[Strip]:
        """Some of the lines."""
        if rows.start < 0:
            return super().strips(rows)
        lines = [line.strip for line in self._lines[rows.start : rows.stop]]
        if below := len(rows) - len(lines):
            lines += [Strip.blank(self.size.width, self.rich_style)] * below
        return lines


class Gutter(Prerendered):
    """The column left of the text: whose bubble it is, and which one is chosen.

    A widget of its own, for two reasons: it seldom changes while text scrolls past it, so its cells are
    not sent again; and a selection that begins in it begins at the text.
    """

    ALLOW_SELECT = False

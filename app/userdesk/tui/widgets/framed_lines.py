"""Lines of a widget with a border: what stands round its text is worked out once, not with each letter."""

from dataclasses import dataclass, field

from textual.color import Color
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget


@dataclass(slots=True, eq=False, repr=False)
class _Frame:
    """What the framework drew round the text, as long as size, style and titles are the same."""

    drawn_for: tuple[Size, str | None, str | None]
    content: Region
    """Where the text is, in the widget's own columns and rows."""
    left: Strip
    right: Strip
    """What stands beside each of its lines."""
    ground: Color
    rows: dict[int, Strip] = field(default_factory=dict)
    """The lines above and below it."""


class FramedLines(Widget):
    """A widget with a border or padding, of full opacity and never disabled, whose text changes often."""

    _frame: _Frame | None = None

    def notify_style_update(self) -> None:
        """The theme or a class changed."""
        super().notify_style_update()
        self._frame = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines: those of the text within the frame that the framework drew before."""
        drawn_for = self.outer_size, self.border_title, self.border_subtitle
        if self._frame and self._frame.drawn_for == drawn_for:
            known = [line for y in crop.line_range if (line := self._line(y, self._frame)) is not None]
            if len(known) == crop.height:
                whole = crop.column_span == (0, self._frame.drawn_for[0].width)
                return known if whole else [line.crop(*crop.column_span) for line in known]
        lines = super().render_lines(crop)
        self._learn(crop, lines, drawn_for)
        return lines

    def _line(self, y: int, frame: _Frame) -> Strip | None:
        if not frame.content.y <= y < frame.content.bottom:
            return frame.rows.get(y)
        line = self.render_line(y - frame.content.y)
        if line.cell_length != frame.content.width:
            return None
        for each in self.get_line_filters():
            line = line.apply_filter(each, frame.ground)
        return Strip.join((frame.left, line, frame.right))

    def _learn(
        self, crop: Region, lines: list[Strip], drawn_for: tuple[Size, str | None, str | None]
    ) -> None:
        width = drawn_for[0].width
        content = self.content_region.translate(-self.region.offset)
        if crop.column_span == (0, width) and (seen := crop.intersection(content)):
            line = lines[seen.y - crop.y]
            left, right = line.crop(0, content.x), line.crop(content.right, width)
            self._frame = _Frame(drawn_for, content, left, right, self.background_colors[1])
            for y, each in zip(crop.line_range, lines, strict=True):
                if not content.y <= y < content.bottom:
                    self._frame.rows[y] = each

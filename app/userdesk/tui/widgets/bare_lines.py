"""Lines that are drawn as they are, past the framework's cache of styled lines."""

from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class BareLines(Widget):
    """A widget without border, padding, tint or opacity: the framework has nothing to add to its lines.

    Its way to a line works out borders, padding, opacity and grounds of the widget and all around it, which
    takes longer than a short line does.
    """

    _ground: Color | None = None
    """What is behind the widget, once it was asked for."""

    def notify_style_update(self) -> None:
        """The theme or a class changed."""
        super().notify_style_update()
        self._ground = None

    def strips(self, rows: range) -> list[Strip]:
        """Some of the lines."""
        return [self.render_line(y) for y in rows]

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they are."""
        lines = self.strips(crop.line_range)
        if filters := self.get_line_filters():
            if self._ground is None:
                self._ground = self.background_colors[1]
            for each in filters:
                lines = [line.apply_filter(each, self._ground) for line in lines]
        if lines and (crop.x or crop.right < lines[0].cell_length):
            lines = [line.crop(*crop.column_span) for line in lines]
        return lines

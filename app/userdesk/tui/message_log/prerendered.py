"""A widget whose lines are ready before it is asked for them."""

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Prerendered(Widget):
    """Has no border, padding or opacity: Textual's cache of styled lines has nothing to add or to keep."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they are."""
        lines = [self.render_line(y) for y in crop.line_range]
        if filters := self.get_line_filters():
            background = self.background_colors[1]
            for each in filters:
                lines = [line.apply_filter(each, background) for line in lines]
        if crop.column_span != (0, self.size.width):
            lines = [line.crop(*crop.column_span) for line in lines]
        return lines

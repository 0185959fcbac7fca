"""A one-line text field whose cursor stands still: a blinking one keeps the terminal busy for nothing."""

from textual.widgets import Input


class Field(Input):
    """Textual's input, compact and calm."""

    DEFAULT_CSS = "Field { height: 1; border: none; }"

    def on_mount(self) -> None:
        """Stand still."""
        self.cursor_blink = False

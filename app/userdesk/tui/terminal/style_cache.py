"""The looks that the stylesheet gives to names, worked out when a line first wants one."""

from rich.style import Style
from textual.dom import DOMNode
from textual.widget import Widget


class StyleCache:
    """A widget's styles by name, in the stylesheet behind a prefix: `log--…`.

    Component classes would do the same, but all of them are styled whenever the widget is: dozens at
    start and at every change of focus, of which a screen of text shows a few.
    """

    def __init__(self, widget: Widget, prefix: str) -> None:
        self._widget = widget
        self._prefix = prefix
        self._known: dict[str, Style] = {}

    def __call__(self, name: str) -> Style:
        """The style of one name, to be laid over others; a plain one where the stylesheet has none."""
        if name not in self._known:
            node = DOMNode(classes=f"{self._prefix}--{name}")  # a child that the widget does not have
            node._attach(self._widget)
            self._widget.app.stylesheet.apply(node)
            self._known[name] = node.styles.partial_rich_style
        return self._known[name]

    def forget(self) -> None:
        """The theme changed."""
        self._known.clear()

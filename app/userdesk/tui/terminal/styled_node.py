"""The style that the stylesheet gives to a child which a widget does not have."""

from rich.style import Style
from textual.dom import DOMNode
from textual.widget import Widget


def style_within(widget: Widget, name: str) -> Style:
    """The style of a child of the widget with a class of this name; a plain one where no rule is for it."""
    node = DOMNode(classes=name)
    node._attach(widget)
    widget.app.stylesheet.apply(node)
    return node.styles.partial_rich_style

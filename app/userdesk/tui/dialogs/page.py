"""A dialog that is one page of text, scrolled by keys."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from userdesk.tui.dialogs.dialog import Dialog


class PageDialog(Dialog[None]):
    """Lays its page out for the room there is."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll(-1)", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
        Binding("pagedown,space", "scroll(10)", show=False),
    ]

    def __init__(self, page_id: str) -> None:
        super().__init__()
        self._page = Static(id=page_id)
        self.scroll = VerticalScroll(self._page)
        """The page in its frame, for `compose`."""

    def written(self, width: int) -> Content:
        """The page in so many cells."""
        raise NotImplementedError

    def on_resize(self) -> None:
        """Another width."""
        self.lay_out()

    def lay_out(self) -> None:
        """Wrap the page to the room there is."""
        self._page.update(self.written(max(24, self.scroll.size.width - 1)))

    def action_scroll(self, rows: int) -> None:
        """Scroll the page."""
        self.scroll.scroll_relative(y=rows, animate=False)

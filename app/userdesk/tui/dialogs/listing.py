"""A list over the chat, as high as its lines, and on a low screen as high as there is room."""

from collections.abc import Iterable
from typing import TypeVar

from textual.content import Content
from textual.widgets.option_list import Option

from userdesk.tui.dialogs.dialog import Dialog
from userdesk.tui.terminal.open_widgets import AIRY, PagedList

Result = TypeVar("Result")


class ListingScreen(Dialog[Result]):
    """A dialog of the class `listing` with a list, whose cursor stays in view at any height."""

    VERTICAL_BREAKPOINTS = [(0, "-tight"), (AIRY, "-low"), (27, "-airy")]  # noqa: RUF012  # rows

    def __init__(self, lines: Iterable[str] = ()) -> None:
        super().__init__()
        self.listed = PagedList(*(Option(Content(line)) for line in lines), compact=True)
        """The list; there before it is composed, as keys may be."""

    def on_resize(self) -> None:
        """The list may be lower now."""
        self.call_after_refresh(self.listed.scroll_to_highlight)

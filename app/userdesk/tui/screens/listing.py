"""A list over the chat, as high as its lines, and on a low screen as high as there is room."""

from typing import TypeVar

from textual.screen import ModalScreen
from textual.widgets import OptionList

Result = TypeVar("Result")


class ListingScreen(ModalScreen[Result]):
    """A dialog of the class `listing` with an OptionList, whose cursor stays in view at any height."""

    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-low"), (27, "-tall")]  # noqa: RUF012  # rows

    def on_resize(self) -> None:
        """The list may be lower now."""
        self.call_after_refresh(self._show_cursor)

    def _show_cursor(self) -> None:
        self.query_one(OptionList).scroll_to_highlight()

"""The framework's list of options, whose page keys may come before it has a place on the screen."""

from typing import Any

from textual.widgets import OptionList


class PagedList(OptionList):
    """A list of options in which every key can be pressed at any time.

    The framework looks up the highlighted option's row, which there is none of before the first layout,
    and none in a window without room for the list.
    """

    def _move_page(self, direction: Any) -> None:
        if self._lines:
            super()._move_page(direction)

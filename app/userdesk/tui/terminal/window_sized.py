"""Screens that are as large as the window, in whichever order they are told of its sizes."""

from typing import TypeVar

from textual.geometry import Size
from textual.screen import Screen

Result = TypeVar("Result")
AIRY = 20
"""From so many rows on a screen has empty ones, and is of the class `-airy`."""
AIR = [(0, "-tight"), (AIRY, "-airy")]


class WindowSized(Screen[Result]):
    """A screen laid out for the window's size now.

    The framework sends a screen a resize event after each layout too, with the size of that layout: one that
    comes after the window's next size would have the screen laid out for the old one, for good.
    """

    def _screen_resized(self, size: Size) -> None:
        super()._screen_resized(self.app.size)

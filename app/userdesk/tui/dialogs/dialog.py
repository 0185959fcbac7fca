"""Screens over the chat that close once, however often they are told to."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

from userdesk.tui.terminal.window_sized import WindowSized

Result = TypeVar("Result")


class ClosedOnce(WindowSized[Result]):
    """A screen that closes nothing but itself.

    The framework closes the screen on top, whichever was told to: at a double click that is the one below,
    and where there is none the program ends.
    """

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close with a result; a screen that is not on top is closed already, or will be."""
        return super().dismiss(result) if self.is_active else AwaitComplete()


class Dialog(ModalScreen[Result], ClosedOnce[Result]):
    """A question or a list over the chat."""

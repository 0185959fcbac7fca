"""Screens over the chat that close once, however often they are told to."""

from typing import ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from userdesk.tui.terminal.open_widgets import AIR, WindowSized

Result = TypeVar("Result")


class ClosedOnce(WindowSized[Result]):
    """A screen that closes nothing but itself.

    The framework closes the screen on top, whichever was told to: at a double click that is the one below,
    and where there is none the program ends.
    """

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close with a result; a screen that is not on top is closed already, or will be."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss()


class Dialog(ModalScreen[Result], ClosedOnce[Result]):
    """A question or a list over the chat."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "leave", "Close")]
    VERTICAL_BREAKPOINTS = AIR


def keys_line(*keys: tuple[str, str]) -> Content:
    """Keys and what they do, beside one another."""
    return Content("  ").join(Content.assemble((key, "bold"), f" {does}") for key, does in keys)


def keys_row(*keys: tuple[str, str]) -> Static:
    """The last row of a dialog: its keys."""
    return Static(keys_line(*keys), classes="dialog-keys", markup=False)

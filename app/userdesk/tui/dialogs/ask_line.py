"""A question with one line for an answer."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from userdesk.tui.dialogs.dialog import Dialog
from userdesk.tui.widgets.field import Field


class AskLineScreen(Dialog[str]):
    """Enter gives the line, Esc gives nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "leave", "Close")]

    def __init__(self, title: str, words: str, *, placeholder: str = "", value: str = "") -> None:
        super().__init__()
        self._title_words = title
        self._words = words
        self._placeholder = placeholder
        self._value = value

    def compose(self) -> ComposeResult:
        """What is asked, and the line."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._title_words), classes="dialog-title")
            yield Static(Content(self._words), classes="dialog-text")
            yield Field(self._value, placeholder=self._placeholder, compact=True)
            keys = (("Enter", "bold"), " go on   ", ("Esc", "bold"), " close")
            yield Static(Content.assemble(*keys), classes="dialog-keys")

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        """The line is given."""
        self.dismiss(event.value.strip() or None)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)

"""A question with one line for an answer."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from userdesk.tui.dialogs.dialog import Dialog, keys_row
from userdesk.tui.widgets.field import Field


class AskLineScreen(Dialog[str]):
    """Enter gives the line, Esc gives nothing."""

    def __init__(self, title: str, words: str, *, placeholder: str = "", value: str = "") -> None:
        super().__init__()
        self._title_words = title
        self._words = words
        self._placeholder = placeholder
        self._value = value
        self._missing = Static("Nothing is typed yet", classes="dialog-missing")
        self._missing.display = False

    def compose(self) -> ComposeResult:
        """What is asked, and the line."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._title_words), classes="dialog-title")
            yield Static(Content(self._words), classes="dialog-text")
            yield Field(self._value, placeholder=self._placeholder, compact=True)
            yield self._missing
            yield keys_row(("Enter", "go on"), ("Esc", "close"))

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        """The line is given; an empty one is none."""
        if line := event.value.strip():
            self.dismiss(line)
        else:
            self._missing.display = True

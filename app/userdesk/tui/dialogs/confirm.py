"""A question with two answers."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from userdesk.tui.dialogs.dialog import Dialog, keys_row


class ConfirmScreen(Dialog[bool]):
    """Asks before something that may matter; Enter or `y` does it, Esc or `n` does not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "answer(True)", "Yes"),
        Binding("escape,n", "answer(False)", "No"),
        Binding("ctrl+c", "answer(False)", "No", show=False),
    ]

    def __init__(self, question: str, yes: str) -> None:
        super().__init__()
        self._question = question
        self._yes = yes

    def compose(self) -> ComposeResult:
        """The question and its keys."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="dialog-text")
            yield keys_row(("Enter", self._yes), ("Esc", "cancel"))

    def action_answer(self, yes: bool) -> None:
        """Close with the answer."""
        self.dismiss(yes)


class QuitScreen(ConfirmScreen):
    """Asks before the program ends; the Ctrl+C that asked also agrees."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "answer(True)", "Quit", show=False)]

    def __init__(self, question: str) -> None:
        super().__init__(question, "quit")

"""A question with one line for an answer."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from userdesk.tui.dialogs.dialog import Dialog, keys_row
from userdesk.tui.widgets.field import Field


class AskLineScreen(Dialog[str]):
    """Enter gives the line, Esc gives nothing.

    `doubt` says what speaks against a line, or nothing; a second Enter gives it all the same.
    """

    def __init__(
        self, title: str, words: str, *, placeholder: str = "", doubt: Callable[[str], str] = lambda line: ""
    ) -> None:
        super().__init__()
        self._title_words = title
        self._words = words
        self._placeholder = placeholder
        self._doubt = doubt
        self._doubted = ""
        self._trouble = Static("", classes="dialog-missing", markup=False)
        self._trouble.display = False

    def compose(self) -> ComposeResult:
        """What is asked, and the line."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._title_words), classes="dialog-title")
            yield Static(Content(self._words), classes="dialog-text")
            yield Field(placeholder=self._placeholder, compact=True)
            yield self._trouble
            yield keys_row(("Enter", "go on"), ("Esc", "close"))

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        """The line is given; an empty one is none."""
        line = event.value.strip()
        trouble = self._doubt(line) if line else "Nothing is typed yet"
        if trouble and (not line or line != self._doubted):
            self._doubted = line
            self._trouble.update(trouble)
            self._trouble.display = True
        else:
            self.dismiss(line)

"""A choice of one among a few lines."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option


class ChoiceScreen(ModalScreen[int]):
    """Lines with numbers: a digit or Enter chooses, Esc leaves. The result is the line's index."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "leave", "Cancel")]

    def __init__(self, question: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._question = question
        self._lines = lines

    def compose(self) -> ComposeResult:
        """The question over the lines."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="dialog-title")
            numbered = (f"{number} {line}" for number, line in enumerate(self._lines, 1))
            yield OptionList(*(Option(Content(line)) for line in numbered), compact=True)

    def on_key(self, event: Key) -> None:
        """A digit chooses at once."""
        if event.key.isdigit() and 1 <= int(event.key) <= len(self._lines):
            event.stop()
            self.dismiss(int(event.key) - 1)

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        """Enter."""
        self.dismiss(event.option_index)

    def action_leave(self) -> None:
        """Close without a choice."""
        self.dismiss(None)

"""A choice of one among a few lines."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import OptionList, Static

from userdesk.tui.dialogs.dialog import ListingScreen, keys_row

DIGITS = "0123456789"


class ChoiceScreen(ListingScreen[int]):
    """Lines with numbers: a number or Enter chooses, Esc leaves. The result is the line's index."""

    def __init__(self, question: str, lines: Sequence[str]) -> None:
        super().__init__(f"{number} {line}" for number, line in enumerate(lines, 1))
        self._question = question
        self._lines = lines
        self._number = 0
        """What was typed of a number that may have a further digit."""

    def compose(self) -> ComposeResult:
        """The question over the lines."""
        with Vertical(classes="dialog listing"):
            yield Static(Content(self._question), classes="dialog-title")
            yield self.listed
            yield keys_row(("Enter", "or number"), ("Esc", "close"))

    def on_key(self, event: Key) -> None:
        """A number chooses at once where no longer one can be meant."""
        begun, self._number = self._number, 0
        if event.character is None or event.character not in DIGITS:
            return
        event.stop()
        digit = int(event.character)
        number = 10 * begun + digit
        if number > len(self._lines):
            number = digit
        if 0 < 10 * number <= len(self._lines):
            self._number = number
            self.listed.highlighted = number - 1
        elif 0 < number <= len(self._lines):
            self.dismiss(number - 1)

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        """Enter."""
        self.dismiss(event.option_index)

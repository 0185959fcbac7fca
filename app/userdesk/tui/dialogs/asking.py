"""Small questions over the chat: yes or no, one line of text, one among a few lines."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import Input, OptionList, Static

from userdesk.tui.dialogs.dialog import Dialog, ListingScreen, keys_row
from userdesk.tui.widgets.field import Field


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

    def __init__(self, question: str, yes: str = "quit") -> None:
        super().__init__(question, yes)


class AskLineScreen(Dialog[str]):
    """Enter gives the line, Esc gives nothing.

    `given` is the line as it is now, which can be emptied; None where there is none, and one is wanted.
    Where it `is_offered`, it is selected, so that what is typed replaces it.
    `doubt` says what speaks against a line, or nothing; a second Enter gives it all the same.
    """

    def __init__(
        self,
        title: str,
        words: str,
        *,
        placeholder: str = "",
        given: str | None = None,
        is_offered: bool = False,
        doubt: Callable[[str], str] = lambda line: "",
    ) -> None:
        super().__init__()
        self._given = given
        self._is_offered = is_offered
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
            yield Field(
                self._given,
                placeholder=self._placeholder,
                select_on_focus=self._is_offered,
                compact=True,
            )
            yield self._trouble
            yield keys_row(("Enter", "continue" if self._given is None else "save"), ("Esc", "close"))

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        """The line is given; an empty one is none."""
        line = event.value.strip()
        trouble = self._doubt(line) if line or self._given is not None else "Type something first"
        if trouble and (not line or line != self._doubted):
            self._doubted = line
            self._trouble.update(trouble)
            self._trouble.display = True
        else:
            self.dismiss(line)


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
        if event.character is None or event.character not in "0123456789":
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

"""Search in the prompts sent earlier."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from userdesk.domain.safe_text import clean_line
from userdesk.tui.field import Field

SHOWN = 100  # prompts at most


class PromptsScreen(ModalScreen[str]):
    """Words narrow the list down, Enter puts the prompt into the input bar."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "leave", "Close"),
        Binding("up", "step(-1)", "Up", show=False, priority=True),
        Binding("down", "step(1)", "Down", show=False, priority=True),
    ]

    def __init__(self, prompts: Sequence[str]) -> None:
        super().__init__()
        self._prompts = list(dict.fromkeys(reversed(prompts)))
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        """The field over the prompts."""
        with Vertical(classes="dialog", id="prompts"):
            yield Static("Earlier prompts", classes="dialog-title")
            yield Field(placeholder="words of it", compact=True)
            yield OptionList(compact=True)
            keys = (("Enter", "bold"), " take it   ", ("↑↓", "bold"), " choose   ", ("Esc", "bold"), " close")
            yield Static(Content.assemble(*keys), classes="dialog-keys")

    def on_mount(self) -> None:
        """All of them, the newest first."""
        self._fill("")

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Fewer as one types."""
        self._fill(event.value)

    def _fill(self, wanted: str) -> None:
        words = wanted.casefold().split()
        fitting = (text for text in self._prompts if all(word in text.casefold() for word in words))
        self._found = [text for text, _ in zip(fitting, range(SHOWN), strict=False)]
        results = self.query_one(OptionList)
        results.clear_options()
        results.add_options([Option(Content(clean_line(text, 120))) for text in self._found])
        results.highlighted = 0 if self._found else None

    def action_step(self, direction: int) -> None:
        """Choose while the field keeps the keys."""
        results = self.query_one(OptionList)
        if results.option_count:
            results.highlighted = ((results.highlighted or 0) + direction) % results.option_count

    @on(Input.Submitted)
    def submitted(self) -> None:
        """Enter takes what is chosen."""
        highlighted = self.query_one(OptionList).highlighted
        self.dismiss(self._found[highlighted] if self._found and highlighted is not None else None)

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """A click takes it."""
        self.dismiss(self._found[event.option_index])

    def action_leave(self) -> None:
        """Close without taking one."""
        self.dismiss(None)

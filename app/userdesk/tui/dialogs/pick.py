"""One among many lines, found by words of it."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from userdesk.domain.safe_text import clean_line
from userdesk.domain.text_folding import fold_letters
from userdesk.tui.dialogs.dialog import keys_row
from userdesk.tui.dialogs.listing import ListingScreen
from userdesk.tui.widgets.field import Field

SHOWN = 100  # lines at most


class PickScreen(ListingScreen[int]):
    """Words narrow the list down, Enter takes a line; the result is its index."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Up", show=False, priority=True),
        Binding("down", "step(1)", "Down", show=False, priority=True),
    ]

    def __init__(self, title: str, lines: Sequence[str], *, take: str = "take it", about: str = "") -> None:
        super().__init__()
        self._title_words = title
        self._lines = lines
        self._take = take
        self._about = about
        self._found: list[int] = []
        self._field = Field(placeholder="words of it", compact=True)

    def compose(self) -> ComposeResult:
        """The field over the lines."""
        with Vertical(classes="dialog listing", id="pick"):
            yield Static(Content(self._title_words), classes="dialog-title")
            yield self._field
            yield self.listed
            if self._about:
                yield Static(Content(self._about), classes="dialog-text")
            yield keys_row(("Enter", self._take), ("↑↓", "choose"), ("Esc", "close"))

    def on_mount(self) -> None:
        """All of them."""
        self._fill("")

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Fewer as one types."""
        self._fill(event.value)

    def _fill(self, wanted: str) -> None:
        words = fold_letters(wanted).split()
        lines = enumerate(map(fold_letters, self._lines))
        fitting = (index for index, line in lines if all(word in line for word in words))
        self._found = [index for index, _ in zip(fitting, range(SHOWN), strict=False)]
        results = self.listed
        results.clear_options()
        if self._found:
            results.add_options([Option(Content(clean_line(self._lines[at], 120))) for at in self._found])
        else:
            results.add_option(Option(Content("Nothing matches" if words else "Nothing here"), disabled=True))
        results.highlighted = 0 if self._found else None

    def action_step(self, direction: int) -> None:
        """Choose while the field keeps the keys."""
        results = self.listed
        if self._found:
            results.highlighted = ((results.highlighted or 0) + direction) % results.option_count

    @on(Input.Submitted)
    def submitted(self) -> None:
        """Enter takes what is chosen."""
        highlighted = self.listed.highlighted
        if self._found and highlighted is not None:
            self.dismiss(self._found[highlighted])

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """A click takes it."""
        self.dismiss(self._found[event.option_index])

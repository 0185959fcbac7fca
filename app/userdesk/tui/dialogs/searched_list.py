"""A list over the chat that words in a field narrow down."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from userdesk.domain.safe_text import clean_line
from userdesk.domain.text_folding import fold_letters
from userdesk.tui.dialogs.dialog import CHOOSING, ListingScreen, keys_row
from userdesk.tui.widgets.field import Field

SHOWN = 100  # lines of a `PickScreen` at most
Result = TypeVar("Result")


class SearchedList(ListingScreen[Result]):
    """The field keeps the keys; Enter takes the line that is chosen, a click any."""

    BINDINGS: ClassVar[list[BindingType]] = CHOOSING

    def __init__(self, title: str, *, placeholder: str, take: str, about: str = "", id: str) -> None:
        super().__init__()
        self._title_words = title
        self._take = take
        self._about = about
        self._box_id = id
        self._results: list[Result | None] = []
        """What each line stands for; None for a heading."""
        self.field = Field(placeholder=placeholder, compact=True)

    @abstractmethod
    def lines(self, query: str, width: int) -> Iterable[tuple[Content, Result | None]]:
        """The lines that fit what was typed, in so many cells; a heading stands for None."""

    def compose(self) -> ComposeResult:
        """The field over the lines."""
        with Vertical(classes="dialog listing", id=self._box_id):
            yield Static(Content(self._title_words), classes="dialog-title")
            yield self.field
            yield self.listed
            if self._about:
                yield Static(Content(self._about), classes="dialog-text")
            yield keys_row(("Enter", self._take), ("↑↓", "choose"), ("Esc", "close"))

    def on_mount(self) -> None:
        """All of them."""
        self._fill()

    def on_resize(self) -> None:
        """Lines as wide as the list is now."""
        self.call_after_refresh(self._refill)

    def _refill(self) -> None:
        highlighted = self.listed.highlighted
        self._fill()
        self.listed.highlighted = highlighted

    @on(Input.Changed)
    def typed(self) -> None:
        """Fewer as one types."""
        self._fill()

    def _fill(self) -> None:
        listed, query = self.listed, self.field.value.strip()
        found = list(self.lines(query, listed.scrollable_content_region.width))
        self._results = [result for _, result in found]
        listed.clear_options()
        listed.add_options(Option(Content.assemble(line), disabled=result is None) for line, result in found)
        if not found:
            listed.add_option(Option(Content("No matches" if query else "Nothing here"), disabled=True))
        takeable = (at for at, result in enumerate(self._results) if result is not None)
        listed.highlighted = next(takeable, None)

    def action_move(self, direction: int) -> None:
        """Choose while the field keeps the keys."""
        (self.listed.action_cursor_down if direction > 0 else self.listed.action_cursor_up)()

    def action_page(self, direction: int) -> None:
        """Choose a page further while the field keeps the keys."""
        page = self.listed.action_page_down if direction > 0 else self.listed.action_page_up
        page()  # type: ignore[no-untyped-call]

    @on(Input.Submitted)
    def submitted(self) -> None:
        """Enter takes what is chosen."""
        self._dismiss_with(self.listed.highlighted)

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """A click takes it."""
        self._dismiss_with(event.option_index)

    def _dismiss_with(self, line: int | None) -> None:
        if line is not None and line < len(self._results) and self._results[line] is not None:
            self.dismiss(self._results[line])


class PickScreen(SearchedList[int]):
    """One among many lines, found by words of it; the result is the line's index."""

    def __init__(self, title: str, lines: Sequence[str], *, take: str = "take", about: str = "") -> None:
        super().__init__(title, placeholder="Type to search", take=take, about=about, id="pick")
        self._lines = lines

    def lines(self, query: str, width: int) -> Iterator[tuple[Content, int]]:
        """Those that hold all words."""
        words = fold_letters(query).split()
        fitting = (
            index
            for index, line in enumerate(map(fold_letters, self._lines))
            if all(word in line for word in words)
        )
        for index, _ in zip(fitting, range(SHOWN), strict=False):
            yield Content(clean_line(self._lines[index], 120)), index

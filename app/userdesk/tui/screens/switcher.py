"""The switcher: type a few letters of a title, Enter opens that conversation."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from userdesk.tui.board import Board
from userdesk.tui.sidebar.shelf import title_of

SHOWN = 100  # results at most


class SwitcherScreen(ModalScreen[str]):
    """Finds a conversation by its title; the result is its key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "leave", "Close"),
        Binding("up", "step(-1)", "Up", show=False, priority=True),
        Binding("down", "step(1)", "Down", show=False, priority=True),
    ]

    def __init__(self, board: Board) -> None:
        super().__init__()
        times = board.store.recencies()
        conversations = sorted(
            board.conversations(), key=lambda c: times.get(c.key, c.created.timestamp()), reverse=True
        )
        self._titles = [(c.key, title_of(c)) for c in conversations]
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        """The field over the results."""
        with Vertical(classes="dialog", id="switcher"):
            yield Static("Switch to a conversation", classes="dialog-title")
            yield Input(placeholder="a few letters of its title", compact=True)
            yield OptionList(compact=True)
            yield Static(
                Content.assemble(
                    ("Enter", "bold"), " open   ", ("↑↓", "bold"), " choose   ", ("Esc", "bold"), " close"
                ),
                classes="dialog-keys",
            )

    def on_mount(self) -> None:
        """Everything, the most recent first."""
        self._fill("")

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Results as one types."""
        self._fill(event.value)

    def _fill(self, wanted: str) -> None:
        ranked = [
            (score, key, title)
            for key, title in self._titles
            if (score := closeness(wanted, title)) is not None
        ]
        ranked.sort(key=lambda found: -found[0])
        results = self.query_one(OptionList)
        results.clear_options()
        self._found = [key for _, key, _ in ranked[:SHOWN]]
        results.add_options([Option(Content(title)) for _, _, title in ranked[:SHOWN]])
        if self._found:
            results.highlighted = 0

    def action_step(self, direction: int) -> None:
        """Choose while the field keeps the keys."""
        results = self.query_one(OptionList)
        if results.option_count:
            results.highlighted = ((results.highlighted or 0) + direction) % results.option_count

    @on(Input.Submitted)
    def submitted(self) -> None:
        """Enter opens what is chosen."""
        highlighted = self.query_one(OptionList).highlighted
        self.dismiss(self._found[highlighted] if self._found and highlighted is not None else None)

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """A click opens."""
        self.dismiss(self._found[event.option_index])

    def action_leave(self) -> None:
        """Close without switching."""
        self.dismiss(None)


def closeness(wanted: str, title: str) -> float | None:
    """How well a title fits what was typed; None where a letter is missing. 0 where nothing was typed."""
    wanted, title = "".join(wanted.casefold().split()), title.casefold()
    if not wanted:
        return 0.0
    if (at := title.find(wanted)) >= 0:
        return 100.0 - at + (20.0 if at == 0 or not title[at - 1].isalnum() else 0.0)
    score, at = 0.0, -1
    for letter in wanted:
        found = title.find(letter, at + 1)
        if found < 0:
            return None
        beginning = found == 0 or not title[found - 1].isalnum()
        score += 3.0 if found == at + 1 else 2.0 if beginning else 1.0
        at = found
    return score - len(title) / 1000

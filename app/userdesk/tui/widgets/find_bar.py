"""The find bar over the log: what is looked for, and how many places have it."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from userdesk.tui.widgets.field import Field


class FindBar(Horizontal):
    """One row; Enter goes to the match before (they are looked at from the end), Esc closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,up", "go(-1)", show=False, priority=True),
        Binding("down,shift+enter", "go(1)", show=False, priority=True),
    ]

    class Changed(Message):
        """Something else is looked for."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Moved(Message):
        """The match before or after is wanted."""

        def __init__(self, direction: int) -> None:
            super().__init__()
            self.direction = direction

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.field = Field(id="find-field", compact=True)
        self._count = Static("", id="find-count", markup=False)

    def compose(self) -> ComposeResult:
        """The field and the count."""
        yield Static("Find ", classes="find-label", markup=False)
        yield self.field
        yield self._count

    def count(self, words: str) -> None:
        """How many matches, and which one is shown."""
        self._count.update(words)

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Look as one types."""
        event.stop()
        self.post_message(self.Changed(event.value))

    def action_go(self, direction: int) -> None:
        """To the next match in a direction."""
        self.post_message(self.Moved(direction))

"""Presenter mode: what an audience has no use for, and what is none of its business, is not shown."""

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from userdesk.domain.safe_text import clean_line
from userdesk.tui.message_log.annotations import FOR_AUDIENCE, Annotations
from userdesk.tui.terminal.open_widgets import NARROW

MEASURE = 92
"""Cells of the conversation at most, in the middle of the screen."""


def stage(screen: Screen[Any], *, is_on: bool, measure: int = MEASURE) -> None:
    """Give a screen the class of presenter mode and its margins, or take both away."""
    width = screen.app.size.width
    margin = max((width - measure) // 2, width // 16) if is_on and width >= NARROW else 0
    screen.set_class(is_on, "-presenter")
    screen.query_one("#main").styles.padding = (0, margin)


class PresenterMode:
    """Whether it is on, and what it hides: the one place that decides.

    For a visitor it is on from the start and for good. That one is told keys, and of other conversations:
    there are none but the visitor's own.
    """

    def __init__(self, *, visited: str = "") -> None:
        """`visited` is the chatbot that a visitor talks to."""
        self.is_on = self.for_visitor = bool(visited)
        self.bot = visited
        """The chatbot that it was turned on with."""
        self.on_toggled: list[Callable[[], None]] = []
        """Called when it was turned on or off."""

    def toggle(self, bot: str) -> None:
        """Turn it on with the chatbot of the conversation on the screen, or off."""
        self.is_on = not self.is_on
        if self.is_on:
            self.bot = bot
        for listener in self.on_toggled:
            listener()

    @property
    def for_audience(self) -> bool:
        """Whether somebody else looks on: no keys are named, and nothing of other conversations."""
        return self.is_on and not self.for_visitor

    def annotations(self, everything: Annotations) -> Annotations:
        """What the log says beside messages: no figures, no words of the server; to an audience no keys."""
        if self.for_visitor:
            return everything._replace(metrics=False, times=False, gap=FOR_AUDIENCE.gap, for_visitor=True)
        return FOR_AUDIENCE if self.is_on else everything

    def private(self, text: str) -> str:
        """Text that may hold ids or the names of other conversations: nothing of it is shown."""
        return "" if self.is_on else text

    def named(self, title: str, else_words: str) -> str:
        """A conversation by its title, short and quoted, by other words where titles are not shown."""
        return else_words if self.is_on else f"“{clean_line(title, 28)}”"

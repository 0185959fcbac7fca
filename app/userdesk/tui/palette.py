"""The command palette: every action by its words, its key beside it."""

from collections.abc import Iterator
from functools import partial
from typing import cast

from textual.app import ComposeResult
from textual.command import (
    CommandInput,
    CommandList,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
    SearchIcon,
)
from textual.containers import Horizontal, Vertical
from textual.widgets import LoadingIndicator

from userdesk.tui.chat.program import Program
from userdesk.tui.dialogs.dialog import ClosedOnce
from userdesk.tui.shortcuts import ACTIONS, Action, spoken
from userdesk.tui.widgets.field import Field
from userdesk.tui.widgets.paged_list import PagedList


class ActionCommands(Provider):
    """Finds actions; running one is pressing its key."""

    @property
    def _app(self) -> Program:
        return cast("Program", self.app)

    def _entries(self) -> Iterator[tuple[str, Action]]:
        keys = self._app.effective_keys
        seen: set[str] = set()
        for action in ACTIONS:
            name = action.method.partition("(")[0]
            if action.in_palette and action.words not in seen and self._app.can_do(name):
                seen.add(action.words)
                where = "" if action.where == "anywhere" else f"in the {action.where}"
                named = ", ".join(spoken(key) for key in keys[action.name])
                aside = " · ".join(part for part in (named, where) if part)
                yield f"{action.words}  ({aside})" if aside else action.words, action

    async def search(self, query: str) -> Hits:
        """Actions whose words fit."""
        matcher = self.matcher(query)
        for words, action in self._entries():
            if (score := matcher.match(words)) > 0:
                yield Hit(
                    score, matcher.highlight(words), partial(self._app.run_on_chat, action.method), text=words
                )

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for words, action in self._entries():
            yield DiscoveryHit(words, partial(self._app.run_on_chat, action.method), text=words)


class PaletteField(CommandInput, Field):  # in this order: its looks are those of the first
    """The palette's field, edited as our other fields are."""


class PaletteList(CommandList, PagedList, can_focus=False):  # in this order, as above
    """What the palette finds."""


class Palette(CommandPalette, ClosedOnce[None]):
    """The framework's command palette with a field of ours."""

    def compose(self) -> ComposeResult:
        """The field over what it finds."""
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield SearchIcon()
                yield PaletteField(placeholder=self._placeholder, select_on_focus=False)
            with Vertical(id="--results"):
                yield PaletteList()
                yield LoadingIndicator()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Nothing can be done before it is composed."""
        return bool(self.query(CommandList))

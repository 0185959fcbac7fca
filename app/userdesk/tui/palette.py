"""The command palette: every command by its words, its keys beside it."""

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

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
from textual.screen import Screen
from textual.style import Style
from textual.widgets import LoadingIndicator

from userdesk.tui.command_registry import CommandRegistry
from userdesk.tui.commands import COMMANDS, Command
from userdesk.tui.dialogs.dialog import ClosedOnce
from userdesk.tui.shortcuts import Shortcuts, key_name
from userdesk.tui.terminal.paged_list import PagedList
from userdesk.tui.widgets.field import Field

SYNONYM_SCORE = 3.0
"""For each letter typed: as much as one in the middle of a word scores, more than scattered ones."""


def synonym_score(command: Command, query: str) -> float:
    """How well a query fits a command's words and synonyms; 0 unless each word of it begins one of theirs."""
    known = f"{command.words} {' '.join(command.synonyms)}".casefold().split()
    wanted = query.casefold().split()
    fits = bool(wanted) and all(any(word.startswith(part) for word in known) for part in wanted)
    return SYNONYM_SCORE * len(query) if fits else 0.0


class CommandProvider(Provider):
    """Finds commands by their words, their keys and synonyms."""

    def __init__(
        self,
        commands: CommandRegistry,
        shortcuts: Shortcuts,
        screen: Screen[Any],
        match_style: Style | None = None,
    ) -> None:
        super().__init__(screen, match_style)
        self._commands = commands
        self._shortcuts = shortcuts

    def _entries(self) -> Iterator[tuple[str, Command]]:
        """The commands that can be run now, each with the line that is shown."""
        for command in COMMANDS:
            if command.in_palette and not command.same_as and self._commands.available(command.id):
                place = "" if command.place == "anywhere" else f"in the {command.place}"
                keys = ", ".join(map(key_name, self._shortcuts.of(command.id)))
                aside = " · ".join(part for part in (keys, place) if part)
                yield f"{command.words}  ({aside})" if aside else command.words, command

    async def search(self, query: str) -> Hits:
        """The commands that fit what was typed."""
        matcher = self.matcher(query)
        for line, command in self._entries():
            score = max(matcher.match(line), synonym_score(command, query))
            if score > 0:
                run = partial(self._commands.run, command.id)
                yield Hit(score, matcher.highlight(line), run, text=line)

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for line, command in self._entries():
            yield DiscoveryHit(line, partial(self._commands.run, command.id), text=line)


class PaletteField(CommandInput, Field):  # in this order: its looks are those of the first
    """The palette's field, edited as our other fields are."""


class PaletteList(CommandList, PagedList, can_focus=False):  # in this order, as above
    """What the palette finds."""


class Palette(CommandPalette, ClosedOnce[None]):
    """The framework's command palette with a field of ours."""

    def __init__(self, commands: CommandRegistry, shortcuts: Shortcuts) -> None:
        provider = partial(CommandProvider, commands, shortcuts)
        super().__init__([lambda: cast("type[Provider]", provider)])

    def compose(self) -> ComposeResult:
        """The field over what it finds."""
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield SearchIcon()
                yield PaletteField(placeholder="Search for commands…", select_on_focus=False)
            with Vertical(id="--results"):
                yield PaletteList()
                yield LoadingIndicator()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Nothing can be done before it is composed."""
        return bool(self.query(CommandList))

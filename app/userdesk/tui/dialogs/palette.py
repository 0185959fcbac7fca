"""The command palette: every command that can be run now, found by its words, keys and synonyms."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from textual.content import Content
from textual.fuzzy import FuzzySearch

from userdesk.markdown.layout.cells import cells
from userdesk.tui.commands import COMMANDS, Command, CommandRegistry
from userdesk.tui.dialogs.help import PLACES
from userdesk.tui.dialogs.searched_list import SearchedList
from userdesk.tui.shortcuts import Shortcuts, key_name

RECENT = 3
"""Commands at most that stand on top because they were taken last."""
SYNONYM_SCORE = 3.0
"""For each letter typed: as much as one in the middle of a word scores, more than scattered ones."""
BEGINS = 4
"""How much more it is where what was typed begins the command's words."""


class FoundCommand(NamedTuple):
    """A command that fits what was typed."""

    command: Command
    score: float
    letters: tuple[int, ...] = ()
    """Offsets in the command's words of the letters that fit."""


class Palette(SearchedList[str]):
    """The result is the id of a command.

    `recent` are the ids of the commands taken last, the newest first.
    """

    def __init__(self, commands: CommandRegistry, shortcuts: Shortcuts, recent: list[str]) -> None:
        super().__init__("Commands", placeholder="Type a command", take="run", id="palette")
        self._shortcuts = shortcuts
        self._commands = commands
        self._recent = recent

    def lines(self, query: str, width: int) -> Iterator[tuple[Content, str | None]]:
        """What fits best first; where nothing is typed, what was taken last, then all by place."""
        offered = [
            command
            for command in COMMANDS
            if command.in_palette and not command.same_as and self._commands.offers(command.id)
        ]
        if query:
            for found in search_commands([(each, self._keys(each)) for each in offered], query):
                yield self._line(found, width), found.command.id
            return
        by_id = {command.id: command for command in offered}
        groups = [("Recent", [by_id[name] for name in self._recent[:RECENT] if name in by_id])]
        for place, heading in PLACES.items():
            groups.append((heading, [command for command in offered if command.place == place]))
        gap = ""
        for heading, commands in groups:
            if commands:
                yield Content.styled(gap + heading, "bold $accent"), None
                gap = "\n" if self.has_class("-airy") else ""
            for command in commands:
                yield self._line(FoundCommand(command, 0.0), width), command.id

    def _keys(self, command: Command) -> str:
        return "  ".join(map(key_name, self._shortcuts.of(command.id)))

    def _line(self, found: FoundCommand, width: int) -> Content:
        """Words left, keys right; where both have no room, the first key alone, and then words are cut."""
        keys = self._keys(found.command)
        if cells(found.command.words) + cells(keys) + 4 > width:
            keys = self._shortcuts.spoken(found.command.id)
        room = max(8, width - 3 - cells(keys))
        words = Content(f" {found.command.words}")
        for letter in found.letters:
            words = words.stylize("underline", letter + 1, letter + 2)
        words = words.truncate(room, ellipsis=True, pad=True)
        return Content.assemble(words, " ", (keys, "$dim"))


def search_commands(commands: Iterable[tuple[Command, str]], query: str) -> list[FoundCommand]:
    """The commands that fit, best first. `commands` are given with their keys, as people write them."""
    fuzzy = FuzzySearch()
    found = []
    for command, keys in commands:
        score, offsets = fuzzy.match(query, f"{command.words} {keys}")
        score = max(score, _synonym_score(command, query))
        if score > 0:
            letters = tuple(offset for offset in offsets if offset < len(command.words))
            found.append(FoundCommand(command, score, letters))
    return sorted(found, key=lambda each: -each.score)


def _synonym_score(command: Command, query: str) -> float:
    """0 unless each word of the query begins one of the command's words or synonyms."""
    known = f"{command.words} {' '.join(command.synonyms)}".casefold().split()
    wanted = query.casefold().split()
    fits = bool(wanted) and all(any(word.startswith(part) for word in known) for part in wanted)
    begins = command.words.casefold().startswith(query.casefold())
    return SYNONYM_SCORE * len(query) * (BEGINS if begins else 1) if fits else 0.0

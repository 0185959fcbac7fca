"""Finds commands by what people type for them: words, keys, synonyms."""

from collections.abc import Iterable
from typing import NamedTuple

from textual.fuzzy import FuzzySearch

from userdesk.tui.commands import Command

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

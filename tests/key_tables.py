"""Tables of keys in Markdown: what a row says of a key is what its command does."""

import re
from collections.abc import Iterator, Sequence

from userdesk.tui.commands import COMMANDS, Command
from userdesk.tui.shortcuts import key_name


def pairs(keys: str, phrases: str) -> Iterator[tuple[list[str], str]]:
    """The keys and the words of two cells that belong to each other: `F7 · F8 (F9)` and `back · on`."""
    separator = " · " if " · " in keys + phrases else " / "
    if separator == " / ":  # keys in brackets have a slash of their own
        keys = re.sub(r" \(.*\)", "", keys)
    groups = keys.split(separator)
    for group, phrase in zip(groups, phrases.split(separator), strict=True):
        yield re.findall(r"[^\s,()`]+", group), phrase


def fit(command: Command, phrase: str) -> int:
    """How many words of a phrase are the command's: one of the two begins as the other does."""
    own = re.findall(r"\w{3,}", f"{command.words} {' '.join(command.synonyms)}".casefold())
    words = re.findall(r"\w{3,}", phrase.casefold())
    return sum(any(one.startswith(word) or word.startswith(one) for one in own) for word in words)


def false_pairs(keys: str, phrases: str, *places: str, among: Sequence[Command] = COMMANDS) -> list[str]:
    """What two cells say that is not so: words that fit another command better than the key's, or none."""
    commands = [command for command in among if command.place in places]
    found = []
    for group, phrase in pairs(keys, phrases):
        best = max(fit(command, phrase) for command in commands)
        for key in group:
            meant = [command for command in commands if key in map(key_name, command.keys)]
            found += [f"{key}: {phrase}" for command in meant if not fit(command, phrase) == best > 0]
    return found

"""The user's [keys] laid over the program's own: what holds in the end, and what of it can't be."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, Keys

from userdesk.domain.quoting import quoted, quoted_name
from userdesk.tui.shortcuts import ACTIONS, BY_NAME, Action, spoken

MODIFIERS = frozenset(("ctrl", "shift", "alt", "super", "hyper", "meta"))
NAMED = frozenset(key.value.rpartition("+")[2] for key in Keys if len(key.value) > 1)
ARRIVES_AS = {"ctrl+h": "Backspace", "ctrl+i": "Tab", "ctrl+m": "Enter", "ctrl+left_square_bracket": "Esc"}
"""Keys that a terminal sends as others."""


class Remapped(NamedTuple):
    """The keys of every action, and what is wrong with those the user gave."""

    keys: dict[str, tuple[str, ...]]
    problems: list[str]


def remap(given: Mapping[str, tuple[str, ...]]) -> Remapped:
    """Lay the user's keys over the program's own.

    A key that the user gives to an action is taken from the action that had it; of two actions given
    the same one, the first keeps it. An action to which only unusable ones are given keeps its own.
    """
    problems = [
        f"[keys] {quoted_name(name)}: there is no such action" for name in given if name not in BY_NAME
    ]
    own: dict[str, tuple[str, ...]] = {}
    for name, wanted in given.items():
        if name in BY_NAME:
            fitting = tuple(key for key in map(_named, wanted) if _fits(BY_NAME[name], key, problems))
            if fitting or not wanted:  # else it keeps its own: nothing that was given can be had
                own[name] = fitting
    keys = {action.name: own.get(action.name, action.keys) for action in ACTIONS}
    for name, mine in own.items():
        action = BY_NAME[name]
        for other in ACTIONS:
            shared = set(keys[name]) & set(keys[other.name]) & set(mine)
            if other.name == name or not shared or not _overlap(action, other):
                continue
            loser, winner = (name, other.name) if _comes_first(own, other.name, name) else (other.name, name)
            keys[loser] = tuple(key for key in keys[loser] if key not in shared)
            for key in sorted(shared):
                left = ", ".join(map(spoken, keys[loser])) or "the palette alone"
                problems.append(
                    f"[keys] {key} is given to both {winner} and {loser}: {winner} has it, {loser} has {left}"
                )
    return Remapped(keys, list(dict.fromkeys(problems)))


def _comes_first(own: Iterable[str], one: str, other: str) -> bool:
    """Whether both were given keys by the user, one of them before the other."""
    names = list(own)
    return one in names and names.index(one) < names.index(other)


def _overlap(one: Action, other: Action) -> bool:
    return one.where == other.where or "anywhere" in (one.where, other.where)


def _named(key: str) -> str:
    """A key by the name it arrives under: `/` as `slash`."""
    modifiers, plus, last = key.rpartition("+")
    if len(last) != 1 or last.isalnum():
        return key
    from unicodedata import name  # only where somebody remaps such a key

    words = name(last, last).lower().replace("-", "_").replace(" ", "_")
    return f"{modifiers}{plus}{KEY_NAME_REPLACEMENTS.get(words, words)}"


def _fits(action: Action, key: str, problems: list[str]) -> bool:
    *modifiers, last = key.split("+")
    if not MODIFIERS.issuperset(modifiers) or not (len(last) == 1 or last in NAMED or _is_character(last)):
        shown = f"'{quoted(key)}'"
        problems.append(f"[keys] {action.name}: {shown} is no key; expected one such as ctrl+n, f6 or slash")
        return False
    is_text = not modifiers and (len(last) == 1 or last == "space" or _is_character(last))
    if is_text and action.where in ("anywhere", "input"):
        problems.append(
            f"[keys] {action.name}: {key} could no longer be typed; expected one with Ctrl or an F-key"
        )
        return False
    if key in ARRIVES_AS:
        problems.append(f"[keys] {action.name}: {key} arrives as {ARRIVES_AS[key]} in most terminals")
    return True


def _is_character(name: str) -> bool:
    from unicodedata import lookup

    if name in REPLACED_KEYS:
        return True
    try:
        lookup(name.replace("_", " "))
    except KeyError:
        return False
    return True

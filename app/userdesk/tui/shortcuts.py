"""The keys that hold: the default ones, and the user's [keys] laid over them."""

from collections.abc import Mapping, Sequence

from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, Keys

from userdesk.domain.quoting import quoted, quoted_name
from userdesk.tui.commands import BY_ID, COMMANDS, Command, keys_of_binding

MODIFIERS = frozenset(("ctrl", "shift", "alt", "super", "hyper", "meta"))
NAMED = frozenset(key.value.rpartition("+")[2] for key in Keys if len(key.value) > 1)
ARRIVES_AS = {"ctrl+h": "Backspace", "ctrl+i": "Tab", "ctrl+m": "Enter", "ctrl+left_square_bracket": "Esc"}
"""Keys that a terminal sends as others."""
KEY_NAMES = {
    "escape": "Esc",
    "pageup": "PageUp",
    "pagedown": "PageDown",
    "slash": "/",
    "question_mark": "?",
    "plus": "+",
    "minus": "-",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


class Shortcuts:
    """The keys of every command, by its id.

    A key that the user gives to a command is taken from the command that had it; of two commands given
    the same one, the first keeps it. A command to which only unusable ones are given keeps its own.
    """

    def __init__(self, given: Mapping[str, tuple[str, ...]], commands: Sequence[Command] = COMMANDS) -> None:
        """`given` are the keys of [keys] in config.toml, by the command's id.

        `commands` are those there are; any other has no key.
        """
        self.commands = commands
        self.problems: list[str] = []
        """What is wrong with the given keys, a line each."""
        own = self._usable(given)
        self._keys = {command.id: own.get(command.id, command.keys) for command in commands}
        for command_id in filter(self._keys.__contains__, own):
            self._take_from_others(command_id, own)
        self.problems = list(dict.fromkeys(self.problems))

    def has(self, command_id: str) -> bool:
        """Whether there is such a command."""
        return command_id in self._keys

    def of(self, command_id: str) -> tuple[str, ...]:
        """The keys of a command, by Textual's names."""
        return self._keys.get(command_id, ())

    def spoken(self, command_id: str) -> str:
        """The first key of a command as people write it, `Ctrl+R`; empty where it has none."""
        return next(map(key_name, self.of(command_id)), "")

    def short(self, command_id: str) -> str:
        """The first key of a command where there is little room, `^R`; empty where it has none."""
        return next((key_name(key, short=True) for key in self.of(command_id)), "")

    def way_to(self, command_id: str) -> str:
        """How a command is done: its first key, or the palette where it has none."""
        return self.spoken(command_id) or "the palette"

    def keymap(self) -> dict[str, str]:
        """Textual's keymap for the commands whose keys are not the default ones."""
        return {
            command.id: keys_of_binding(command.id, self.of(command.id))
            for command in COMMANDS
            if self.of(command.id) != command.keys
        }

    def _usable(self, given: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        unknown = [name for name in given if name not in BY_ID]
        self.problems += [f"[keys] {quoted_name(name)}: there is no such action" for name in unknown]
        own: dict[str, tuple[str, ...]] = {}
        for name, wanted in given.items():
            if name in BY_ID:
                fitting = tuple(key for key in map(_named, wanted) if _fits(BY_ID[name], key, self.problems))
                if fitting or not wanted:  # else it keeps its own: nothing that was given can be had
                    own[name] = fitting
        return own

    def _take_from_others(self, name: str, own: Mapping[str, tuple[str, ...]]) -> None:
        place = BY_ID[name].place
        for other in self.commands:
            shared = set(self._keys[name]) & set(self._keys[other.id]) & set(own[name])
            is_heard = "anywhere" in (place, other.place) or place == other.place
            if other.id == name or not shared or not is_heard:
                continue
            winner = next(each for each in own if each in (name, other.id))
            loser = other.id if winner == name else name
            self._keys[loser] = tuple(key for key in self._keys[loser] if key not in shared)
            left = ", ".join(map(key_name, self._keys[loser])) or "only the palette"
            self.problems += [
                f"[keys] {key} is given to both {winner} and {loser}: {winner} gets it, {loser} keeps {left}"
                for key in sorted(shared)
            ]


def key_name(key: str, *, short: bool = False) -> str:
    """A key as people write it: `Ctrl+R`, or `^R` where there is little room."""
    *modifiers, last = key.split("+")
    name = KEY_NAMES.get(last, last.upper() if len(last) == 1 or last[1:].isdigit() else last.capitalize())
    if len(last) == 1 and not modifiers:
        name = last
    if short and modifiers == ["ctrl"]:
        return f"^{name}"
    return "+".join([*(modifier.capitalize() for modifier in modifiers), name])


def _named(key: str) -> str:
    """A key by the name it arrives under: `/` as `slash`."""
    modifiers, plus, last = key.rpartition("+")
    if len(last) != 1 or last.isalnum():
        return key
    from unicodedata import name  # only where somebody remaps such a key

    words = name(last, last).lower().replace("-", "_").replace(" ", "_")
    return f"{modifiers}{plus}{KEY_NAME_REPLACEMENTS.get(words, words)}"


def _fits(command: Command, key: str, problems: list[str]) -> bool:
    *modifiers, last = key.split("+")
    if not MODIFIERS.issuperset(modifiers) or not (len(last) == 1 or last in NAMED or _is_character(last)):
        shown = f"'{quoted(key)}'"
        problems.append(f"[keys] {command.id}: {shown} is not a key; expected one like ctrl+n, f6 or slash")
        return False
    is_text = not modifiers and (len(last) == 1 or last == "space" or _is_character(last))
    if is_text and command.place in ("anywhere", "input"):
        problems.append(
            f"[keys] {command.id}: {key} could no longer be typed; expected a key with Ctrl or an F-key"
        )
        return False
    if key in ARRIVES_AS:
        problems.append(f"[keys] {command.id}: {key} arrives as {ARRIVES_AS[key]} in most terminals")
    return True


def _is_character(name: str) -> bool:
    from unicodedata import lookup

    if name in REPLACED_KEYS:
        return True
    try:
        return lookup(name.replace("_", " ")).isprintable()  # Unicode has names for Esc and Tab, too
    except KeyError:
        return False

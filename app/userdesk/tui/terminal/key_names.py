"""The framework's names of characters and keys, alone and with modifiers."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import _character_to_key


class Press(NamedTuple):
    """A key that was pressed: what an `events.Key` is made of."""

    key: str
    character: str | None


ESCAPE = Press("escape", "\x1b")


@lru_cache(maxsize=4096)
def press_of(character: str) -> Press | None:
    """The key of one character as a terminal sends it; None for those that no key sends (C1 controls)."""
    if "\x80" <= character <= "\x9f":
        return None
    known = ANSI_SEQUENCES_KEYS.get(character)
    if isinstance(known, tuple):
        return Press(known[0].value, character)
    return Press(_character_to_key(character), character)


def with_modifiers(key: str, modifiers: Iterable[str]) -> str:
    """The name of a key with modifiers added to those it has, in the framework's order."""
    *present, name = key.split("+")
    return "+".join([*sorted({*present, *modifiers}), name])


def with_alt(press: Press) -> tuple[Press, ...]:
    """What a key with Alt is, where Alt arrives as an Escape before it.

    A letter is a key of its own and no text. The space stays one, as who holds AltGr a little too long
    means it, and Enter stays Enter. Escape before a control is both keys: they came in one read.
    """
    key, character = press
    if character is None:
        return (Press(with_modifiers(key, ("alt",)), None),)
    if key == "tab":
        return (Press("shift+tab", None),)  # the Linux console
    if key == "backspace":
        return (Press("alt+backspace", None),)
    if key in ("space", "enter"):
        return (press,)
    if character < " ":
        return ESCAPE, press
    if len(key) == 1 and key.isupper() and len(key.lower()) == 1:
        return (Press(f"alt+shift+{key.lower()}", None),)
    return (Press(f"alt+{key}", None),)

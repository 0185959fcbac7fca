"""Keys by the framework's names, and the control and SS3 sequences that mean them.

Those of xterm, rxvt, the Linux console, mintty, kitty:
https://sw.kovidgoyal.net/kitty/keyboard-protocol/ and xterm's modifyOtherKeys say a key by a number, its
modifiers and, in kitty, the text it makes. What they do not cover is in the framework's own table.
"""

import os
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS, MODIFIER_FUNCTIONAL_KEYS
from textual.keys import _character_to_key


class Press(NamedTuple):
    """A key that was pressed: what an `events.Key` is made of."""

    key: str
    character: str | None


ESCAPE = Press("escape", "\x1b")


@lru_cache(maxsize=4096)
def press_of(character: str) -> Press:
    """The key of one character as a terminal sends it."""
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
    if character is None or key == "backspace":
        return (Press(with_modifiers(key, ("alt",)), None),)
    if key == "tab":
        return (Press("shift+tab", None),)  # the Linux console
    if key in ("space", "enter"):
        return (press,)
    if character < " ":
        return ESCAPE, press
    if len(key) == 1 and key.isupper() and len(key.lower()) == 1:
        return (Press(f"alt+shift+{key.lower()}", None),)
    return (Press(f"alt+{key}", None),)


_SHIFT, _ALT, _CTRL = 1, 2, 4
_MODIFIERS = {1: "shift", 2: "alt", 4: "ctrl", 8: "super", 16: "hyper", 32: "meta"}
_CAPS_LOCK = 64
_RELEASE = "3"

_SILENT = MODIFIER_FUNCTIONAL_KEYS | {"caps_lock", "scroll_lock", "num_lock"}
"""Keys that do nothing by themselves; kitty reports them as all others."""
_CHARACTERS = {"escape": "\x1b", "enter": "\r", "tab": "\t", "backspace": "\x7f"}
_KEYPAD = dict(
    zip(("decimal", "divide", "multiply", "subtract", "add", "equal", "separator"), "./*-+=,", strict=True)
)
_KEYPAD_SS3 = {"X": "=", "l": ",", " ": " ", "I": "\t"} | dict(
    zip("jkmnopqrstuvwxy", "*+-./0123456789", strict=True)
)
_ARROWS_RXVT = {"a": "up", "b": "down", "c": "right", "d": "left"}
_MODIFIED_RXVT = {"$": ("shift",), "^": ("ctrl",), "@": ("ctrl", "shift")}
_NUMBERED = re.compile(r"(\d{1,3})?(?:;(\d{1,3})?(?::(\d))?)?")
_UNICODE = re.compile(r"(\d{0,7})(?::(\d{0,7}))?(?::(\d{0,7}))?(?:;(\d{0,3})(?::(\d))?)?(?:;([\d:]*))?")
_PRIVATE = range(57344, 63744)  # the numbers that the protocol gives to keys without a character
# Which key of a Latin keyboard stands where a letter of another alphabet was pressed, for terminals that
# report a shortcut by its letter alone. Only layouts that practically everybody of an alphabet has: a wrong
# guess would do something that nobody asked for.
_RUSSIAN = dict(zip("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`", strict=True))
_UKRAINIAN = {"ї": "]", "є": "'", "ґ": "\\"}  # і stands elsewhere on Belarusian keyboards
_GREEK = dict(zip("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm", strict=True))
_HEBREW = dict(zip("קראטוןםפשדגכעיחלךףזסבהנמצתץ", "ertyuiopasdfghjkl;zxcvbnm,.", strict=True))
_OTHER_CYRILLIC = ("bg", "bs", "mk", "mn", "sr")
"""Languages whose Cyrillic keyboards are laid out in another way."""


def _latin_keys() -> dict[str, str]:
    """Letter → key of a Latin keyboard, as far as the user's locale does not speak against it."""
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_CTYPE", "LANG"))), "")
    is_other = locale.lower().startswith(_OTHER_CYRILLIC)
    return _GREEK | _HEBREW if is_other else _GREEK | _HEBREW | _RUSSIAN | _UKRAINIAN


_LATIN = _latin_keys()


@lru_cache(maxsize=1024)
def control_sequence_keys(body: str, final: str) -> tuple[Press, ...] | None:
    """The keys that CSI, `body` and `final` say; none for one that does nothing, None where it is no key."""
    if final == "u":
        keys = _unicode_keys(body)
    elif final in "~$^@":
        keys = _numbered_keys(body, final)
    elif final in "abcd" and not body:
        keys = (Press(with_modifiers(_ARROWS_RXVT[final], ("shift",)), None),)
    elif final in "ABCDEFHPQRSZ":
        keys = _lettered_keys(body, final)
    else:
        keys = None
    return _tabled(f"\x1b[{body}{final}") if keys is None else keys


@lru_cache(maxsize=128)
def ss3_keys(modifiers: str, final: str) -> tuple[Press, ...] | None:
    """The keys of ESC O, `modifiers` (digits, mostly none) and `final`; None where it is no key."""
    if final in _KEYPAD_SS3:
        return (press_of(_KEYPAD_SS3[final]),)
    if final in _ARROWS_RXVT:
        return (Press(with_modifiers(_ARROWS_RXVT[final], ("ctrl",)), None),)
    if final == "M":
        return (Press("enter", "\r"),)
    return _lettered_keys("1;" + modifiers.rpartition(";")[2] if modifiers else "", final)


def _lettered_keys(body: str, final: str) -> tuple[Press, ...] | None:
    """Arrows, Home, End, F1 to F4 and Tab backwards: `[;modifiers[:event]]` before a letter.

    A cursor position that nobody asked for looks like F3 with modifiers where it is in the first row, at
    columns 2 to 16. It is taken for the key, which does nothing unless a user gave it something to do.
    """
    name = "shift+tab" if final == "Z" else FUNCTIONAL_KEYS.get(f"1{final}")
    match = _NUMBERED.fullmatch(body)
    if name is None or match is None:
        return None
    number, modifiers, event = match.groups()
    if modifiers is None and number not in (None, "1"):  # rxvt and old xterm: CSI 5 C
        number, modifiers = None, number
    if number not in (None, "1") or (final == "R" and not 2 <= int(modifiers or "2") <= 16):
        return None
    if name == "kp_begin" and not modifiers:
        return ()  # the 5 of a keypad that is used for arrows
    return _functional(name, modifiers, event)


def _numbered_keys(body: str, final: str) -> tuple[Press, ...] | None:
    """`number[;modifiers[:event]]~`, rxvt's other endings, and modifyOtherKeys: `27;modifiers;code~`."""
    if final == "~" and (other := re.fullmatch(r"27;(\d{1,3});(\d{1,7})", body)):
        return _unicode_keys(f"{other[2]};{other[1]}")
    match = _NUMBERED.fullmatch(body)
    if match is None or not match[1]:
        return None
    number, modifiers, event = match.groups()
    name = FUNCTIONAL_KEYS.get(f"{number}~")
    if name is None:
        if not (known := _tabled(f"\x1b[{number}~")):
            return None
        name = known[0].key
    if final != "~":
        return (Press(with_modifiers(name, _MODIFIED_RXVT[final]), None),) if modifiers is None else None
    return _functional(name, modifiers, event)


def _functional(name: str, modifiers: str | None, event: str | None) -> tuple[Press, ...] | None:
    held = _held(modifiers)
    if held is None:
        return None
    if event == _RELEASE:
        return ()
    return (Press(with_modifiers(name, _names(held)), None),)


def _unicode_keys(body: str) -> tuple[Press, ...] | None:
    """kitty's `code[:shifted[:base]][;modifiers[:event]][;text]u`, the text as code points."""
    match = _UNICODE.fullmatch(body)
    if match is None:
        return None
    code, shifted, base, modifiers, event, text = match.groups()
    held = _held(modifiers)
    if held is None:
        return None
    if event == _RELEASE:
        return ()
    typed = [each for point in (text or "").split(":") if (each := _character(point))]
    # Ctrl with Alt is how AltGr comes from some systems; the text says what was meant.
    if typed and (not held & ~(_SHIFT | _ALT | _CAPS_LOCK | 128) or held & (_CTRL | _ALT) == _CTRL | _ALT):
        return tuple(map(press_of, typed))
    if name := FUNCTIONAL_KEYS.get("127u" if code == "8" else f"{code}u"):
        return _functional_character(name, held)
    character = _character(code)
    if character is None or ord(character) in _PRIVATE:
        return None
    if not held & ~(_SHIFT | _CAPS_LOCK | 128):
        return _typed(character, _character(shifted), held)
    return (Press(_shortcut(character, _character(base), held), None),)


def _functional_character(name: str, held: int) -> tuple[Press, ...]:
    """A functional key that kitty says by a number of its own."""
    if name in _SILENT:
        return ()
    names = _names(held)
    if len(character := _KEYPAD.get(name, name)) == 1:  # the keypad's digits have no other names
        press = press_of(character)
        if set(names) <= {"shift"}:
            return (press,)
        name = press.key
    return (Press(with_modifiers(name, names), None if names else _CHARACTERS.get(name)),)


def _typed(character: str, shifted: str | None, held: int) -> tuple[Press, ...]:
    """A key that makes text, from a terminal that does not say which."""
    if held & _SHIFT and shifted:
        character = shifted
    elif bool(held & _SHIFT) != bool(held & _CAPS_LOCK) and len(character.upper()) == 1:
        character = character.upper()
    return (press_of(character),)


def _shortcut(character: str, base: str | None, held: int) -> str:
    """The name of a letter with Ctrl or its like; of other alphabets, of the key it stands on."""
    character = character.lower() if len(character.lower()) == 1 else character
    if not character.isascii():
        character = base if base and base.isascii() else _LATIN.get(character, character)
    return with_modifiers(press_of(character).key, _names(held))


def _held(modifiers: str | None) -> int | None:
    """The modifiers' bits; None where there are no such."""
    number = int(modifiers or "1")
    return number - 1 if 1 <= number <= 256 else 0 if number == 0 else None


def _names(held: int) -> list[str]:
    return [name for bit, name in _MODIFIERS.items() if held & bit]


def _character(code: str | None) -> str | None:
    """A code point's character; None where it is none, or no text."""
    number = int(code or "0")
    no_text = number < 0x20 or 0x7F <= number <= 0x9F or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF
    return None if no_text else chr(number)


def _tabled(sequence: str) -> tuple[Press, ...] | None:
    """What the framework's own table makes of a whole sequence."""
    known = ANSI_SEQUENCES_KEYS.get(sequence)
    if not isinstance(known, tuple) or known[0].value.startswith("<"):
        return None
    *escape, key = known
    press = Press(key.value, None)
    return with_alt(press) if escape else (press,)

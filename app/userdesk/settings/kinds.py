"""The types of settings: what a value in config.toml, a variable or a flag must be, and what was expected."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")

_LONGEST_WAIT = 86_400.0  # s
_TYPES = {bool: "true or false", str: "text", int: "a whole number", float: "a number", dict: "a table"}


class Kind(Generic[T]):
    """A type of setting.

    `check` turns a TOML value into the setting's; `parse` does so with the text of a variable or a flag.
    Both raise ValueError with words on what was expected. `choices` are all values, where they are few;
    `unit` is that of a number.
    """

    def __init__(
        self,
        check: Callable[[object], T],
        parse: Callable[[str], T] | None = None,
        *,
        choices: tuple[str, ...] = (),
        unit: str = "",
    ) -> None:
        self.check = check
        self.parse: Callable[[str], T] = parse or check
        self.choices = choices
        self.unit = unit


def found_kind(value: object) -> str:
    """The type of a TOML value, in words."""
    if isinstance(value, list):
        return "a list of tables ([[…]])" if value and isinstance(value[0], dict) else "a list"
    return _TYPES.get(type(value), "a date or time")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected text in quotes, found {found_kind(value)}")
    return value.strip()


def _filled(value: object) -> str:
    if not (text := _text(value)):
        raise ValueError("expected text, found none")
    return text


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, found {found_kind(value)}")
    return value


def _seconds(value: object) -> float:
    expected = "expected a number of seconds above 0, at most a day"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{expected}, found {found_kind(value)}")
    if not 0 < value <= _LONGEST_WAIT:
        raise ValueError(expected)
    return float(value)


def _parsed_seconds(text: str) -> float:
    try:
        return _seconds(float(text))
    except ValueError:
        return _seconds(text)


def _variable(value: object) -> str:
    if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", text := _filled(value)):
        raise ValueError("expected the name of an environment variable")
    return text


def _key_names(value: object) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise ValueError(f'expected a key such as "ctrl+n" or a list of keys, found {found_kind(value)}')
    if not all(isinstance(part, str) for part in parts):
        raise ValueError('expected keys in quotes, such as ["ctrl+n", "f6"]')
    return tuple(key for part in parts if (key := part.strip()))


def checked_base_url(text: str) -> str:
    """The base URL without a trailing slash; raises ValueError with words on what was expected."""
    from urllib.parse import urlsplit  # 3 ms that a start without a base URL need not spend

    expected = "expected an address such as https://api.example.com"
    text = text.strip()
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or not text.isprintable() or " " in text:
        raise ValueError(expected)
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{expected}, without a user name or password")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise ValueError(f"{expected}, without ? or #")
    return text.rstrip("/")


def one_of(*words: str) -> Kind[str]:
    """A word out of few."""

    def check(value: object) -> str:
        if value not in words:
            raise ValueError("expected one of " + ", ".join(f'"{word}"' for word in words))
        return str(value)

    return Kind(check, choices=words)


TEXT = Kind(_filled, str)
TEXT_OR_NONE = Kind(_text, str)
SWITCH = Kind(_switch, lambda text: _switch({"true": True, "false": False}.get(text, text)))
SECONDS = Kind(_seconds, _parsed_seconds, unit="s")
PATH = Kind(lambda value: Path(_filled(value)), Path)
BASE_URL = Kind(lambda value: checked_base_url(_filled(value)))
VARIABLE = Kind(_variable)
SHORTCUTS = Kind(_key_names)
"""Keys of the keyboard, as a list or separated by commas."""

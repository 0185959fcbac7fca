"""Reads config.toml; what can't be read is told, never raised."""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from userdesk.settings.lines import KeyLines
from userdesk.settings.model import Problem

_PLACE = r" \(at (?:line (\d+), column \d+|end of document)\)$"
_LARGEST = 4_000_000  # bytes; nobody writes such a file by hand, and parsing it would block the start


_NO_LINES = KeyLines("")


class ConfigFile(NamedTuple):
    """What config.toml holds, before any of it is checked."""

    path: Path
    tables: Mapping[str, object] = MappingProxyType({})
    lines: KeyLines = _NO_LINES
    private: bool = False
    """Whether nobody but its owner can read it, so that it may hold a key."""
    problem: Problem | None = None
    """Why it could not be read as TOML; it must then not be written to."""


def read_config(path: Path, *, must_exist: bool = False) -> ConfigFile:
    """Read the file; a missing one is an empty one, unless the user named it with a flag."""
    try:
        with path.open("rb") as file:
            private = _is_private(os.fstat(file.fileno()))
            raw = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return _unread(path, "there is no such file") if must_exist else ConfigFile(path)
    except OSError as error:
        return _unread(path, f"could not be read: {error.strerror or error}")
    except ValueError:  # a NUL in the name
        return _unread(path, "is no file name")
    if len(raw) > _LARGEST:
        return _unread(path, "is too large for a configuration file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unread(path, "expected UTF-8 text", line)
    return _parse(path, text, private)


def _parse(path: Path, text: str, private: bool) -> ConfigFile:
    if not text.strip():
        return ConfigFile(path, private=private)
    import tomllib

    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words = str(error)
        place = re.search(_PLACE, words)
        line = int(place[1]) if place and place[1] else text.count("\n") + (not text.endswith("\n"))
        return _unread(path, f"expected TOML: {words[: place.start()] if place else words}", line)
    except RecursionError:
        return _unread(path, "expected TOML: nested too deeply")
    return ConfigFile(path, tables, KeyLines(text), private)


def _unread(path: Path, words: str, line: int | None = None) -> ConfigFile:
    return ConfigFile(path, problem=Problem(words, path, line, grave=True))


def _is_private(status: os.stat_result) -> bool:
    if os.name == "nt":  # permission bits say nothing there; a user's profile is private by default
        return True
    return status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077

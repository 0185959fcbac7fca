"""Reads config.toml; what can't be read is told, never raised."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from userdesk.files.toml_lines import TomlLines
from userdesk.files.toml_text import parse_toml
from userdesk.files.user_files import MissingFile, UnreadableFile, decode_text, read_user_file
from userdesk.settings.model import Problem

_LARGEST = 4_000_000  # bytes; nobody writes such a file by hand, and parsing it would block the start


class ConfigFile(NamedTuple):
    """What config.toml holds, before any of it is checked."""

    path: Path
    tables: Mapping[str, object] = MappingProxyType({})
    lines: TomlLines = TomlLines("")
    private: bool = False
    """Whether nobody but its owner can read it, so that it may hold a key."""
    problem: Problem | None = None
    """Why it could not be read as TOML; it must then not be written to."""


def read_config(path: Path, *, must_exist: bool = False) -> ConfigFile:
    """Read the file; a missing one is an empty one, unless the user named it."""
    try:
        raw, status = read_user_file(path, largest=_LARGEST)
        text = decode_text(raw)
        private = _is_private(status)
        if not text.strip():
            return ConfigFile(path, private=private)
        return ConfigFile(path, parse_toml(text), TomlLines(text), private)
    except UnreadableFile as error:
        if isinstance(error, MissingFile) and not must_exist:
            return ConfigFile(path)
        return ConfigFile(path, problem=Problem(str(error), path, error.line, grave=True, fatal=True))


def _is_private(status: os.stat_result) -> bool:
    if os.name == "nt":  # permission bits say nothing there; a user's profile is private by default
        return True
    return status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077

"""The program's own dark and light theme; Textual's are there as well."""

import os
from collections.abc import Container
from pathlib import Path

from textual.color import Color, ColorParseError
from textual.theme import Theme

from userdesk.domain.quoting import quoted
from userdesk.files.toml_lines import TomlLines
from userdesk.files.toml_text import parse_toml
from userdesk.files.user_files import UnreadableFile, decode_text, read_user_file

# Grounds of little colour: a terminal of 256 colours has greys between which they are told apart.
DARK = Theme(
    name="userdesk-dark",
    primary="#7aa2f7",
    secondary="#9d8cff",
    accent="#5fd7c4",
    foreground="#d5d9e6",
    background="#121316",
    surface="#202125",
    panel="#2c2e33",
    success="#7fd88f",
    warning="#e5b567",
    error="#ff7a85",
    dark=True,
)
LIGHT = Theme(
    name="userdesk-light",
    primary="#2f5fd0",
    secondary="#6a4fd6",
    accent="#007f73",
    foreground="#24283a",
    background="#fbfbfd",
    surface="#e6e7eb",
    panel="#d6d8de",
    success="#1c7c3a",
    warning="#8a5a00",
    error="#c0263a",
    dark=False,
)
THEMES = (DARK, LIGHT)
_LARGEST = 1_000_000  # bytes of a theme file
COLOURS = "primary secondary accent foreground background surface panel success warning error boost"


def user_themes(folder: Path, troubles: list[str]) -> list[Theme]:
    """The themes a user keeps as TOML files: a name, `primary`, and whichever other colours.

    What can't be read is told in `troubles` and left out.
    """
    themes = []
    for path in sorted(folder.glob("*.toml")) if os.path.isdir(folder) else ():
        try:
            themes.append(_theme(path))
        except UnreadableFile as error:
            troubles.append(error.located(path))
    return themes


def _theme(path: Path) -> Theme:
    """Raises UnreadableFile."""
    text = decode_text(read_user_file(path, largest=_LARGEST).data)
    values = parse_toml(text)
    colours: dict[str, str] = {}
    for name in COLOURS.split():
        if name not in values:
            continue
        value = values[name]
        try:
            Color.parse(value)
        except (ColorParseError, TypeError, AttributeError):
            shown = quoted(value) if isinstance(value, str) else "something else"
            expected = f'{name}: expected a colour such as "#7aa2f7", found {shown}'
            raise UnreadableFile(expected, TomlLines(text).line(name)) from None
        colours[name] = value
    if "primary" not in colours:
        raise UnreadableFile('expected primary = "#7aa2f7", or another colour')
    dark = values.get("dark", True)
    if not isinstance(dark, bool):
        raise UnreadableFile("dark: expected true or false", TomlLines(text).line("dark"))
    return Theme(name=path.stem, dark=dark, **colours)  # type: ignore[arg-type]


def unknown_theme(chosen: str | None, known: Container[str]) -> list[str]:
    """What to tell where the settings name a theme that is not there."""
    return [f"theme: there is no theme called '{quoted(chosen)}'"] if chosen and chosen not in known else []

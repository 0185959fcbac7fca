"""The program's own dark and light theme; Textual's are there as well."""

import tomllib
from collections.abc import Container
from pathlib import Path

from textual.color import Color, ColorParseError
from textual.theme import Theme

DARK = Theme(
    name="userdesk-dark",
    primary="#7aa2f7",
    secondary="#9d8cff",
    accent="#5fd7c4",
    foreground="#d5d9e6",
    background="#12141c",
    surface="#171a24",
    panel="#1f2330",
    success="#7fd88f",
    warning="#e5b567",
    error="#ff7a85",
    dark=True,
    variables={
        "footer-key-foreground": "#5fd7c4",
        "input-selection-background": "#7aa2f7 30%",
    },
)
LIGHT = Theme(
    name="userdesk-light",
    primary="#2f5fd0",
    secondary="#6a4fd6",
    accent="#007f73",
    foreground="#24283a",
    background="#fbfbfd",
    surface="#f3f4f8",
    panel="#e7e9f1",
    success="#1c7c3a",
    warning="#8a5a00",
    error="#c0263a",
    dark=False,
    variables={
        "footer-key-foreground": "#007f73",
        "input-selection-background": "#2f5fd0 25%",
    },
)
THEMES = (DARK, LIGHT)
COLOURS = [
    "primary",
    "secondary",
    "accent",
    "foreground",
    "background",
    "surface",
    "panel",
    "success",
    "warning",
    "error",
    "boost",
]


def user_themes(folder: Path, troubles: list[str]) -> list[Theme]:
    """The themes a user keeps as TOML files: a name, `primary`, and whichever other colours.

    What can't be read is told in `troubles` and left out.
    """
    themes = []
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            values = tomllib.loads(path.read_text("utf-8"))
            colours = {key: str(values[key]) for key in COLOURS if key in values}
            for colour in colours.values():
                Color.parse(colour)
            themes.append(Theme(name=path.stem, dark=bool(values.get("dark", True)), **colours))  # type: ignore[arg-type]
        except (OSError, ValueError, TypeError, ColorParseError) as error:
            troubles.append(f"{path}: not a theme: {error}")
    return themes


def unknown_theme(chosen: str | None, known: Container[str]) -> list[str]:
    """What to tell where the settings name a theme that is not there."""
    return [f"theme: there is no theme called {chosen!r}"] if chosen and chosen not in known else []


def shades(theme: Theme) -> dict[str, str]:
    """Quieter shades of a theme's text, for whatever theme is chosen: `$dim`, `$faint`, `$line`."""
    text = Color.parse(theme.foreground or ("#e0e0e0" if theme.dark else "#1f1f1f"))
    ground = Color.parse(theme.background or ("#121212" if theme.dark else "#efefef"))
    return {
        # The same share of a dark ground takes less contrast away than of a light one.
        "dim": text.blend(ground, 0.3 if theme.dark else 0.22).hex,
        "faint": text.blend(ground, 0.45 if theme.dark else 0.36).hex,
        "line": text.blend(ground, 0.78).hex,
    }

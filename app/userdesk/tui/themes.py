"""The program's own dark and light theme, those of the user, and colours that can be read in any."""

import os
from collections.abc import Container, Iterable, Mapping
from pathlib import Path

from textual.color import Color, ColorParseError
from textual.theme import Theme

from userdesk.domain.quoting import quoted
from userdesk.files.toml_lines import TomlLines
from userdesk.files.toml_text import parse_toml
from userdesk.files.user_files import UnreadableFile, decode_text, read_user_file

# Grounds of little colour, and dark text: a terminal of 256 colours has greys for them.
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
    foreground="#272a31",
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
    return [f"theme: there is no theme named '{quoted(chosen)}'"] if chosen and chosen not in known else []


# Ratios and luminance as WCAG 2.2 defines them (1.4.3, 1.4.11).
TEXT = 4.5
"""Least contrast of text with each ground it may stand on."""
LINES = 2.0
"""Least contrast of rules and borders with the page."""
GROUNDS = 1.15
"""Least contrast between two grounds."""
TEXTS = ("foreground", "primary", "secondary", "accent", "success", "warning", "error")
STEPS = 50
"""A colour moves towards white or black by this fraction at a time."""
WHITE, BLACK = Color(255, 255, 255), Color(0, 0, 0)


def readable(theme: Mapping[str, str]) -> dict[str, str]:
    """What to put over a theme's variables: grounds, colours of text, and our own shades of them.

    `$dim` and `$faint` are quieter text, `$line` is for rules and borders, `$match` is the ground of what was
    found. Colours that are the terminal's own (the ansi themes) have no known contrast and stay.
    """
    given = {name: Color.parse(theme[name]) for name in (*TEXTS, "background", "surface", "panel")}
    if any(colour.ansi is not None for colour in given.values()):
        text, ground = given["foreground"], given["background"]
        shades = {"dim": text, "faint": text, "line": text.blend(ground, 0.5), "match": given["warning"]}
        return {name: colour.css for name, colour in shades.items()}
    page = given["background"]
    far = WHITE if luminance(page) < 0.18 else BLACK  # from a middle grey either is as far
    raised = moved(given["surface"], far, [page], GROUNDS)
    chosen = moved(given["panel"], far, [page, raised], GROUNDS)
    grounds = [page, raised, chosen]
    texts = {name: moved(given[name], far, grounds, TEXT) for name in TEXTS}
    text, primary, warning = texts["foreground"], texts["primary"], texts["warning"]
    dim = moved(text.blend(page, 0.3), text, grounds, TEXT)
    cursor = moved(chosen.blend(primary, 0.3), page, [dim], TEXT)
    selection = moved(page.blend(primary, 0.4), page, [text], TEXT)
    variables = {
        "background": page,
        "surface": raised,
        "panel": chosen,
        **texts,
        "dim": dim,
        "faint": moved(text.blend(page, 0.45), text, grounds, TEXT),
        "line": moved(page.blend(text, 0.2), text, [page], LINES),
        "match": moved(warning.blend(page, 0.3), warning, [page], TEXT),
        "block-cursor-background": primary,
        "block-cursor-foreground": page,
        "block-cursor-blurred-background": cursor,
        "block-cursor-blurred-foreground": text,
        "footer-key-foreground": texts["accent"],
        "input-cursor-background": text,
        "input-cursor-foreground": page,
        "input-selection-background": selection,
        "input-selection-foreground": text,
        "screen-selection-background": selection,
        "screen-selection-foreground": text,
    }
    return {name: colour.hex for name, colour in variables.items()}


def moved(colour: Color, towards: Color, others: Iterable[Color], ratio: float) -> Color:
    """The colour nearest to this one, on the way to another, that has this contrast with all others."""
    luminances = [luminance(other) for other in others]
    for step in range(STEPS + 1):
        nearer = colour.blend(towards, step / STEPS)
        own = luminance(nearer)
        if all((max(own, other) + 0.05) / (min(own, other) + 0.05) >= ratio for other in luminances):
            return nearer
    return towards


def luminance(colour: Color) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

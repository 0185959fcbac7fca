"""Colours of a theme moved until text can be read and grounds are told apart, whatever theme is chosen.

Ratios and luminance as WCAG 2.2 defines them (1.4.3, 1.4.11).
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from textual.color import Color

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
    return _readable(tuple((name, theme[name]) for name in (*TEXTS, "background", "surface", "panel")))


@lru_cache(maxsize=4)
def _readable(colours: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Asked for several times while the program starts."""
    given = {name: Color.parse(colour) for name, colour in colours}
    if any(colour.ansi is not None for colour in given.values()):
        return _of_the_terminal(given)
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


def _of_the_terminal(given: Mapping[str, Color]) -> dict[str, str]:
    text, ground = given["foreground"], given["background"]
    shades = {"dim": text, "faint": text, "line": text.blend(ground, 0.5), "match": given["warning"]}
    return {name: colour.css for name, colour in shades.items()}


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

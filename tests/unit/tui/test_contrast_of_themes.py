"""Text can be read on every ground, and grounds are told apart, in every theme that is offered."""

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from userdesk.tui.themes import GROUNDS, LINES, TEXT, THEMES, luminance, moved, readable

GROUND_NAMES = ("background", "surface", "panel")
TEXT_NAMES = ("foreground", "primary", "secondary", "accent", "success", "warning", "error", "dim", "faint")
OWN_GREY = Theme(name="grey", primary="#777777", background="#808080", dark=True)
OFFERED = [theme for theme in (*THEMES, *BUILTIN_THEMES.values()) if not theme.name.startswith("ansi")]


def colours_of(theme: Theme) -> dict[str, Color]:
    variables = theme.to_color_system().generate()
    return {name: Color.parse(value) for name, value in readable(variables).items()}


def ratio(one: Color, other: Color) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", OFFERED, ids=lambda theme: theme.name)
def test_text_is_readable_and_grounds_are_told_apart(theme: Theme) -> None:
    colours = colours_of(theme)
    grounds = [colours[name] for name in GROUND_NAMES]
    for name in TEXT_NAMES:
        assert all(ratio(colours[name], ground) > TEXT - 0.1 for ground in grounds), name
    for at, ground in enumerate(grounds):
        assert all(ratio(ground, other) > GROUNDS - 0.01 for other in grounds[:at])
    assert ratio(colours["line"], colours["background"]) > LINES - 0.05
    for kind in ("input", "screen"):
        selected, ground = (colours[f"{kind}-selection-{part}"] for part in ("foreground", "background"))
        assert ratio(selected, ground) > TEXT - 0.1


def test_colours_that_can_be_read_stay() -> None:
    for theme in THEMES:
        colours = colours_of(theme)
        assert all(ratio(colours[name], Color.parse(getattr(theme, name))) < 1.01 for name in GROUND_NAMES)


def test_a_grey_page_is_readable_too() -> None:
    colours = colours_of(OWN_GREY)
    assert ratio(colours["foreground"], colours["background"]) > TEXT - 0.1


def test_colours_of_the_terminal_stay_its_own() -> None:
    variables = BUILTIN_THEMES["ansi-dark"].to_color_system().generate()
    assert "background" not in readable(variables)


@pytest.mark.parametrize(("colour", "expected"), [("#000000", 0.0), ("#ffffff", 1.0), ("#ff0000", 0.2126)])
def test_luminance_is_that_of_wcag(colour: str, expected: float) -> None:
    assert luminance(Color.parse(colour)) == pytest.approx(expected)


def test_a_colour_moves_no_further_than_it_must() -> None:
    page, white = Color.parse("#000000"), Color.parse("#ffffff")
    assert moved(Color.parse("#bbbbbb"), white, [page], 4.5) == Color.parse("#bbbbbb")
    assert 4.5 <= ratio(moved(Color.parse("#333333"), white, [page], 4.5), page) < 5

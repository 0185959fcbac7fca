"""The exported page gives Markdown and code the look that the screen gives them."""

import re
from pathlib import Path

import pytest
from rich.style import Style

import userdesk
from userdesk.export.looks import looks
from userdesk.markdown.layout.rows import STYLES
from userdesk.tui.themes import DARK, LIGHT, TEXTS, readable

PACKAGE = Path(userdesk.__file__).parent
SCREEN = (PACKAGE.parents[1] / "styles" / "2_message_log.tcss").read_text("utf-8")
PAGE = (PACKAGE / "export" / "page.css").read_text("utf-8")
DECLARATIONS = {
    "bold": "font-weight: bold",
    "italic": "font-style: italic",
    "underline": "text-decoration: underline",
    "strike": "text-decoration: line-through",
}
OWN = {"mark"}
"""What a page has its own way for."""


def on_screen(name: str) -> set[str]:
    found = set()
    for what, value in re.findall(r"([\w-]+): (.*?);", _rules(rf"\.log--{name} ", SCREEN)):
        if what == "text-style":
            found |= {DECLARATIONS[word] for word in value.split()}
        else:
            found.add(f"{what}: var(--{value[1:]})")
    return found


def on_page(name: str) -> set[str]:
    return set(re.findall(r"[\w-]+: .*?(?=;)", _rules(rf"(?:\.[\w-]+, )*\.{name}(?:, [^{{]+)? ", PAGE)))


def _rules(selector: str, sheet: str) -> str:
    return " ".join(re.findall(rf"^{selector}\{{(.*?)\}}", sheet, re.MULTILINE))


@pytest.mark.parametrize("name", sorted(STYLES - OWN))
def test_a_style_looks_the_same_on_the_page(name: str) -> None:
    assert on_page(name) == on_screen(name) != set()


def test_colours_are_those_that_the_screen_makes_of_its_themes() -> None:
    light, _, dark = PAGE.partition("@media screen")
    for sheet, theme in ((light, LIGHT), (dark, DARK)):
        names = (*TEXTS, "background", "surface", "panel")
        shown = readable({name: getattr(theme, name) for name in names})
        on_page = dict(re.findall(r"--(\w+): (#\w{6});", sheet))
        assert on_page == {name: shown[name].lower() for name in (*names, "dim", "faint", "line")}


def test_recordings_have_the_looks_of_the_page() -> None:
    assert set(STYLES) <= set(looks())
    assert looks()["heading1"] == Style.parse("bold underline #5fd7c4")
    assert looks()["user"] == Style.parse("on #2c2e33")
    assert looks()["strike"] == Style.parse("strike")

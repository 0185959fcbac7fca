"""How the exported page looks, for what is no page: its colours and styles as a terminal has them."""

import re
from functools import cache
from importlib.resources import files

from rich.style import Style

_DECLARATIONS = {
    "font-weight: bold": "bold",
    "font-style: italic": "italic",
    "text-decoration: underline": "underline",
    "text-decoration: line-through": "strike",
}


def stylesheet() -> str:
    """The page's own."""
    return (files("userdesk.export") / "page.css").read_text("utf-8")


@cache
def colours() -> dict[str, str]:
    """The dark theme's, as `#rrggbb` by their names."""
    return dict(re.findall(r"--(\w+): (#\w{6});", stylesheet()))  # dark ones stand behind the light ones


@cache
def looks() -> dict[str, Style]:
    """The style of each class of the page, in the dark theme."""
    found: dict[str, Style] = {}
    for names, rules in re.findall(r"^(\.[\w-]+(?:, \.[\w-]+)*) \{(.*?)\}", stylesheet(), re.MULTILINE):
        ground = re.search(r"background: var\(--(\w+)\)", rules)
        colour = re.search(r"(?<!-)color: var\(--(\w+)\)", rules)
        words = [word for declaration, word in _DECLARATIONS.items() if declaration in rules]
        style = Style.parse(" ".join(words)) + Style(
            color=colours()[colour[1]] if colour else None,
            bgcolor=colours()[ground[1]] if ground else None,
        )
        for name in names.split(", "):
            found[name[1:]] = found.get(name[1:], Style()) + style
    return found

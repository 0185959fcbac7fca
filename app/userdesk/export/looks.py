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
    """The exported page's."""
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
        words = [word for declaration, word in _DECLARATIONS.items() if declaration in rules]
        for what, name in re.findall(r"(?<!-)(color|background): var\(--(\w+)\)", rules):
            words += ["on"] * (what == "background") + [colours()[name]]
        style = Style.parse(" ".join(words))
        for name in names.split(", "):
            found[name[1:]] = found.get(name[1:], Style()) + style
    return found

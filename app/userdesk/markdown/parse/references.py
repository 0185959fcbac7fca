"""Link reference definitions and the destinations and titles of links."""

import html
import re
from html.entities import html5
from typing import NamedTuple

PUNCTUATION = r"""!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~"""
_ESCAPED = re.compile(
    rf"\\([{PUNCTUATION}])|(&(?:#\d{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});)"
)
_ANGLED = re.compile(r"<((?:[^<>\n\\]|\\.)*)>")
_PLAIN_ADDRESS = re.compile(r"(?:[^\x00-\x20\x7f()\\]|\\[^ \n]?)*")
_DEEPEST = 32  # pairs of parentheses within one another, as CommonMark allows to limit them
_TITLE = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|\((?:[^()\\]|\\.)*\)', re.S)
_SPACE = re.compile(r"[ \t]*(?:\n[ \t]*)?")
_LINE_END = re.compile(r"[ \t]*(?:\n|$)")
_DEFINITION = re.compile(r" {0,3}\[((?:[^\[\]\\]|\\.){1,999})\]:", re.S)
LABEL_LIMIT = 999  # CommonMark, link labels

References = dict[str, tuple[int, str]]
"""Label → (its number, address)."""


class Destination(NamedTuple):
    """A link's address and title, and where they end in the text."""

    address: str
    end: int
    title: str = ""


class Definition(NamedTuple):
    """A link reference definition, and where it ends in the text."""

    label: str
    address: str
    end: int
    title: str


def unescaped(text: str) -> str:
    """The text with backslash escapes and entities resolved."""
    return _ESCAPED.sub(lambda m: m[1] or entity(m[2]), text)


def entity(source: str) -> str:
    """What an entity such as `&amp;` or `&#65;` stands for; an unknown one is itself."""
    if source[1] == "#":
        return html.unescape(source)
    return html5.get(source[1:], source)


def normal_label(label: str) -> str:
    """The form in which labels are compared."""
    return " ".join(label.split()).casefold()


def destination_at(text: str, at: int) -> Destination | None:
    """The link destination that begins at `at`."""
    if text[at : at + 1] == "<":
        angled = _ANGLED.match(text, at)
        return Destination(unescaped(angled[1]), angled.end()) if angled else None
    depth, index = 0, at
    while True:
        index = _PLAIN_ADDRESS.match(text, index).end()  # type: ignore[union-attr]
        character = text[index : index + 1]
        if character == "(":
            depth += 1
            if depth > _DEEPEST:
                return None
        elif character == ")" and depth:
            depth -= 1
        else:
            break
        index += 1
    return None if depth else Destination(unescaped(text[at:index]), index)


def link_tail_at(text: str, at: int) -> Destination | None:
    """The inline link tail `(address "title")` that begins at `at`, its end behind the parenthesis."""
    if text[at : at + 1] != "(":
        return None
    at = skip_space(text, at + 1)
    destination = destination_at(text, at)
    if destination is None:
        return None
    at = skip_space(text, destination.end)
    title = _TITLE.match(text, at) if at > destination.end else None
    if title:
        at = skip_space(text, title.end())
    if text[at : at + 1] != ")":
        return None
    return Destination(destination.address, at + 1, unescaped(title[0][1:-1]) if title else "")


def skip_space(text: str, at: int) -> int:
    """Behind spaces and at most one line end."""
    return _SPACE.match(text, at).end()  # type: ignore[union-attr]


def definition_at_start(text: str) -> Definition | None:
    """The definition that a paragraph's text begins with."""
    head = _DEFINITION.match(text)
    if not head or not (label := normal_label(head[1])):
        return None
    at = skip_space(text, head.end())
    destination = destination_at(text, at)
    if destination is None or destination.end == at:
        return None
    behind = skip_space(text, destination.end)
    title = _TITLE.match(text, behind) if behind > destination.end else None
    if title and (end := _LINE_END.match(text, title.end())):
        return Definition(label, destination.address, end.end(), title[0])
    end = _LINE_END.match(text, destination.end)
    return Definition(label, destination.address, end.end(), "") if end else None

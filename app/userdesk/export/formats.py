"""The formats of an export, by name and by the ending of a file's name."""

from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from userdesk.export.subject import Subject


class Format(NamedTuple):
    """What there is to know of one format."""

    kind: str
    """Its module is `as_KIND`, which is imported when it is wanted; `KIND_of` there renders a `Subject`."""
    words: str
    """What it is, in a list to choose from."""


FORMATS = {
    "md": Format("markdown", "Markdown"),
    "json": Format("json", "JSON"),
    "html": Format("html", "HTML, one page that looks like this"),
    "cast": Format("cast", "Recording that asciinema plays"),
}
"""By name, with which their files end."""
_ENDINGS = {f".{name}": name for name in FORMATS} | {".markdown": "md", ".htm": "html"}


def format_of_name(name: str) -> str | None:
    """The format that a file's name asks for; None where its ending says nothing."""
    return _ENDINGS.get(PurePath(name).suffix.lower())


def render(subject: "Subject", format_name: str) -> str:
    """The conversation in one of `FORMATS`, ending with a newline."""
    kind = FORMATS[format_name].kind
    text: str = getattr(import_module(f"userdesk.export.as_{kind}"), f"{kind}_of")(subject)
    return text

"""The formats of an export, by name and by the ending of a file's name."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from userdesk.export.subject import Subject

BLOCK = 64 * 1024
"""Characters that are written together."""


class Format(NamedTuple):
    """What there is to know of one format."""

    kind: str
    """Its module is `as_KIND`, imported when it is wanted; `KIND_of` there gives a `Subject` in pieces."""
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


def rendered(subject: "Subject", format_name: str) -> Iterator[str]:
    """The conversation in one of `FORMATS`, ending with a newline: in pieces, as it may be of any length."""
    kind = FORMATS[format_name].kind
    pieces: Iterator[str] = getattr(import_module(f"userdesk.export.as_{kind}"), f"{kind}_of")(subject)
    return pieces


def render(subject: "Subject", format_name: str) -> str:
    """The same as one text."""
    return "".join(rendered(subject, format_name))


def in_blocks(pieces: Iterable[str]) -> Iterator[bytes]:
    """Text in UTF-8, many pieces a block."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > BLOCK:
            yield "".join(held).encode("utf-8", "replace")
            held, size = [], 0
    yield "".join(held).encode("utf-8", "replace")

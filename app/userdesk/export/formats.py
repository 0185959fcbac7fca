"""The formats of an export, by name and by the ending of a file's name."""

from pathlib import PurePath

from userdesk.export.as_cast import cast_of
from userdesk.export.as_html import html_of
from userdesk.export.as_json import json_of
from userdesk.export.as_markdown import markdown_of
from userdesk.export.subject import Subject

FORMATS = {"md": markdown_of, "json": json_of, "html": html_of, "cast": cast_of}
_ENDINGS = {f".{name}": name for name in FORMATS} | {".markdown": "md", ".htm": "html"}


def format_of_name(name: str) -> str | None:
    """The format that a file's name asks for; None where its ending says nothing."""
    return _ENDINGS.get(PurePath(name).suffix.lower())


def render(subject: Subject, format_name: str) -> str:
    """The conversation in one of `FORMATS`, ending with a newline."""
    return FORMATS[format_name](subject)

"""The formats of an export, by name and by the ending of a file's name."""

from pathlib import PurePath

from userdesk.export.subject import Subject

FORMATS = ("md", "json", "html")
_ENDINGS = {".md": "md", ".markdown": "md", ".json": "json", ".html": "html", ".htm": "html"}


def format_of_name(name: str) -> str | None:
    """The format that a file's name asks for; None where its ending says nothing."""
    return _ENDINGS.get(PurePath(name).suffix.lower())


def render(subject: Subject, format_name: str) -> str:
    """The conversation in one of `FORMATS`, ending with a newline. Raises ValueError on another name."""
    match format_name:
        case "md":
            from userdesk.export.as_markdown import markdown_of

            return markdown_of(subject)
        case "json":
            from userdesk.export.as_json import json_of

            return json_of(subject)
        case "html":
            from userdesk.export.as_html import html_of

            return html_of(subject)
    raise ValueError(f"no such format: {format_name}")

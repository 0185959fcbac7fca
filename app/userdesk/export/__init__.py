"""A saved conversation as Markdown, JSON or one self-contained HTML page."""

from userdesk.export.formats import FORMATS, format_of_name, render
from userdesk.export.redaction import redacted
from userdesk.export.subject import Subject

__all__ = ["FORMATS", "Subject", "format_of_name", "redacted", "render"]

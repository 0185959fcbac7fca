"""Finds what a failure's body says; its form is not documented.

Usable are JSON with a message, error or detail, and short plain text (Userdesk API notes:
the documentation leaves the bodies of failures empty).
"""

import json
from collections.abc import Iterator

_FIELDS = ("message", "error", "detail", "response")
_LONGEST_PLAIN_TEXT = 500  # characters; what is longer is a page, not a message
_MARKUP = ("<", "{", "[")  # HTML, XML, or JSON that could not be read


def server_words(body: bytes, content_type: str) -> str:
    """The server's own words, raw: not yet safe to show, empty where the body has none."""
    try:
        return words_in(json.loads(body))
    except (ValueError, RecursionError):
        pass
    text = body.decode(errors="replace").strip()
    if "html" in content_type.lower() or text.startswith(_MARKUP) or len(text) > _LONGEST_PLAIN_TEXT:
        return ""
    return text


def words_in(value: object) -> str:
    """The words in decoded JSON, each said once; empty where it has none."""
    return "; ".join(dict.fromkeys(_strings(value, levels=2)))


def _strings(value: object, levels: int) -> Iterator[str]:
    if isinstance(value, str):
        if text := value.strip():
            yield text
    elif isinstance(value, list):
        for item in value[:3]:
            yield from _strings(item, levels)
    elif isinstance(value, dict) and levels > 0:
        for field in (*_FIELDS, "msg"):
            yield from _strings(value.get(field), levels - 1)

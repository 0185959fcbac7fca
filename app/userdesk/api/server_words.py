"""Finds what a failure's body says: JSON with a message, an error, a detail, or short plain text."""

import json
from collections.abc import Iterator
from contextlib import suppress

# As APIs name them, problem+json (RFC 9457) and OAuth among them.
_FIELDS = (
    *("message", "error", "errors", "title", "detail", "details", "reason", "error_description"),
    *("error_message", "errorMessage", "description", "msg", "fault", "faultstring", "response"),
)
_LONGEST_PLAIN_TEXT = 500  # characters; what is longer is a page, not a message
_MARKUP = ("<", "{", "[")  # HTML, XML, or JSON that could not be read


def server_words(body: bytes, content_type: str) -> str:
    """The server's own words, raw: not yet safe to show, empty where the body has none."""
    with suppress(ValueError, RecursionError):
        return words_in(json.loads(body))
    text = body.decode(errors="replace").strip()
    if "html" in content_type.lower() or text.startswith(_MARKUP) or len(text) > _LONGEST_PLAIN_TEXT:
        return ""
    return text


def words_in(value: object) -> str:
    """The words in decoded JSON, each said once; empty where it has none."""
    return "; ".join(dict.fromkeys(_strings(value, levels=3)))


def _strings(value: object, levels: int) -> Iterator[str]:
    if isinstance(value, str):
        if text := value.strip():
            yield text
    elif isinstance(value, list):
        for item in value[:3]:
            yield from _strings(item, levels)
    elif isinstance(value, dict) and levels > 0:
        for field in _FIELDS:
            inside = value.get(field)
            if field == "errors" and isinstance(inside, dict) and not any(name in inside for name in _FIELDS):
                yield from _by_field(inside)
            else:
                yield from _strings(inside, levels - 1)


def _by_field(errors: dict[str, object]) -> Iterator[str]:
    """What is wrong with each field of a request: `{"email": ["is not valid"]}`."""
    for name, problems in list(errors.items())[:3]:
        if message := "; ".join(_strings(problems, levels=1)):
            yield f"{name}: {message}"

"""The documented JSON of a reply, and the small slips that are taken for it.

userdesk-api.md, Tolerances: `success` missing, 1 or "true" is success where there is a `response`; an `error`
is a failure; a number as id is its digits, and the usual spellings of `conversationId` are taken.
"""

import json
import re
from collections.abc import Mapping

from userdesk.domain.safe_text import encodable

# No id in use comes near this (a UUID has 36 characters, a signed token some hundred); what is longer
# would be sent with each message and written with each change of the list of conversations.
LONGEST_ID = 512  # characters
FIELDS = frozenset(
    {"success", "response", "conversationid", "error", "errors", "message", "detail", "status", "code"}
)
"""Names of fields, spelt by their letters alone, with which the JSON of a reply begins."""


class UnusableId(ValueError):
    """An id that no message can be sent to; the text says why."""


def spelling(name: str) -> str:
    """A field's name by its letters alone: `conversation_id` is `conversationid`."""
    return re.sub("[^a-z]", "", name.lower())


def parsed(text: str) -> object:
    """The JSON value of a text, None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def is_refusal(reply: Mapping[str, object]) -> bool:
    """Whether a reply says that it is no success."""
    success = reply.get("success")
    if isinstance(success, str):
        return success.strip().lower() in ("false", "0", "no")
    return success is not None and not success


def is_error(reply: Mapping[str, object]) -> bool:
    """Whether a reply says that it is a failure, whatever its HTTP status."""
    has_failed = reply.get("status") in ("error", "fail", "failed") and "response" not in reply
    told = (has_failed and reply.get("message")) or reply.get("error") or reply.get("errors")
    return bool(told) or is_refusal(reply)


def is_envelope(reply: Mapping[str, object]) -> bool:
    """Whether a JSON object is the service's reply and not an answer that is an example of JSON."""
    names = {spelling(name) for name in reply}
    return bool(names & {"success", "conversationid"}) or "response" in reply or is_error(reply)


def text_of(reply: Mapping[str, object], field: str) -> str | None:
    """The text of a field; None where there is none."""
    value = reply.get(field)
    return encodable(value) if isinstance(value, str) else None


def conversation_id_of(reply: Mapping[str, object]) -> str | None:
    """The id under any of its spellings, the documented one first. Raises UnusableId."""
    names = sorted(reply, key=lambda name: name != "conversationId")
    for name in names:
        if spelling(name) == "conversationid" and (found := usable_id(reply[name])):
            return found
    return None


def usable_id(value: object) -> str | None:
    """An id as it is sent; None where there is none. Raises UnusableId."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not (text := value.strip()):
        return None
    if len(text) > LONGEST_ID:
        raise UnusableId(f"its conversationId is longer than {LONGEST_ID} characters")
    if not text.isprintable() or any(letter.isspace() for letter in text):
        raise UnusableId("its conversationId contains spaces or control characters")
    return text

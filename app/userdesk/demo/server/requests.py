"""Checks a request as strictly as userdesk-api.md allows."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from userdesk.demo.error_responses import ACCESS_DENIED, MALFORMED, MISSING_KEY, WRONG_KEY, error_response

LARGEST_BODY = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRequest:
    """A body of the message endpoint with the documented fields."""

    message: str
    stream: bool = False
    conversation_id: str | None = None
    user_name: str | None = None


def check_access(authorization: str | None, key: str, asked_id: str, chatbot_id: str) -> None:
    """Raise the 401 or 403 that the documentation gives to a request without access."""
    if not authorization:
        raise error_response(401, MISSING_KEY)
    expected = f"Bearer {key}".encode()
    if not hmac.compare_digest(authorization.encode("latin-1", "replace"), expected):
        raise error_response(401, WRONG_KEY)
    if asked_id != chatbot_id:
        raise error_response(403, ACCESS_DENIED)


def read_object(content_type: str | None, body: bytes) -> Mapping[str, Any]:
    """The JSON object that a body is. Raises a 400 for anything else."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise error_response(400, f"{MALFORMED}: the content type must be application/json")
    try:
        decoded = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise error_response(400, f"{MALFORMED}: the body is not JSON in UTF-8") from None
    if not isinstance(decoded, dict):
        raise error_response(400, f"{MALFORMED}: the body must be a JSON object")
    return decoded


def read_user(fields: Mapping[str, Any]) -> str | None:
    """The `userName`. Raises a 400 where that or `userEmail` is no string."""
    _string(fields, "userEmail")
    return _string(fields, "userName")


def read_message(fields: Mapping[str, Any]) -> MessageRequest:
    """The documented fields of a message. Raises a 400 where one is missing or mistyped."""
    message = _string(fields, "message")
    if message is None or not message.strip():
        raise error_response(400, f"{MALFORMED}: message must be a non-empty string")
    stream = fields.get("stream", False)
    if not isinstance(stream, bool):
        raise error_response(400, f"{MALFORMED}: stream must be a boolean")
    return MessageRequest(
        message=message,
        stream=stream,
        conversation_id=_string(fields, "conversationId"),
        user_name=read_user(fields),
    )


def _string(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if name in fields and not isinstance(value, str):
        raise error_response(400, f"{MALFORMED}: {name} must be a string")
    return value

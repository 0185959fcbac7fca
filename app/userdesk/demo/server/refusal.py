"""Answers other than the wanted one, in the statuses and words of the Userdesk API documentation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

MALFORMED = "The request was malformed or missing required fields"
INVALID_CONVERSATION = "The conversationId is not valid"
MISSING_KEY = "Missing API Key"
WRONG_KEY = "Wrong API Key"
ACCESS_DENIED = "Access to this Chatbot is denied"
SERVER_ERROR = "An error occurred on the server"


@dataclass(eq=False)
class Refusal(Exception):
    """A whole HTTP answer that refuses a request; raised while one is being checked."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def refusal(status: int, words: str, headers: Mapping[str, str] | None = None) -> Refusal:
    """A refusal with a JSON body that says why; the documentation leaves the body's form open."""
    body = json.dumps({"success": False, "message": words}).encode()
    return Refusal(status, body, headers=dict(headers or {}))

"""HTTP responses that report an error, in the statuses and words of userdesk-api.md, "Both endpoints"."""

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
class ErrorResponse(Exception):
    """A whole HTTP response instead of the answer; raised while a request is being checked."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def error_response(status: int, words: str, headers: Mapping[str, str] | None = None) -> ErrorResponse:
    """A response with a JSON body that says why; the documentation leaves the body's form open."""
    body = json.dumps({"success": False, "message": words}).encode()
    return ErrorResponse(status, body, headers=dict(headers or {}))


_BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>\n"

FAILURES: Mapping[str, ErrorResponse] = {  # what `/fail KIND` asks for
    "400": error_response(400, MALFORMED),
    "400-conversation": error_response(400, INVALID_CONVERSATION),
    "401": error_response(401, WRONG_KEY),
    "401-missing": error_response(401, MISSING_KEY),
    "403": error_response(403, ACCESS_DENIED),
    "500": error_response(500, SERVER_ERROR),
    "429": error_response(429, "Too many requests", {"Retry-After": "5"}),
    "502": ErrorResponse(502, _BAD_GATEWAY, content_type="text/html"),
    "json": ErrorResponse(200, b'{"success": true, "conversationId": "ea74ba3d-6645-'),
}

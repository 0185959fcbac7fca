"""What `/fail …` answers: each failure as a real service might put it."""

from collections.abc import Mapping

from userdesk.demo.server.refusal import (
    ACCESS_DENIED,
    INVALID_CONVERSATION,
    MALFORMED,
    MISSING_KEY,
    SERVER_ERROR,
    WRONG_KEY,
    Refusal,
    refusal,
)

RETRY_AFTER = "5"
"""Seconds."""

_BAD_GATEWAY = b"""<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center></body>
</html>
"""

FAULTS: Mapping[str, Refusal] = {
    "400": refusal(400, MALFORMED),
    "400-conversation": refusal(400, INVALID_CONVERSATION),
    "401": refusal(401, WRONG_KEY),
    "401-missing": refusal(401, MISSING_KEY),
    "403": refusal(403, ACCESS_DENIED),
    "500": refusal(500, SERVER_ERROR),
    "429": refusal(429, "Too many requests", {"Retry-After": RETRY_AFTER}),
    "502": Refusal(502, _BAD_GATEWAY, content_type="text/html"),
    "json": Refusal(200, b'{"success": true, "conversationId": "ea74ba3d-6645-'),
}


def fault(name: str) -> Refusal | None:
    """A fresh refusal of that name; None where there is none such."""
    known = FAULTS.get(name)
    # A new one each time: a raised exception keeps its traceback, and with it a whole request.
    return known and Refusal(known.status, known.body, known.content_type, known.headers)

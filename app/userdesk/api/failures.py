"""An HTTP status and what the body says, told as a failure in the documentation's words."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from userdesk.api.server_words import server_words
from userdesk.domain.failure import OPEN_STATUSES, WAITING_STATUSES, Failure, FailureKind, standard_phrase
from userdesk.domain.safe_text import clean_line

_KINDS = {403: FailureKind.ACCESS_DENIED, 429: FailureKind.RATE_LIMITED, 500: FailureKind.SERVER_ERROR}
LONGEST_WAIT = 86_400.0  # seconds; a Retry-After beyond a day is not waited for

# Compiled by the first failure that has to be told: a start does without.
_LOST_CONVERSATION = r"^(?!.*\b(?:chat)?bot\b).*conversation"
_FIELDS = (
    r"\bmessage\b|\bfields?\b|\bparameters?\b|\bbody\b|\bjson\b|malformed|\bempty\b|too (long|large)"
    r"|\buser_?(name|email)\b|\bstream\b"
)
_CREDENTIAL = r"(?:api[ _-]?)?(?:key|token|authorization|authentication|bearer|credentials?)"
_MISSING = (
    rf"missing|\bno {_CREDENTIAL}\b|{_CREDENTIAL}(?: header)? (?:is |was |are )?(?:required|absent|empty)"
    r"|not (?:provided|present|sent|set|given|supplied|included)|n't (?:provided?|include|send|supply)"
    r"|not (?:provide|include|send|supply)\b|without (?:an? )?" + _CREDENTIAL
)
_WRONG = (
    r"wrong|invalid|incorrect|unknown|not valid|expired|revoked|\bbad\b|mismatch|match|not found|no such"
    r"|does(?: not|n't) exist|unrecogni[sz]ed|not recogni[sz]ed|rejected|disabled|deactivated"
)


def status_failure(
    status: int, headers: Mapping[str, str], body: bytes, *, key_sent: bool, carried_conversation: bool
) -> Failure:
    """The failure that a reply tells, by what its request had (userdesk-api.md, "Both endpoints")."""
    message = server_words(body, headers.get("content-type", ""))
    detail = clean_line(message)
    match status:
        case 400:
            is_lost = _tells(message, "conversation", _FIELDS, carried_conversation)
            kind = FailureKind.INVALID_CONVERSATION if is_lost else FailureKind.BAD_REQUEST
        case 401:
            is_missing = _tells(message, _MISSING, _WRONG, not key_sent)
            kind = FailureKind.MISSING_KEY if is_missing else FailureKind.WRONG_KEY
        case 404 | 410 if carried_conversation and _speaks_of(_LOST_CONVERSATION, message):
            kind = FailureKind.INVALID_CONVERSATION
        case _:
            kind = _KINDS.get(status, FailureKind.OTHER_STATUS)
    if 300 <= status < 400 and (target := headers.get("location")):
        detail = clean_line(f"redirects to {target}")  # not followed: it could lead the key elsewhere
    return Failure(
        kind,
        standard_phrase(status) if kind is FailureKind.OTHER_STATUS else "",
        status=status,
        detail=detail,
        retry_after=retry_after(headers) if status in WAITING_STATUSES else None,
        may_have_arrived=status in OPEN_STATUSES,
    )


def unreadable(status: int | None, detail: str) -> Failure:
    """A success that is not the documented reply: the server may well have done what was asked."""
    return Failure(
        FailureKind.UNREADABLE_ANSWER, status=status, detail=clean_line(detail), may_have_arrived=True
    )


def means_no_create_endpoint(status: int) -> bool:
    """Whether this answer to the creation of a conversation says that the service lacks it (userdesk-api.md).

    So says each one that is documented neither as success nor as failure, but for rate
    limits, proxies and gateways, which speak of the moment and not of the endpoint.
    """
    if status >= 500:
        return status == HTTPStatus.NOT_IMPLEMENTED
    return status not in (401, 403, 407, 429)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that Retry-After asks to wait, 0 to a day; None where it is missing or unreadable."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[+-]?\d+(\.\d+)?", value, re.ASCII):
        seconds = float(value)
    elif (until := _http_date(value)) is not None:
        # The server's own clock, where it tells it: ours may be off.
        asked = _http_date(headers.get("date", "")) or datetime.now(UTC)
        seconds = (until - asked).total_seconds()
    else:
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _http_date(value: str) -> datetime | None:
    # Imported here: hardly ever needed, and it must not delay the first frame.
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _speaks_of(pattern: str, message: str) -> bool:
    return re.search(pattern, message, re.I | re.S) is not None


def _tells(message: str, of: str, rather_than: str, otherwise: bool) -> bool:
    """Whether a message speaks of one thing alone; `otherwise` where of both or of none."""
    of_one, of_other = _speaks_of(of, message), _speaks_of(rather_than, message)
    return of_one if of_one != of_other else otherwise

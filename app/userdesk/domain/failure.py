"""What can go wrong between us and Userdesk, in the documentation's words, and what can help."""

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Self


class Recovery(StrEnum):
    """The one thing to do next that a toast offers under Ctrl+R."""

    EDIT = "edit"
    CONTINUE = "continue"
    ENTER_KEY = "enter_key"
    CHANGE_KEY = "change_key"
    CHECK_CHATBOT = "check_chatbot"
    CHECK_ADDRESS = "check_address"
    RETRY = "retry"
    RETRY_LATER = "retry_later"


ASK_FOR_KEY = frozenset({Recovery.ENTER_KEY, Recovery.CHANGE_KEY})
"""What is offered where the key was missing or wrong."""
ASK_FOR_ACCESS = ASK_FOR_KEY | {Recovery.CHECK_CHATBOT, Recovery.CHECK_ADDRESS}
"""What is offered where a setting of the chatbot may be wrong."""


class FailureKind(StrEnum):
    """One row of the failure table: the value that transcripts keep, and what holds of every such failure."""

    message: str
    """What happened, where that is always the same; else empty."""
    recovery: Recovery
    exit_code: int
    """Of the non-interactive commands (`ExitStatus`)."""
    is_final: bool
    """Whether the next request to the same service fails the same way."""

    BAD_REQUEST = "bad_request", "The request was malformed or missing required fields", Recovery.EDIT, 4
    INVALID_CONVERSATION = "invalid_conversation", "The conversationId is not valid", Recovery.CONTINUE, 4
    MISSING_KEY = "missing_key", "Missing API Key", Recovery.ENTER_KEY, 3, True
    WRONG_KEY = "wrong_key", "Wrong API Key", Recovery.CHANGE_KEY, 3, True
    ACCESS_DENIED = "access_denied", "Access to this Chatbot is denied", Recovery.CHECK_CHATBOT, 3, True
    SERVER_ERROR = "server_error", "An error occurred on the server"
    RATE_LIMITED = "rate_limited", "Too many requests", Recovery.RETRY_LATER
    OTHER_STATUS = "other_status"
    UNREADABLE_ANSWER = "unreadable_answer", "The server's answer could not be read"
    EMPTY_ANSWER = "empty_answer", "The chatbot sent an empty answer"
    WEB_PAGE = "web_page", "The answer is a web page, not text"
    ERROR_IN_ANSWER = "error_in_answer", "The service answered with an error"
    REFUSED = "refused", "", Recovery.RETRY, 6
    DNS = "dns", "", Recovery.RETRY, 6, True
    TLS = "tls", "", Recovery.RETRY, 6, True
    PROXY = "proxy", "", Recovery.RETRY, 6
    CONNECT_TIMEOUT = "connect_timeout", "", Recovery.RETRY, 6
    INTERRUPTED = "interrupted", "The connection was lost before the answer was complete", Recovery.RETRY, 6
    CONFIGURATION = "configuration", "", Recovery.CHECK_CHATBOT, 2, True

    def __new__(
        cls,
        value: str,
        message: str = "",
        recovery: Recovery = Recovery.RETRY,
        exit_code: int = 5,
        is_final: bool = False,
    ) -> Self:
        """A row; the defaults hold of most kinds."""
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.message, kind.recovery, kind.exit_code, kind.is_final = message, recovery, exit_code, is_final
        return kind


# What gateways answer with and the standard has no phrase for: Cloudflare's, Laravel's, Anthropic's codes.
_GATEWAY_WORDS = {
    419: "The session has expired",
    520: "The gateway could not read the service's answer",
    521: "The service behind the gateway is down",
    522: "The gateway timed out connecting to the service",
    523: "The gateway cannot reach the service",
    524: "The gateway timed out waiting for the service",
    525: "The gateway could not make a secure connection to the service",
    526: "The gateway does not trust the service's certificate",
    527: "The connection between the gateway and the service failed",
    529: "The service is overloaded",
    530: "The gateway could not find the service",
}
_STATUS_RECOVERIES = {
    **dict.fromkeys(range(300, 400), Recovery.CHECK_ADDRESS),
    **dict.fromkeys((400, 413, 414, 422, 431), Recovery.EDIT),
    **dict.fromkeys((404, 405, 410, 421), Recovery.CHECK_ADDRESS),
    **dict.fromkeys((503, 529), Recovery.RETRY_LATER),
}
WAITING_STATUSES = frozenset({429, 503, 529})
"""Statuses whose Retry-After says when to ask again (userdesk-api.md, Tolerances)."""
OPEN_STATUSES = frozenset({408, 502, 504, 520, 522, 524})
"""Statuses that leave open whether the service got the request (userdesk-api.md, Tolerances)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed request: what happened, in which words, and what may have come of it."""

    kind: FailureKind
    message: str = ""
    """What happened, without the status code, by default the kind's words; never the server's."""
    _: KW_ONLY
    status: int | None = None
    """The HTTP status, where the server answered with one."""
    detail: str = ""
    """The server's own words or a cause: safe to show, one line, without what the headline says already."""
    retry_after: float | None = None
    """Seconds to wait before a retry (Retry-After of 429, 503, 529), from `at` the failure was made."""
    may_have_arrived: bool = False
    """Whether the message may have reached the chatbot: sent again, it may be there twice."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", self.message or self.kind.message)
        # Here and not where it is shown: there are many such places, and transcripts hold old failures.
        said = _bare(self.headline)
        parts = [part for part in self.detail.split("; ") if _bare(part) not in said]
        object.__setattr__(self, "detail", "; ".join(parts))

    @property
    def headline(self) -> str:
        """The line a toast and a failed turn show: `401 · Wrong API Key`."""
        return self.message if self.status is None else f"{self.status} · {self.message}"

    @property
    def recovery(self) -> Recovery:
        """What Ctrl+R does about it."""
        if self.kind is FailureKind.OTHER_STATUS:
            return _STATUS_RECOVERIES.get(self.status or 0, Recovery.RETRY)
        return self.kind.recovery

    @property
    def exit_code(self) -> int:
        """The exit status of a non-interactive command that ends with it."""
        is_bad_request = self.kind is FailureKind.OTHER_STATUS and 400 <= (self.status or 0) < 500
        return 4 if is_bad_request else self.kind.exit_code


def _bare(message: str) -> str:
    return " ".join(message.casefold().split()).strip(" .!:")


def standard_phrase(status: int) -> str:
    """The standard reason phrase of a status code, or what gateways mean by it."""
    try:
        return _GATEWAY_WORDS.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return "Unexpected answer"


class UserdeskError(Exception):
    """A request failed; `failure` says how. Raised by the API client, handled by a turn."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.headline)
        self.failure = failure


def configuration_error(message: str, detail: str = "") -> UserdeskError:
    """The error of a request that the settings do not allow to be made."""
    return UserdeskError(Failure(FailureKind.CONFIGURATION, message, detail=detail))

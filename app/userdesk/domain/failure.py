"""What can go wrong between us and Userdesk, in the documentation's words."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus


class FailureKind(StrEnum):
    """One kind for each row of the failure table; the value is what transcripts keep."""

    BAD_REQUEST = "bad_request"
    INVALID_CONVERSATION = "invalid_conversation"
    MISSING_KEY = "missing_key"
    WRONG_KEY = "wrong_key"
    ACCESS_DENIED = "access_denied"
    SERVER_ERROR = "server_error"
    RATE_LIMITED = "rate_limited"
    OTHER_STATUS = "other_status"
    UNREADABLE_ANSWER = "unreadable_answer"
    REFUSED = "refused"
    DNS = "dns"
    TLS = "tls"
    PROXY = "proxy"
    CONNECT_TIMEOUT = "connect_timeout"
    INTERRUPTED = "interrupted"
    CONFIGURATION = "configuration"


class Remedy(StrEnum):
    """The one thing to do next that a toast offers under Ctrl+R."""

    EDIT = "edit"
    CONTINUE = "continue"
    ENTER_KEY = "enter_key"
    CHANGE_KEY = "change_key"
    CHECK_CHATBOT = "check_chatbot"
    RETRY = "retry"
    RETRY_LATER = "retry_later"


ASK_FOR_KEY = frozenset({Remedy.ENTER_KEY, Remedy.CHANGE_KEY})
"""What is offered where the key was missing or wrong."""

# Documented meanings: "Send a message" and "Create a conversation", Userdesk API documentation.
DOCUMENTED_WORDS = {
    FailureKind.BAD_REQUEST: "The request was malformed or missing required fields",
    FailureKind.INVALID_CONVERSATION: "The conversationId is not valid",
    FailureKind.MISSING_KEY: "Missing API Key",
    FailureKind.WRONG_KEY: "Wrong API Key",
    FailureKind.ACCESS_DENIED: "Access to this Chatbot is denied",
    FailureKind.SERVER_ERROR: "An error occurred on the server",
}
RATE_LIMITED_WORDS = "Too many requests"
UNREADABLE_WORDS = "The server's answer could not be read"
INTERRUPTED_WORDS = "The connection was lost before the answer was complete"

_REMEDIES = {
    FailureKind.BAD_REQUEST: Remedy.EDIT,
    FailureKind.INVALID_CONVERSATION: Remedy.CONTINUE,
    FailureKind.MISSING_KEY: Remedy.ENTER_KEY,
    FailureKind.WRONG_KEY: Remedy.CHANGE_KEY,
    FailureKind.ACCESS_DENIED: Remedy.CHECK_CHATBOT,
    FailureKind.RATE_LIMITED: Remedy.RETRY_LATER,
    FailureKind.CONFIGURATION: Remedy.CHECK_CHATBOT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failed request: what happened, in which words, and what may have come of it."""

    kind: FailureKind
    words: str
    """What happened, without the status code; ours or the documentation's, never the server's."""
    status: int | None = None
    """The HTTP status, where the server answered with one."""
    detail: str = ""
    """The server's own words or a technical cause: safe to show, one line, shortened; without what
    the headline says already."""
    retry_after: float | None = None
    """Seconds to wait before a retry (429 with Retry-After), from `at` the failure was made."""
    may_have_arrived: bool = False
    """Whether the request may have reached the server and been acted on."""

    def __post_init__(self) -> None:
        # Here and not where it is shown: there are many such places, and transcripts hold old failures.
        said = _bare(self.headline)
        parts = [part for part in self.detail.split("; ") if _bare(part) not in said]
        object.__setattr__(self, "detail", "; ".join(parts))

    @property
    def headline(self) -> str:
        """The line a toast and a failed turn show: `401 · Wrong API Key`."""
        return self.words if self.status is None else f"{self.status} · {self.words}"

    @property
    def remedy(self) -> Remedy:
        """What Ctrl+R does about it."""
        return _REMEDIES.get(self.kind, Remedy.RETRY)


def _bare(words: str) -> str:
    return " ".join(words.casefold().split()).strip(" .!:")


def documented(kind: FailureKind, status: int, detail: str = "") -> Failure:
    """A failure that the documentation lists, in its words."""
    return Failure(kind=kind, words=DOCUMENTED_WORDS[kind], status=status, detail=detail)


def standard_phrase(status: int) -> str:
    """The standard reason phrase of a status code, or a plain one where there is none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unexpected answer"


class UserdeskError(Exception):
    """A request failed; `failure` says how. Raised by the API client, handled by a turn."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.headline)
        self.failure = failure

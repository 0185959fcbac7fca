"""Every kind of failure: its name in transcripts, its words, what helps, and the exit status it ends with."""

import pytest

from userdesk.domain.failure import (
    ASK_FOR_ACCESS,
    ASK_FOR_KEY,
    OPEN_STATUSES,
    WAITING_STATUSES,
    Failure,
    FailureKind,
    Recovery,
    UserdeskError,
    standard_phrase,
)

# kind: (what helps, exit status, whether the next request fails the same way, words)
KINDS = {
    "bad_request": ("edit", 4, False, "The request was malformed or missing required fields"),
    "invalid_conversation": ("continue", 4, False, "The conversationId is not valid"),
    "missing_key": ("enter_key", 3, True, "Missing API Key"),
    "wrong_key": ("change_key", 3, True, "Wrong API Key"),
    "access_denied": ("check_chatbot", 3, True, "Access to this Chatbot is denied"),
    "server_error": ("retry", 5, False, "An error occurred on the server"),
    "rate_limited": ("retry_later", 5, False, "Too many requests"),
    "other_status": ("retry", 5, False, ""),
    "unreadable_answer": ("retry", 5, False, "The server's answer could not be read"),
    "empty_answer": ("retry", 5, False, "The chatbot sent an empty answer"),
    "web_page": ("retry", 5, False, "The answer is a web page, not text"),
    "error_in_answer": ("retry", 5, False, "The service answered with an error"),
    "refused": ("retry", 6, False, ""),
    "dns": ("retry", 6, True, ""),
    "tls": ("retry", 6, True, ""),
    "proxy": ("retry", 6, False, ""),
    "connect_timeout": ("retry", 6, False, ""),
    "interrupted": ("retry", 6, False, "The connection was lost before the answer was complete"),
    "configuration": ("check_chatbot", 2, True, ""),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_its_words_its_recovery_and_its_exit_status(name: str) -> None:
    made = Failure(FailureKind(name))
    assert (made.recovery.value, made.exit_code, made.kind.is_final, made.message) == KINDS[name]
    assert (made.status, made.detail, made.retry_after, made.may_have_arrived) == (None, "", None, False)


def test_there_is_no_other_kind() -> None:
    assert [kind.value for kind in FailureKind] == list(KINDS)


@pytest.mark.parametrize(
    ("status", "remedy", "exit_code"),
    [
        (301, Recovery.CHECK_ADDRESS, 5),
        (300, Recovery.CHECK_ADDRESS, 5),
        (399, Recovery.CHECK_ADDRESS, 5),
        (299, Recovery.RETRY, 5),
        *((status, Recovery.EDIT, 4) for status in (400, 413, 414, 422, 431)),
        *((status, Recovery.CHECK_ADDRESS, 4) for status in (404, 405, 410, 421)),
        *((status, Recovery.RETRY, 4) for status in (402, 408, 409, 418)),
        *((status, Recovery.RETRY, 5) for status in (500, 501, 502, 504, 520, 524)),
        *((status, Recovery.RETRY_LATER, 5) for status in (503, 529)),
    ],
)
def test_a_status_that_is_not_documented_is_judged_by_its_number(
    status: int, remedy: Recovery, exit_code: int
) -> None:
    made = Failure(FailureKind.OTHER_STATUS, status=status)
    assert (made.recovery, made.exit_code) == (remedy, exit_code)
    assert made.kind.is_final is False


def test_a_status_changes_nothing_of_a_kind_that_is_documented() -> None:
    made = Failure(FailureKind.WRONG_KEY, status=404, detail="revoked")
    assert (made.recovery, made.exit_code, made.kind.is_final) == (Recovery.CHANGE_KEY, 3, True)
    assert (made.status, made.detail, made.message) == (404, "revoked", "Wrong API Key")


def test_the_headline_names_the_status_where_there_is_one() -> None:
    assert Failure(FailureKind.WRONG_KEY, status=401).headline == "401 · Wrong API Key"
    assert Failure(FailureKind.WRONG_KEY).headline == "Wrong API Key"
    error = UserdeskError(Failure(FailureKind.WRONG_KEY, status=401, may_have_arrived=True))
    assert str(error) == "401 · Wrong API Key"
    assert error.failure.may_have_arrived


PHRASES = {
    404: "Not Found",
    419: "The session has expired",
    503: "Service Unavailable",
    520: "The gateway could not read the service's answer",
    521: "The service behind the gateway is down",
    522: "The gateway timed out connecting to the service",
    523: "The gateway cannot reach the service",
    524: "The gateway timed out waiting for the service",
    525: "The gateway could not make a secure connection to the service",
    526: "The gateway does not trust the service's certificate",
    527: "The connection between the gateway and the service failed",
    528: "Unexpected answer",
    529: "The service is overloaded",
    530: "The gateway could not find the service",
    999: "Unexpected answer",
}


@pytest.mark.parametrize("status", PHRASES)
def test_a_status_is_told_in_words(status: int) -> None:
    assert standard_phrase(status) == PHRASES[status]


def test_which_statuses_say_when_to_ask_again_and_which_leave_open_what_arrived() -> None:
    assert {429, 503, 529} == WAITING_STATUSES
    assert {408, 502, 504, 520, 522, 524} == OPEN_STATUSES


def test_which_recoveries_ask_for_a_key_and_which_for_access() -> None:
    assert {"enter_key", "change_key"} == ASK_FOR_KEY
    assert {"enter_key", "change_key", "check_chatbot", "check_address"} == ASK_FOR_ACCESS
    assert {recovery.value for recovery in Recovery} == {
        *ASK_FOR_ACCESS,
        *("edit", "continue", "retry", "retry_later"),
    }


def test_what_is_kept_of_a_detail_is_joined_as_it_came() -> None:
    made = Failure(FailureKind.SERVER_ERROR, "An error occurred", detail="An error occurred!; one; two")
    assert made.detail == "one; two"

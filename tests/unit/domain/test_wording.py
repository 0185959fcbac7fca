"""Figures and outcomes in words: the same wherever they are read."""

import pytest

from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Metrics, Role, Status, now
from userdesk.domain.wording import CONTINUED, failure_line, figures_line, outcome_line, seconds

FAILURE = Failure(FailureKind.WRONG_KEY, "Wrong API Key", status=401)
METRICS = Metrics(0.4, 2.0, 3000)
FIGURES = "0.4 s first text · 2.0 s · 3,000 chars · 1,500 chars/s"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0.0 s"),
        (0.44, "0.4 s"),
        (9.94, "9.9 s"),
        (10.0, "10 s"),
        (119.4, "119 s"),
        (120.0, "2 min 00 s"),
        (125.9, "2 min 05 s"),
        (185.0, "3 min 05 s"),
        (3725.0, "62 min 05 s"),
    ],
)
def test_a_duration_is_said_as_people_say_it(value: float, words: str) -> None:
    assert seconds(value) == words


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        (METRICS, FIGURES),
        (Metrics(None, 2.0, 0), "2.0 s · 0 chars"),
        (Metrics(0.0, 0.0, 12), "0.0 s first text · 0.0 s · 12 chars"),
        (Metrics(None, 4.0, 10), "4.0 s · 10 chars · 2 chars/s"),
        (Metrics(None, 1.0, 1), "1.0 s · 1 chars · 1 chars/s"),
    ],
)
def test_figures_say_what_an_answer_cost(metrics: Metrics, words: str) -> None:
    assert figures_line(metrics) == words


@pytest.mark.parametrize(
    ("status", "failure", "words"),
    [
        (Status.FAILED, FAILURE, "failed · 401 · Wrong API Key"),
        (Status.INTERRUPTED, FAILURE, "interrupted · 401 · Wrong API Key"),
        (Status.FAILED, None, "failed"),
        (
            Status.INTERRUPTED,
            Failure(FailureKind.DNS, "No\x1b[31m such\nhost", may_have_arrived=True),
            "interrupted · No�[31m such host · may have been received",
        ),
    ],
)
def test_a_failure_is_said_on_one_safe_line(status: Status, failure: Failure | None, words: str) -> None:
    assert failure_line(status, failure) == words


@pytest.mark.parametrize(
    ("status", "failure", "metrics", "words"),
    [
        (Status.COMPLETE, None, METRICS, FIGURES),
        (Status.COMPLETE, None, None, ""),
        (Status.STOPPED, None, METRICS, f"stopped · {FIGURES}"),
        (Status.STOPPED, None, None, "stopped"),
        (Status.FAILED, FAILURE, METRICS, "failed · 401 · Wrong API Key"),
        (Status.INTERRUPTED, None, METRICS, "interrupted"),
    ],
)
def test_an_outcome_is_its_ending_or_its_figures(
    status: Status, failure: Failure | None, metrics: Metrics | None, words: str
) -> None:
    message = Message(
        role=Role.ASSISTANT, text="x", at=now(), status=status, failure=failure, metrics=metrics
    )
    assert outcome_line(message) == words


def test_what_stands_where_a_conversation_goes_on_under_another_id() -> None:
    assert CONTINUED == ("continued in a new conversation · only the message above is remembered")

"""A message's recorded steps: all of its text, at the times that were kept, whatever the record says."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from userdesk.domain.message import Message, Metrics, Role
from userdesk.domain.pacing import LONGEST_PAUSE, steps

AT = datetime(2026, 11, 21, tzinfo=UTC)
NUMBERS = st.integers(-(10**12), 10**12)


def assistant(text: str, chunks: tuple[tuple[int, int], ...] = (), metrics: Metrics | None = None) -> Message:
    return Message(role=Role.ASSISTANT, text=text, at=AT, chunks=chunks, metrics=metrics)


def test_steps_are_the_recorded_ones() -> None:
    message = assistant("Hello, world", ((400, 5), (900, 2), (1000, 5)))
    assert list(steps(message)) == [(0.4, "Hello"), (0.5, ", "), (0.1, "world")]


def test_a_whole_answer_takes_its_time() -> None:
    assert list(steps(assistant("Hello", metrics=Metrics(None, 2.5, 5)))) == [(2.5, "Hello")]
    assert list(steps(assistant("Hello"))) == [(0.0, "Hello")]


def test_a_users_message_stands_there_at_once() -> None:
    message = Message(role=Role.USER, text="Hi", at=AT, chunks=((900, 2),))
    assert list(steps(message)) == [(0.0, "Hi")]


@given(st.text(), st.lists(st.tuples(NUMBERS, NUMBERS)))
def test_no_record_loses_text_or_waits_for_ever(text: str, chunks: list[tuple[int, int]]) -> None:
    found = list(steps(assistant(text, tuple(chunks))))
    assert "".join(step.text for step in found) == text
    assert all(0 <= step.pause <= LONGEST_PAUSE for step in found)

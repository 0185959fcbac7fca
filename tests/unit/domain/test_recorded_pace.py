"""An answer shown again comes at the pace at which it was recorded, whatever the record holds."""

import pytest

from userdesk.domain.message import Message, Metrics, Role, now
from userdesk.domain.pacing import LONGEST_PAUSE, Step, steps


def paced(
    text: str,
    *chunks: tuple[int, int],
    total: float | None = None,
    role: Role = Role.ASSISTANT,
) -> list[Step]:
    metrics = None if total is None else Metrics(0.1, total, len(text))
    return list(steps(Message(role=role, text=text, at=now(), chunks=chunks, metrics=metrics)))


@pytest.mark.parametrize(
    ("chunks", "wanted"),
    [
        ([(500, 2), (1500, 3)], [(0.5, "ab"), (1.0, "cde")]),
        ([(500, 2)], [(0.5, "ab"), (0.0, "cde")]),
        ([(500, 2), (400, 1), (900, 2)], [(0.5, "ab"), (0.0, "c"), (0.4, "de")]),
        ([(500, 9)], [(0.5, "abcde")]),
        ([(500, 5), (9000, 5)], [(0.5, "abcde")]),
        ([(500, -3), (700, 5)], [(0.7, "abcde")]),
        ([(500, 0), (700, 5)], [(0.7, "abcde")]),
        ([(-500, 5)], [(0.0, "abcde")]),
        ([(500_000, 1), (900_000, 4)], [(LONGEST_PAUSE, "a"), (LONGEST_PAUSE, "bcde")]),
    ],
)
def test_each_recorded_step_waits_as_long_as_it_did(
    chunks: list[tuple[int, int]], wanted: list[tuple[float, str]]
) -> None:
    assert paced("abcde", *chunks) == wanted


def test_an_answer_that_came_as_a_whole_waits_for_its_whole_time() -> None:
    assert paced("abc", total=2.5) == [(2.5, "abc")]
    assert paced("abc", (1, 0), total=500.0) == [(120.0, "abc")]
    assert paced("abc") == [(0.0, "abc")]


def test_a_users_message_and_an_empty_answer_are_one_step_without_a_wait() -> None:
    assert paced("abc", (500, 1), (900, 2), total=9.0, role=Role.USER) == [(0.0, "abc")]
    assert paced("", (500, 1), total=9.0) == [(0.0, "")]

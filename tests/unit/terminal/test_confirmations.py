"""A terminal that answers is behind until it has answered, but an answer can be lost."""

import pytest

from userdesk.tui.terminal.confirmations import (
    ASK_AFTER,
    KNOWN,
    KNOWN_AGAIN,
    LOST_AFTER,
    PATIENCE,
    TOGETHER,
    Confirmations,
)


def test_one_question_at_a_time_behind_what_is_worth_it() -> None:
    line = Confirmations()
    assert not line.is_question_due(ASK_AFTER - 1)
    assert line.is_question_due(ASK_AFTER)
    line.asked(ASK_AFTER, 0.0)
    line.wrote(ASK_AFTER, 0.0)
    assert not line.is_question_due(ASK_AFTER)
    line.answered(0.0)
    assert line.is_question_due(ASK_AFTER)


def test_a_frame_waits_for_the_answer_behind_the_one_before() -> None:
    line = Confirmations()
    line.asked(3_000, 0.0)
    line.wrote(3_000, 0.0)
    assert line.wait(0.02) == pytest.approx(PATIENCE - 0.02)
    line.answered(0.02)
    assert line.wait(0.02) == 0


def test_an_answer_is_waited_for_longer_where_answers_take_long() -> None:
    line = Confirmations()
    for _ in range(20):
        line.asked(3_000, 0.0)
        line.wrote(3_000, 0.0)
        line.answered(0.2)
    line.asked(3_000, 0.0)
    line.wrote(3_000, 0.0)
    assert line.wait(0.0) == pytest.approx(4 * 0.2, rel=0.01)


def test_a_key_does_not_wait_for_the_answer_behind_little() -> None:
    line = Confirmations()
    line.asked(1_500, 0.0)
    line.wrote(1_500, 0.0)
    assert line.wait(0.0) == 0


def test_while_an_answer_is_late_fewer_and_fewer_frames_go() -> None:
    """A line that has become slow answers late, and its answer is the one to the question that was asked."""
    line = Confirmations()
    line.asked(3_000, 0.0)
    line.wrote(3_000, 0.0)
    assert line.wait(PATIENCE) == 0
    line.wrote(3_000, PATIENCE)
    assert line.wait(PATIENCE) == pytest.approx(PATIENCE)
    assert not line.is_question_due(3_000)
    line.answered(2 * PATIENCE)
    assert line.wait(2 * PATIENCE) == 0 and line.is_question_due(0)


def test_an_answer_that_is_lost_is_asked_for_again() -> None:
    line = Confirmations()
    line.asked(3_000, 0.0)
    line.wrote(3_000, 0.0)
    assert line.wait(LOST_AFTER + 0.1) == 0
    assert line.is_question_due(3_000)


def quick() -> Confirmations:
    """Of a terminal that has answered every question so far within 3 ms."""
    line = Confirmations()
    for at in range(KNOWN):
        line.asked(3_000, float(at))
        line.wrote(3_000, float(at))
        line.answered(at + 0.003)
    return line


def test_an_answer_that_is_lost_holds_a_quick_terminal_back_for_a_moment_only() -> None:
    line = quick()
    line.asked(3_000, 20.0)
    line.wrote(3_000, 20.0)
    assert line.look_after(20.0) == pytest.approx(KNOWN_AGAIN)
    assert not line.asks_again(20.0 + KNOWN_AGAIN - 0.001)
    asked = 20.0 + KNOWN_AGAIN
    assert line.asks_again(asked)
    line.asked_again(10, asked)
    assert not line.asks_again(asked)
    assert line.wait(asked) > 0.2
    line.answered(asked + 0.002)
    assert line.wait(asked + 0.002) == 0
    assert line.is_question_due(3_000)


def asked_often(line: Confirmations) -> int:
    """Ask again while a line takes 0.4 s for a frame; how often."""
    line.asked(8_000, 20.0)
    line.wrote(8_000, 20.0)
    times = 0
    for number in range(400):
        if line.asks_again(at := 20.0 + number / 1_000):
            line.asked_again(10, at)
            times += 1
    assert 3 <= times <= 5
    assert line.wait(20.25) > 0, "no frame goes meanwhile"
    return times


@pytest.mark.parametrize("each_is_answered", [True, False], ids=["each", "only once"])
def test_a_quick_terminal_that_becomes_slow_is_waited_for_from_the_first_answer_on(
    each_is_answered: bool,
) -> None:
    line = quick()
    times = asked_often(line)
    line.answered(20.4)
    assert line.wait(20.4) == 0
    assert 8_000 * line.speed.seconds_per_byte > 0.3
    line.asked(8_000, 20.401)
    line.wrote(8_000, 20.401)
    if each_is_answered:
        for number in range(times):
            line.answered(20.402 + number / 1_000)
        assert line.wait(20.41) > 0, "these were answers to the questions before"
    line.answered(20.4 + TOGETHER + 0.4)
    assert line.wait(20.4 + TOGETHER + 0.4) == 0


def test_answers_to_what_was_asked_before_a_suspension_are_not_waited_for() -> None:
    line = Confirmations()
    line.asked(3_000, 0.0)
    line.wrote(3_000, 0.0)
    line.restart()
    assert line.wait(0.0) == 0


def test_what_every_answer_takes_is_not_the_frames() -> None:
    """On a long way the smallest answer takes long as well."""
    line = Confirmations()
    for size, took in ((1_100, 0.1), (4_000, 0.1)):
        line.asked(size, 1.0)
        line.wrote(size, 1.0)
        line.answered(1.0 + took)
    assert line.speed.seconds_per_byte == 0
    for _ in range(5):
        line.asked(4_000, 1.0)
        line.wrote(4_000, 1.0)
        line.answered(1.0 + 0.3)
    assert 4_000 * line.speed.seconds_per_byte == pytest.approx(0.2, rel=0.01)

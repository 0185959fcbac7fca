"""What a terminal has taken of what was written, as far as it can be known."""

import pytest

from userdesk.tui.terminal.flow import (
    ASK_AFTER,
    FORGOTTEN,
    HELD,
    KNOWN,
    KNOWN_PATIENCE,
    LONGEST,
    LOST_AFTER,
    PATIENCE,
    SLOWEST,
    STALL,
    Flow,
)


def slow(rate: float = 20_000) -> Flow:
    """A line of so many bytes a second that took 3,000 bytes more, at 0 s, as it had room for them."""
    flow = Flow()
    flow.wrote(HELD, -3_000 / rate)
    flow.blocked(-3_000 / rate)
    flow.wrote(1_000, -1_000 / rate)
    flow.blocked(-1_000 / rate)
    flow.wrote(2_000, 0.0)
    flow.caught_up(0.0)
    return flow


def test_a_terminal_that_takes_everything_is_never_waited_for() -> None:
    flow = Flow()
    for number in range(1_000):
        flow.wrote(5_000, number / 60)
        assert flow.wait(number / 60) == 0
    assert flow.seconds_for(5_000) == 0


def test_the_rate_of_a_slow_line_is_found_once_the_system_holds_all_that_it_can() -> None:
    flow = slow()
    assert flow.rate == pytest.approx(20_000)
    assert flow.wait(0.0) == pytest.approx(LONGEST)
    assert flow.seconds_for(2_000) == pytest.approx(0.1)


def test_what_the_terminal_took_since_the_system_got_it_is_not_waited_for() -> None:
    flow = Flow()
    flow.wrote(10_000, 0.0)
    flow.wrote(4_000, 0.4)  # 2,000 bytes were left
    flow.blocked(0.5)
    flow.wrote(2_000, 0.6)
    flow.caught_up(0.6)
    assert flow.rate == pytest.approx(20_000)
    assert flow.wait(0.6) == pytest.approx((2_000 + 4_000 - 4_000 + 2_000) / 20_000)


def test_a_few_bytes_that_were_refused_tell_nothing() -> None:
    flow = Flow()
    flow.wrote(HELD, 0.0)
    flow.blocked(0.0)
    flow.wrote(10, 0.03)
    flow.caught_up(0.03)
    assert flow.rate is None and flow.wait(0.03) == 0


def test_from_then_on_a_frame_waits_until_the_one_before_has_left() -> None:
    flow = slow()
    flow.wrote(2_000, 10.0)
    assert flow.wait(10.0) == pytest.approx(0.1)
    assert flow.wait(10.05) == pytest.approx(0.05)
    assert flow.wait(10.1) == 0
    flow.wrote(100, 10.1)
    assert flow.wait(10.1) == 0  # a key's echo is no queue


def test_a_terminal_that_had_stopped_is_not_taken_for_a_slow_one() -> None:
    flow = Flow()
    flow.wrote(HELD, 0.0)
    flow.blocked(0.0)
    flow.wrote(3_000, STALL + 1)
    flow.caught_up(STALL + 1)
    assert flow.rate is None and flow.wait(STALL + 1) == 0


def test_a_rate_is_doubted_after_a_pause() -> None:
    flow = slow()
    flow.wrote(1, 1.0)
    flow.wrote(1, 1.0 + FORGOTTEN + 1)
    assert flow.rate == pytest.approx(40_000)


def test_a_fast_terminal_that_was_busy_once_is_fast_again_within_seconds() -> None:
    flow = slow(100_000)
    for number in range(10):
        flow.wrote(1, 1.0 + number)
    assert flow.rate is not None and flow.rate > 500_000


def answering() -> Flow:
    flow = Flow()
    flow.answered(0.0)
    return flow


def test_nobody_is_asked_who_never_answered() -> None:
    assert not Flow().is_question_due(ASK_AFTER)


def test_one_question_at_a_time_behind_what_is_worth_it() -> None:
    flow = answering()
    assert not flow.is_question_due(ASK_AFTER - 1)
    assert flow.is_question_due(ASK_AFTER)
    flow.asked(ASK_AFTER, 0.0)
    flow.wrote(ASK_AFTER, 0.0)
    assert not flow.is_question_due(ASK_AFTER)
    flow.answered(0.0)
    assert flow.is_question_due(ASK_AFTER)


def test_a_frame_waits_for_the_answer_behind_the_one_before() -> None:
    flow = answering()
    flow.asked(3_000, 0.0)
    flow.wrote(3_000, 0.0)
    assert flow.wait(0.02) == pytest.approx(PATIENCE - 0.02)
    flow.answered(0.02)
    assert flow.wait(0.02) == 0


def test_an_answer_is_waited_for_longer_where_answers_take_long() -> None:
    flow = answering()
    for _ in range(20):
        flow.asked(3_000, 0.0)
        flow.wrote(3_000, 0.0)
        flow.answered(0.2)
    flow.asked(3_000, 0.0)
    flow.wrote(3_000, 0.0)
    assert flow.wait(0.0) == pytest.approx(4 * 0.2, rel=0.01)


def test_a_key_does_not_wait_for_the_answer_behind_little() -> None:
    flow = answering()
    flow.asked(1_500, 0.0)
    flow.wrote(1_500, 0.0)
    assert flow.wait(0.0) == 0


def test_while_an_answer_is_late_fewer_and_fewer_frames_go() -> None:
    """A line that has become slow answers late, and its answer is the one to the question that was asked."""
    flow = answering()
    flow.asked(3_000, 0.0)
    flow.wrote(3_000, 0.0)
    assert flow.wait(PATIENCE) == 0
    flow.wrote(3_000, PATIENCE)
    assert flow.wait(PATIENCE) == pytest.approx(PATIENCE)
    assert not flow.is_question_due(3_000)
    flow.answered(2 * PATIENCE)
    assert flow.wait(2 * PATIENCE) == 0 and flow.is_question_due(0)


def test_an_answer_that_is_lost_is_asked_for_again() -> None:
    flow = answering()
    flow.asked(3_000, 0.0)
    flow.wrote(3_000, 0.0)
    assert flow.wait(LOST_AFTER + 0.1) == 0
    assert flow.is_question_due(3_000)


def quick() -> Flow:
    """Of a terminal that has answered every question so far within 3 ms."""
    flow = answering()
    for at in range(KNOWN):
        flow.asked(3_000, float(at))
        flow.wrote(3_000, float(at))
        flow.answered(at + 0.003)
    return flow


def test_an_answer_that_is_lost_holds_a_quick_terminal_back_for_a_moment_only() -> None:
    flow = quick()
    flow.asked(3_000, 20.0)
    flow.wrote(3_000, 20.0)
    assert flow.wait(20.0) == pytest.approx(KNOWN_PATIENCE)
    assert flow.wait(20.0 + KNOWN_PATIENCE) == 0
    assert flow.is_question_due(3_000), "it is asked anew"


def test_a_quick_terminal_that_becomes_slow_is_waited_for_from_the_second_answer_on() -> None:
    """Its answers are not lost but late; the first one comes to a later question than it answers."""
    flow = quick()
    flow.asked(8_000, 20.0)
    flow.wrote(8_000, 20.0)
    assert flow.wait(20.1) == 0
    flow.asked(8_000, 20.1)
    flow.wrote(8_000, 20.1)
    assert flow.wait(20.1) == pytest.approx(PATIENCE), "another answer that is late is not taken for lost"
    flow.answered(20.4)
    flow.asked(8_000, 20.4)
    flow.wrote(8_000, 20.4)
    assert flow.wait(20.4) == pytest.approx(4 * (0.3 / 2), rel=0.05)


def test_answers_to_what_was_asked_before_a_suspension_are_not_waited_for() -> None:
    flow = answering()
    flow.asked(3_000, 0.0)
    flow.wrote(3_000, 0.0)
    flow.restart()
    assert flow.wait(0.0) == 0


def test_what_every_answer_takes_is_not_the_frames() -> None:
    """On a long way the smallest answer takes long as well."""
    flow = answering()
    for size, took in ((1_100, 0.1), (4_000, 0.1), (4_000, 0.3)):
        flow.asked(size, 1.0)
        flow.wrote(size, 1.0)
        flow.answered(1.0 + took)
        assert flow.seconds_for(4_000) == pytest.approx(took - 0.1)


def test_a_rate_that_was_found_too_low_holds_nothing_back_for_long() -> None:
    """The reader, or the whole machine, was busy with other things while its rate was measured."""
    flow = Flow()
    flow.wrote(HELD, 0.0)
    flow.blocked(0.0)
    flow.wrote(1_000, 2.9)
    flow.caught_up(2.9)
    assert flow.rate == SLOWEST
    assert 0 < flow.wait(2.9) <= LONGEST and flow.wait(2.9 + LONGEST) == 0
    for second in range(30):
        flow.wrote(4_000, 4.0 + second)
    assert flow.rate >= 2 * SLOWEST

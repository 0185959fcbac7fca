"""What is known of a terminal, by what tells of it best."""

from math import inf

import pytest

from userdesk.tui.terminal.confirmations import ASK_AFTER
from userdesk.tui.terminal.flow import LEAST_PART, PART, Flow
from userdesk.tui.terminal.queue_estimate import HELD, LONGEST

RATE = 20_000  # bytes a second


def read_slowly(flow: Flow, at: float, size: int = 4_000) -> None:
    """A frame on a line of 20 kB/s that answers nothing."""
    flow.wrote(size, at, is_reading_sure=True)
    flow.was_read(at + size / RATE)


def told() -> Flow:
    """Of a line of 20 kB/s that answers nothing, whose readings the system has told for a while."""
    flow = Flow()
    for at in range(5):
        read_slowly(flow, float(at))
    return flow


def test_nobody_is_asked_who_never_answered() -> None:
    assert not Flow().is_question_due(ASK_AFTER)


def test_a_terminal_that_takes_everything_is_never_waited_for() -> None:
    flow = Flow()
    for number in range(1_000):
        flow.wrote(5_000, number / 60)
        assert flow.wait(number / 60) == flow.pause(number / 60) == 0


def test_what_reads_everything_before_the_next_frame_is_not_slow() -> None:
    flow = Flow()
    for number in range(200):
        assert flow.wait(number / 40) == flow.pause(number / 40) == 0
        flow.wrote(4_000, number / 40, is_reading_sure=number % 2 == 0)
        flow.was_read(number / 40 + 0.024, is_late=True)
    assert not flow.is_slow


def test_a_slow_line_is_left_to_keys_for_as_long_as_a_frame_takes() -> None:
    flow = told()
    assert flow.is_slow
    flow.wrote(4_000, 10.0, is_reading_sure=True)
    assert flow.pause(10.0) == pytest.approx(0.4, rel=0.01)
    assert flow.pause(10.41) == 0


def test_a_frame_waits_until_the_one_before_is_read_a_key_does_not() -> None:
    flow = told()
    flow.wrote(1_500, 10.0, is_reading_sure=True)
    assert flow.wait(10.0) == 0
    flow.wrote(2_500, 10.01, is_reading_sure=True)
    assert flow.wait(10.1) > 0
    flow.was_read(10.2)
    assert flow.wait(10.2) == 0


def test_what_became_fast_is_fast_within_a_second() -> None:
    flow = told()
    at = 10.0
    while flow.is_slow:
        flow.wrote(4_000, at, is_reading_sure=True)
        flow.was_read(at + 0.001)
        at += max(0.025, flow.pause(at))
    assert at < 11.0


def test_answers_of_the_terminal_are_better_than_readings_by_what_carries_there() -> None:
    flow = told()
    flow.answered(9.0)
    assert not flow.is_slow
    flow.asked(4_000, 10.0)
    flow.wrote(4_000, 10.0)
    flow.was_read(10.001)
    assert flow.wait(10.001) > 0
    flow.answered(10.2)
    assert flow.wait(10.2) == 0


def test_where_nothing_tells_what_the_system_refuses_does() -> None:
    flow = Flow()
    flow.wrote(HELD, 0.0)
    flow.blocked(0.0)
    flow.wrote(2_000, 0.1)
    flow.caught_up(0.1)
    assert flow.is_slow
    assert flow.wait(0.1) == pytest.approx(LONGEST)


def test_what_was_on_its_way_is_nothing_to_who_takes_the_terminal_anew() -> None:
    flow = told()
    flow.wrote(4_000, 10.0, is_reading_sure=True)
    flow.restart()
    assert flow.wait(10.0) == 0


def test_a_part_of_a_frame_takes_a_slow_line_for_a_moment_only() -> None:
    flow = told()
    assert flow.room(10.0) == pytest.approx(PART * RATE, rel=0.01)
    flow.wrote(1_000, 10.0, is_reading_sure=True)
    assert flow.room(10.0) == pytest.approx(PART * RATE - 1_000, rel=0.02)
    flow.wrote(1_000, 10.0, is_reading_sure=True)
    assert flow.room(10.0) <= LEAST_PART and flow.rest(10.0) == pytest.approx(PART, rel=0.01)
    flow.wrote(1_000, 10.0, is_reading_sure=True)
    assert flow.room(10.0) == 0
    flow.was_read(10.1)
    assert flow.rest(10.1) == 0 and flow.room(10.1) > LEAST_PART


def test_a_line_that_is_not_slow_has_room_for_anything() -> None:
    flow = Flow()
    flow.wrote(100_000, 0.0)
    assert flow.room(0.0) == inf and flow.rest(0.0) == 0


def test_small_frames_show_that_a_line_became_fast_as_well() -> None:
    flow = told()
    for number in range(20):
        flow.wrote(300, 10 + number / 10, is_reading_sure=True)
        flow.was_read(10 + number / 10 + 0.0001)
    assert not flow.is_slow


def test_the_small_frames_of_a_slow_line_make_it_no_faster() -> None:
    flow = told()
    for number in range(50):
        flow.wrote(100, 10 + number / 10, is_reading_sure=True)
        flow.was_read(10 + number / 10 + 0.01)
    flow.wrote(4_000, 20.0, is_reading_sure=True)
    assert flow.pause(20.0) == pytest.approx(0.4, rel=0.01)

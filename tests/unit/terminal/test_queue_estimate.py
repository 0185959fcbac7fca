"""How much the system holds for a terminal of which nothing tells, as far as it can be known."""

import pytest

from userdesk.tui.terminal.line_speed import SLOWEST, STALL
from userdesk.tui.terminal.queue_estimate import (
    DOUBT,
    DOUBT_LONGER,
    FORGOTTEN,
    HELD,
    LONGEST,
    QueueEstimate,
)


def slow(rate: float = 20_000) -> QueueEstimate:
    """A line of so many bytes a second that took 3,000 bytes more, at 0 s, as it had room for them."""
    estimate = QueueEstimate()
    estimate.wrote(HELD, -3_000 / rate)
    estimate.blocked(-3_000 / rate)
    estimate.wrote(1_000, -1_000 / rate)
    estimate.blocked(-1_000 / rate)
    estimate.wrote(2_000, 0.0)
    estimate.caught_up(0.0)
    return estimate


def test_a_terminal_that_takes_everything_is_never_waited_for() -> None:
    estimate = QueueEstimate()
    for number in range(1_000):
        estimate.wrote(5_000, number / 60)
        assert estimate.wait(number / 60) == 0


def test_the_rate_of_a_slow_line_is_found_once_the_system_holds_all_that_it_can() -> None:
    estimate = slow()
    assert estimate.rate == pytest.approx(20_000)
    assert estimate.wait(0.0) == pytest.approx(LONGEST)


def test_what_the_terminal_took_since_the_system_got_it_is_not_waited_for() -> None:
    estimate = QueueEstimate()
    estimate.wrote(10_000, 0.0)
    estimate.wrote(4_000, 0.4)  # 2,000 bytes were left
    estimate.blocked(0.5)
    estimate.wrote(2_000, 0.6)
    estimate.caught_up(0.6)
    assert estimate.rate == pytest.approx(20_000)
    assert estimate.wait(0.6) == pytest.approx((2_000 + 4_000 - 4_000 + 2_000) / 20_000)


def test_a_few_bytes_that_were_refused_tell_nothing() -> None:
    estimate = QueueEstimate()
    estimate.wrote(HELD, 0.0)
    estimate.blocked(0.0)
    estimate.wrote(10, 0.03)
    estimate.caught_up(0.03)
    assert estimate.rate is None and estimate.wait(0.03) == 0


def test_from_then_on_a_frame_waits_until_the_one_before_has_left() -> None:
    estimate = slow()
    estimate.wrote(2_000, 10.0)
    assert estimate.wait(10.0) == pytest.approx(0.1)
    assert estimate.wait(10.05) == pytest.approx(0.05)
    assert estimate.wait(10.1) == 0
    estimate.wrote(100, 10.1)
    assert estimate.wait(10.1) == 0  # a key's echo is no queue


def test_a_terminal_that_had_stopped_is_not_taken_for_a_slow_one() -> None:
    estimate = QueueEstimate()
    estimate.wrote(HELD, 0.0)
    estimate.blocked(0.0)
    estimate.wrote(3_000, STALL + 1)
    estimate.caught_up(STALL + 1)
    assert estimate.rate is None and estimate.wait(STALL + 1) == 0


def test_a_rate_is_doubted_after_a_pause() -> None:
    estimate = slow()
    estimate.wrote(1, 1.0)
    estimate.wrote(1, 1.0 + FORGOTTEN + 1)
    assert estimate.rate == pytest.approx(40_000)


def test_a_fast_terminal_that_was_busy_once_is_fast_again_within_seconds() -> None:
    estimate = slow(100_000)
    for number in range(10):
        estimate.wrote(1, 1.0 + number)
    assert estimate.rate is not None and estimate.rate > 500_000


def test_a_rate_that_was_found_too_low_holds_nothing_back_for_long() -> None:
    """The reader, or the whole machine, was busy with other things while its rate was measured."""
    estimate = QueueEstimate()
    estimate.wrote(HELD, 0.0)
    estimate.blocked(0.0)
    estimate.wrote(1_000, 2.9)
    estimate.caught_up(2.9)
    assert estimate.rate == SLOWEST
    assert 0 < estimate.wait(2.9) <= LONGEST and estimate.wait(2.9 + LONGEST) == 0
    for second in range(30):
        estimate.wrote(4_000, 4.0 + second)
    assert estimate.rate >= 2 * SLOWEST


def read_at_once(estimate: QueueEstimate, begin: float, seconds: float) -> None:
    """Frames of 4,000 bytes, twenty a second, each of which is read as soon as it is written."""
    for number in range(round(20 * seconds)):
        estimate.wrote(4_000, begin + number / 20)
        estimate.was_read(begin + number / 20 + 0.001)


def test_a_terminal_that_reads_sooner_than_thought_is_fast_again_within_two_seconds() -> None:
    estimate = slow()
    read_at_once(estimate, 10.0, 2.0)
    assert estimate.rate is None or 4_000 / estimate.rate < 0.025


def test_what_is_doubted_in_vain_is_doubted_less_often() -> None:
    """Over ssh everything is read at once; what is refused then says how slow the line is."""
    estimate = slow()
    read_at_once(estimate, 10.0, 0.1)
    assert estimate.rate == pytest.approx(40_000)
    estimate.blocked(11.0)
    estimate.wrote(2_000, 11.1)
    estimate.caught_up(11.1)
    found = estimate.rate
    read_at_once(estimate, 11.1 + DOUBT, DOUBT)
    assert estimate.rate == found, "not yet"
    read_at_once(estimate, 12.0 + DOUBT_LONGER * DOUBT, 0.1)
    assert estimate.rate == pytest.approx(2 * found, rel=0.05)


def test_a_line_read_as_slowly_as_was_measured_is_not_doubted() -> None:
    estimate = slow()
    for at in range(10, 20):
        estimate.wrote(4_000, float(at))
        estimate.was_read(at + 0.2)
    assert estimate.rate == pytest.approx(20_000)

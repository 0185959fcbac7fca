"""What is known of the reader of a pseudo-terminal, though some of its readings are missed."""

import pytest

from userdesk.tui.terminal.readings import ASK_AGAIN, NEVER_HELD, PATIENCE, Readings

FRAME = 4_000  # bytes


def told(*, took: float = 0.0) -> Readings:
    """Of a reader that took so long for each frame until 0 s."""
    readings = Readings()
    for at in range(-10, 0):
        readings.wrote(FRAME, float(at), is_sure=True)
        readings.was_read(at + took, is_late=False)
    return readings


def test_nothing_is_waited_for_where_the_system_never_told_of_a_reading() -> None:
    readings = Readings()
    for at in range(10):
        readings.wrote(FRAME, float(at), is_sure=True)
    assert readings.wait(10.0) == 0 and not readings.asks(10.0)


def test_a_reading_that_will_be_seen_is_waited_for() -> None:
    readings = told()
    readings.wrote(FRAME, 0.0, is_sure=True)
    assert readings.wait(0.02) == pytest.approx(PATIENCE - 0.02)
    readings.wrote(FRAME, PATIENCE, is_sure=True)
    assert readings.wait(PATIENCE) == pytest.approx(PATIENCE), "quick readers hold nothing up for long"
    readings.was_read(PATIENCE + 0.01, is_late=False)
    assert readings.wait(PATIENCE + 0.01) == 0


def test_one_that_may_have_been_missed_is_soon_over_at_a_quick_reader() -> None:
    readings = told()
    readings.wrote(FRAME, 0.0, is_sure=False)
    assert 0 < readings.wait(0.0) <= ASK_AGAIN and readings.wait(2 * ASK_AGAIN) == 0


def test_and_is_waited_for_as_long_as_a_slow_one_takes() -> None:
    readings = told(took=0.2)
    readings.wrote(FRAME, 0.0, is_sure=False)
    assert readings.wait(0.2) > 0 and readings.wait(1.0) == 0


def test_missed_readings_say_that_a_slow_reader_is_quick_now() -> None:
    readings = told(took=0.2)
    before = readings.speed.seconds_per_byte
    for at in range(NEVER_HELD // FRAME + 1):
        readings.wrote(FRAME, float(at), is_sure=False)
    assert before > 0 and readings.speed.seconds_per_byte == 0


def test_a_byte_that_says_nothing_is_due_less_and_less_often() -> None:
    readings = told()
    readings.wrote(FRAME, 0.0, is_sure=True)
    asked = [at for at in (number / 1_000 for number in range(20_000)) if readings.asks(at)]
    assert asked[0] == pytest.approx(ASK_AGAIN, abs=0.001) and 8 <= len(asked) <= 12
    readings.was_read(20.0, is_late=False)
    assert not readings.asks(30.0)


def test_while_the_reader_has_stopped_next_to_nothing_is_written() -> None:
    readings = told(took=0.2)
    before = readings.speed.seconds_per_byte
    readings.wrote(FRAME, 0.0, is_sure=True)
    went = 0
    for at in range(60):
        if readings.wait(float(at)) == 0:
            readings.wrote(FRAME, float(at), is_sure=True)
            went += 1
    assert went <= 7
    readings.was_read(60.0, is_late=False)
    assert readings.speed.seconds_per_byte == before, "a stop tells nothing of the speed"


def test_what_was_read_long_before_it_was_looked_for_is_not_slow() -> None:
    readings = told()
    readings.wrote(FRAME, 0.0, is_sure=True)
    readings.was_read(1.0, is_late=True)
    assert readings.speed.seconds_per_byte == 0


def test_a_key_behind_a_frame_makes_the_frame_no_slower() -> None:
    """Of the frame the reading may have been missed, and a key's echo came 0.1 s later."""
    readings = told()
    readings.wrote(FRAME, 0.0, is_sure=False)
    readings.wrote(100, 0.004, is_sure=True)
    readings.was_read(0.05, is_late=False)
    assert readings.speed.seconds_per_byte == 0


def test_a_system_that_does_not_tell_any_more_is_not_waited_for() -> None:
    readings = told()
    readings.wrote(NEVER_HELD + 1, 0.0, is_sure=True)
    assert readings.wait(0.0) == 0

"""Little reads are spaced, others are not."""

import pytest

from userdesk.api.read_pace import AT_ONCE, LITTLE, READS, ReadPace


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_the_first_reads_and_large_ones_never_wait() -> None:
    pace = ReadPace(Clock())
    for size in [1] * (AT_ONCE - 1) + [LITTLE] * 1_000:
        assert pace.wait == 0
        pace.read(size)


def test_what_trickles_in_is_read_so_often_at_most() -> None:
    clock = Clock()
    pace = ReadPace(clock)
    begun, count = clock.now, AT_ONCE + 24
    for _ in range(count):
        clock.now += pace.wait
        pace.read(1)
    assert clock.now - begun == pytest.approx((count - AT_ONCE) / READS)


def test_a_pause_brings_the_first_reads_back_and_no_more() -> None:
    clock = Clock()
    pace = ReadPace(clock)
    for _ in range(AT_ONCE):
        pace.read(1)
    clock.now += 60
    for _ in range(AT_ONCE):
        assert pace.wait == 0
        pace.read(1)
    assert pace.wait == pytest.approx(1 / READS)

"""Little reads are spaced and passed on together, others are not."""

import pytest

from userdesk.api.read_pace import AT_ONCE, END, LITTLE, LONGEST, QUIET, READS, Gathering, ReadPace


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


def passed_on(times: list[float], data: bytes = b"text") -> list[float]:
    """When chunks that come at these times, which begin at 0, are passed on."""
    clock = Clock()
    gathering, begun = Gathering(clock), clock.now
    passed: list[float] = []
    held, due = b"", 0.0

    def pass_on() -> None:
        nonlocal held
        held = b""
        passed.append(clock.now - begun)
        gathering.passed_on()

    for time in times:
        if held and due < begun + time:
            clock.now = due
            pass_on()
        clock.now = begun + time
        held += data
        wait = gathering.wait(held)
        due = clock.now + wait
        if not wait:
            pass_on()
    if held:
        clock.now = due
        pass_on()
    return passed


@pytest.mark.parametrize(
    ("distance", "every"),
    [(0.012, 3), (1 / READS, 4), (0.02, 2), (0.03, 1)],
    ids=["83 a second", "as often as is read", "50 a second", "33 a second"],
)
def test_chunks_are_passed_on_by_one_that_comes(distance: float, every: int) -> None:
    times = [distance * number for number in range(AT_ONCE + 30)]
    due = [*times[: AT_ONCE - 1], *times[AT_ONCE - 1 :: every]]
    assert passed_on(times)[: len(due)] == pytest.approx(due)


def test_what_nothing_follows_is_held_no_longer_than_that() -> None:
    times = [0.001 * number for number in range(AT_ONCE + 2)]
    assert passed_on(times) == pytest.approx([*times[:AT_ONCE], times[AT_ONCE] + LONGEST])


@pytest.mark.parametrize("data", [b"0" + END, b"x" * LITTLE], ids=["end", "much"])
def test_the_end_and_much_are_passed_on_at_once(data: bytes) -> None:
    times = [0.001 * number for number in range(AT_ONCE + 5)]
    assert passed_on(times, data) == pytest.approx(times)


def test_after_a_pause_the_first_reads_are_passed_on_at_once_again() -> None:
    first = [0.001 * number for number in range(AT_ONCE)]
    times = [*first, *(QUIET + 0.01 + time for time in first)]
    assert passed_on(times) == pytest.approx(times)

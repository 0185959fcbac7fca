"""How a run slows down when the service asks for it: one pause for all, then a careful start."""

import asyncio
import time

import pytest

from userdesk.domain.failure import Failure, FailureKind
from userdesk.questions.throttle import Throttle, asks_to_wait

SHORT = 0.05  # s; what is left of the patience is what bounds a pause here


def refusal(status: int = 429, retry_after: float | None = None, *, arrived: bool = False) -> Failure:
    return Failure(
        FailureKind.RATE_LIMITED,
        "Too many requests",
        status=status,
        retry_after=retry_after,
        may_have_arrived=arrived,
    )


@pytest.mark.parametrize(
    ("status", "waits"), [(429, True), (503, True), (529, True), (500, False), (502, False)]
)
def test_only_what_was_refused_for_now_is_sent_again(status: int, waits: bool) -> None:
    assert asks_to_wait(refusal(status)) is waits
    assert not asks_to_wait(refusal(status, arrived=True))


@pytest.mark.parametrize(
    ("asked", "pauses"),
    [
        (None, [1, 2, 4, 8]),
        (0.0, [1, 2, 4, 8]),  # or a date in the past: asked for without end, it would be a busy loop
        (0.01, [1, 2, 4, 8]),
        (3.0, [3, 3, 3, 3]),
        (86_400.0, [100, 0]),
    ],
)
def test_pauses_are_as_asked_or_grow(
    monkeypatch: pytest.MonkeyPatch, asked: float | None, pauses: list[int]
) -> None:
    clock = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    told: list[float] = []
    throttle = Throttle(4, 100, lambda seconds, why: told.append(seconds))
    for pause in pauses:
        assert throttle.refused(refusal(retry_after=asked)) is (pause > 0)
        clock += pause
    assert told == pytest.approx([pause for pause in pauses if pause])
    assert throttle.waited == pytest.approx(sum(pauses))


def test_refusals_of_one_pause_are_one_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    throttle = Throttle(32, 10)
    for _ in range(32):
        assert throttle.refused(refusal())
    clock += 0.5
    assert throttle.refused(refusal(retry_after=4.0))  # a longer one is the one that counts
    assert throttle.waited == 0.5
    clock += 100
    assert throttle.waited == 4.5
    assert throttle.refused(refusal())
    clock += 100
    assert throttle.waited == 6.5
    assert throttle.refused(refusal(retry_after=60.0))
    clock += 100
    assert throttle.waited == 10
    assert not throttle.refused(refusal())
    assert throttle.waited == 10


async def test_nobody_enters_in_a_pause_and_one_alone_after_it() -> None:
    """Thirty conversations that all wait do not all come back at the same moment."""
    throttle = Throttle(32, SHORT)
    entered: list[float] = []

    async def ask() -> None:
        await throttle.enter()
        entered.append(time.monotonic())

    assert throttle.refused(refusal())
    begun = time.monotonic()
    asking = [asyncio.create_task(ask()) for _ in range(32)]
    await asking[0]
    assert entered[0] - begun >= SHORT * 0.9
    await asyncio.sleep(0)
    counts = [len(entered)]
    for _ in range(3):
        throttle.accepted()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        counts.append(len(entered))
    assert counts == [1, 2, 3, 4]
    for _ in range(100):
        throttle.accepted()
        throttle.leave()
    await asyncio.gather(*asking)
    assert not throttle.refused(refusal())  # the patience is at its end


async def test_a_run_that_is_never_refused_is_not_slowed_down() -> None:
    throttle = Throttle(8, 60)
    async with asyncio.timeout(5):
        for _ in range(8):
            await throttle.enter()
        waiting = asyncio.create_task(throttle.enter())
        await asyncio.sleep(0)
        assert not waiting.done()
        throttle.leave()
        await waiting
    assert throttle.waited == 0

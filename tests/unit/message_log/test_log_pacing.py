"""The pacer: at most a flush a frame, and a longer pause after a dear one."""

import asyncio
import time
from collections.abc import Callable
from itertools import pairwise
from types import SimpleNamespace

import pytest

from userdesk.tui.message_log import view_follower
from userdesk.tui.message_log.view_follower import COST_FACTOR, FRAME, PIECES, Pacer, TextPace


def keeps_up() -> float:
    return 0.0


class Flushes:
    def __init__(self, cost: float = 0.0) -> None:
        self.at: list[float] = []
        self._cost = cost

    def __call__(self) -> None:
        self.at.append(time.monotonic())
        end = time.monotonic() + self._cost
        while time.monotonic() < end:
            pass


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "the flush never came"
        await asyncio.sleep(0.001)


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """All changes are told in the same moment, however long the machine takes for it."""
    monkeypatch.setattr(view_follower, "time", SimpleNamespace(monotonic=lambda: 1000.0))


@pytest.mark.usefixtures("one_moment")
async def test_the_first_change_is_shown_at_once_the_next_a_frame_later() -> None:
    flushes = Flushes()
    pacer = Pacer(flushes, keeps_up)
    pacer.changed(FRAME)
    assert len(flushes.at) == 1
    pacer.changed(FRAME)
    assert pacer.is_due and len(flushes.at) == 1
    await until(lambda: len(flushes.at) == 2)
    assert flushes.at[1] - flushes.at[0] >= FRAME - 0.002
    assert not pacer.is_due, "nothing is drawn while nothing changes"


async def test_text_that_comes_when_a_frame_is_due_is_drawn_with_what_waited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1000.0]
    monkeypatch.setattr(view_follower, "time", SimpleNamespace(monotonic=lambda: now[0]))
    shown: list[float] = []
    pacer = Pacer(lambda: shown.append(now[0]), keeps_up)
    for now[0] in (1000.0, 1000.012, 1000.012 + FRAME - 0.013, 1000.0 + FRAME, 1000.001 + FRAME):
        pacer.changed(FRAME)
    assert shown == [1000.0, 1000.0 + FRAME]
    assert pacer.is_due, "what came behind it waits"
    pacer.cancel()


@pytest.mark.parametrize(("a_second", "together"), [(83, 3), (130, 4), (25, 1)])
async def test_pieces_that_trickle_in_are_drawn_when_the_third_comes(
    a_second: int, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(view_follower, "time", SimpleNamespace(monotonic=lambda: now[0]))
    shown: list[int] = []
    number = 0
    pace, pacer = TextPace(), Pacer(lambda: shown.append(number), keeps_up)
    while number < 10 * PIECES:
        number += 1
        now[0] += 1 / a_second
        pace.came()
        pacer.changed(pace.frame)
    pacer.cancel()
    steady = shown[len(shown) // 2 :]
    assert {later - earlier for earlier, later in pairwise(steady)} == {together}


async def test_text_without_a_pause_is_shown_once_a_frame() -> None:
    flushes = Flushes()
    pacer = Pacer(flushes, keeps_up)
    while len(flushes.at) < 6:
        pacer.changed(FRAME)
        await asyncio.sleep(0.001)
    pauses = [later - earlier for earlier, later in pairwise(flushes.at)]
    assert min(pauses) >= FRAME - 0.002


async def test_a_dear_flush_is_followed_by_a_longer_pause() -> None:
    flushes = Flushes(cost=0.03)
    pacer = Pacer(flushes, keeps_up)
    pacer.changed(FRAME)
    pacer.changed(FRAME)
    await until(lambda: len(flushes.at) == 2)
    assert flushes.at[1] - flushes.at[0] >= COST_FACTOR * 0.03


@pytest.mark.usefixtures("one_moment")
async def test_a_cancelled_flush_does_not_come() -> None:
    flushes = Flushes()
    pacer = Pacer(flushes, keeps_up)
    pacer.changed(FRAME)
    pacer.changed(FRAME)
    pacer.cancel()
    assert not pacer.is_due
    pacer.changed(FRAME)
    await until(lambda: len(flushes.at) == 2)
    assert len(flushes.at) == 2


@pytest.mark.usefixtures("one_moment")
async def test_last_text_waits_for_no_frame() -> None:
    shown: list[int] = []
    pacer = Pacer(lambda: shown.append(1), keeps_up)
    pacer.changed(FRAME)
    pacer.changed(FRAME)
    assert pacer.is_due
    pacer.now()
    assert len(shown) == 2
    assert not pacer.is_due


async def test_what_a_slow_line_has_to_wait_for_is_waited_for() -> None:
    pauses = iter([0.0, 0.1, 0.05])
    flushes = Flushes()
    pacer = Pacer(flushes, lambda: next(pauses, 0.0))
    pacer.changed(FRAME)
    pacer.changed(FRAME)
    await until(lambda: len(flushes.at) == 2)
    assert flushes.at[1] - flushes.at[0] >= 0.15 - 0.002, "others used the line meanwhile"

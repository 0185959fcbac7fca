"""The clock of a replay: recorded seconds pass faster, slower, not at all, or at a key."""

import asyncio
import time

from userdesk.tui.replay.screen import SPEEDS, ReplayClock

FOREVER = 3600.0  # s; only a step or a speed ends such a wait in a test


async def under_way(clock: ReplayClock, seconds: float) -> asyncio.Task[None]:
    task = asyncio.create_task(clock.wait(seconds))
    for _ in range(3):
        await asyncio.sleep(0)
    return task


async def test_recorded_seconds_pass_at_their_speed() -> None:
    clock, begun = ReplayClock(), time.monotonic()
    for _ in range(9):
        clock.turn(1)
    assert clock.speed == SPEEDS[-1]
    await clock.wait(8.0)
    assert 0.4 <= time.monotonic() - begun < 8.0


async def test_another_speed_holds_at_once_for_what_is_left() -> None:
    clock, begun = ReplayClock(), time.monotonic()
    for _ in range(9):
        clock.turn(-1)
    assert clock.speed == SPEEDS[0]
    task = await under_way(clock, 5.0)
    for _ in range(9):
        clock.turn(1)
    await task
    assert time.monotonic() - begun < 5.0


async def test_step_ends_one_wait() -> None:
    clock = ReplayClock()
    task = await under_way(clock, FOREVER)
    assert not task.done()
    clock.step()
    await asyncio.wait_for(task, 30)


async def test_paused_clock_stands_still_even_where_there_was_no_wait() -> None:
    clock = ReplayClock()
    clock.toggle()
    first = await under_way(clock, 0.0)
    assert not first.done()
    clock.step()
    await asyncio.wait_for(first, 30)
    second = await under_way(clock, 0.0)
    assert not second.done()
    clock.toggle()
    await asyncio.wait_for(second, 30)

import asyncio

from userdesk.tui.ticker import Ticker


async def test_it_ticks_while_it_runs_and_stands_otherwise() -> None:
    ticks: asyncio.Queue[float] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    ticker = Ticker(0.005, lambda: ticks.put_nowait(loop.time()))
    assert ticks.empty()
    ticker.run(True)
    ticker.run(True)
    begun = loop.time()
    times = [await ticks.get() for _ in range(4)]
    assert times[-1] - begun >= 4 * 0.005 * 0.99
    ticker.run(False)
    counted = ticks.qsize()
    other: asyncio.Queue[None] = asyncio.Queue()
    later = Ticker(0.02, lambda: other.put_nowait(None))
    later.run(True)
    await other.get()
    later.run(False)
    assert ticks.qsize() == counted


async def test_ticks_that_were_missed_are_left_out() -> None:
    ticks: asyncio.Queue[float] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    ticker = Ticker(0.005, lambda: ticks.put_nowait(loop.time()))
    ticker.run(True)
    first = await ticks.get()
    until = first + 0.03
    while loop.time() < until:  # the loop is held up
        pass
    late, next_one = await ticks.get(), await ticks.get()
    ticker.run(False)
    assert late >= until
    assert next_one - late >= 0.005 * 0.9


async def test_a_tick_may_end_it() -> None:
    ended = asyncio.Event()

    def tick() -> None:
        ticker.run(False)
        ended.set()

    ticker = Ticker(0.001, tick)
    ticker.run(True)
    await ended.wait()
    ticker.run(True)
    ended.clear()
    await ended.wait()

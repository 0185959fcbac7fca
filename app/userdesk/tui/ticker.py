"""A clock that calls a function at equal times, without a message to any widget for each."""

import asyncio
from collections.abc import Callable


class Ticker:
    """Calls `tick` every `period` seconds while it runs; it stands at first. What it missed it leaves out."""

    def __init__(self, period: float, tick: Callable[[], None]) -> None:
        self._period = period
        self._tick = tick
        self._due: asyncio.TimerHandle | None = None

    def run(self, runs: bool) -> None:
        """Have it run or stand."""
        if runs and self._due is None:
            self._due = asyncio.get_running_loop().call_later(self._period, self._ticks)
        elif not runs and self._due is not None:
            self._due.cancel()
            self._due = None

    def _ticks(self) -> None:
        loop = asyncio.get_running_loop()
        assert self._due is not None
        self._due = loop.call_at(max(self._due.when(), loop.time()) + self._period, self._ticks)
        self._tick()

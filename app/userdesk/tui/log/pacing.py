"""When text that arrives is put on the screen: soon, but never so often that typing has to wait."""

import asyncio
import time
from collections.abc import Callable

FRAME = 1 / 30  # s between two frames while text only grows at the end of the view
SCROLL_FRAME = 1 / 16  # s between two frames that move every row: many times the bytes
FIRST_FRAME = 1 / 60  # s between the first frames of an answer, for which somebody waits
PAUSE = 0.008  # s without text, after which what is there is shown: nothing more may come for a while
COST_FACTOR = 4  # a flush that took long is followed by a pause this many times as long: typing wins


class Pacer:
    """Calls `flush` for changes that are told: after `frame` seconds, or sooner when they pause."""

    def __init__(self, flush: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._flush = flush
        self._clock = clock
        self._timer: asyncio.TimerHandle | None = None
        self._told = 0.0
        self._latest = 0.0
        self._last = 0.0
        self._cost = 0.0

    @property
    def is_due(self) -> bool:
        """Whether a flush is on its way."""
        return self._timer is not None

    def changed(self, frame: float) -> None:
        """Something is to be shown; `frame` is the least time between two flushes in seconds."""
        self._told = self._clock()
        self._latest = self._last + max(frame, COST_FACTOR * self._cost)
        if self._told >= self._latest:
            self.cancel()
            self._run()
        elif self._timer is None:
            self._wait()

    def cancel(self) -> None:
        """Nothing is to be shown any more."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _due(self) -> float:
        # A pause may bring a flush forward, but no nearer to the one before than to a frame that grows.
        soonest = self._last + max(FRAME, COST_FACTOR * self._cost)
        return min(self._latest, max(soonest, self._told + PAUSE))

    def _wait(self) -> None:
        delay = max(0.0, self._due() - self._clock())
        self._timer = asyncio.get_running_loop().call_later(delay, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._clock() < self._due() - 0.001:  # text came while the pause was waited for
            self._wait()
        else:
            self._run()

    def _run(self) -> None:
        begun = self._clock()
        self._flush()
        self._last = self._clock()
        self._cost = self._last - begun

"""When text that arrives is put on the screen: soon, but never so often that typing has to wait."""

import asyncio
import time
from collections.abc import Callable

FRAME = 1 / 30  # s between two frames while text only grows at the end of the view
SCROLL_FRAME = 1 / 13  # s after a frame that moved the rows: many times the bytes
FIRST_FRAME = 1 / 120  # s between the first frames of an answer, for which somebody waits
COST_FACTOR = 4  # a flush that took long is followed by a pause this many times as long: typing wins


class Pacer:
    """Calls `flush` for changes that are told, at once or when the pause after the last one is over."""

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._timer: asyncio.TimerHandle | None = None
        self._last = 0.0
        self._cost = 0.0

    @property
    def is_due(self) -> bool:
        """Whether a flush is on its way."""
        return self._timer is not None

    def changed(self, frame: float) -> None:
        """Something is to be shown; `frame` is the least time between two flushes in seconds."""
        if self._timer is None:
            pause = frame if frame <= FIRST_FRAME else max(frame, COST_FACTOR * self._cost)
            wait = pause - (time.monotonic() - self._last)
            if wait <= 0:
                self._run()
            else:
                self._timer = asyncio.get_running_loop().call_later(wait, self._run)

    def now(self) -> None:
        """What is to be shown is shown at once: nothing will follow it."""
        self.cancel()
        self._run()

    def cancel(self) -> None:
        """Nothing is to be shown any more."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _run(self) -> None:
        self._timer = None
        begun = time.monotonic()
        self._flush()
        self._last = time.monotonic()
        self._cost = self._last - begun

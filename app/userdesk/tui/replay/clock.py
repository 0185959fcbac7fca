"""The time of a replay: faster, slower, paused, step by step."""

import asyncio
import time

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Times as fast as it was recorded."""


class ReplayClock:
    """Waits recorded seconds; what is changed meanwhile holds at once."""

    def __init__(self) -> None:
        self.speed = 1.0
        self.paused = False
        self._passed = 0.0
        self._since = time.monotonic()
        self._steps = 0
        self._changed = asyncio.Event()

    def now(self) -> float:
        """Recorded seconds since the replay began; they stand still while it is paused."""
        running = 0.0 if self.paused else (time.monotonic() - self._since) * self.speed
        return self._passed + running

    def _keep_time(self) -> None:
        """Before the speed changes: what has passed, passed at the old one."""
        self._passed, self._since = self.now(), time.monotonic()

    def turn(self, direction: int) -> None:
        """One speed up or down."""
        self._keep_time()
        at = SPEEDS.index(self.speed) + direction
        self.speed = SPEEDS[min(len(SPEEDS) - 1, max(0, at))]
        self._changed.set()

    def toggle(self) -> None:
        """Stand still, or go on."""
        self._keep_time()
        self.paused = not self.paused
        self._changed.set()

    def step(self) -> None:
        """The wait under way is over; a paused clock stands still again at the next one."""
        self._steps += 1
        self._changed.set()

    async def wait(self, seconds: float) -> None:
        """Return after so many recorded seconds; at once where there was no wait, unless paused."""
        left = seconds
        await asyncio.sleep(0)
        while self.paused or left > 0:
            if self._steps:
                self._steps -= 1
                self._passed += max(0.0, left)
                return
            self._changed.clear()
            begun, speed = time.monotonic(), self.speed
            limit = None if self.paused else left / speed
            try:
                await asyncio.wait_for(self._changed.wait(), limit)
            except TimeoutError:
                return
            if limit is not None:
                left -= (time.monotonic() - begun) * speed
        self._steps = 0

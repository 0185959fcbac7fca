"""How much a visitor may cost: measured amounts against a clock that is given."""

import time
from collections.abc import Callable

INPUT_A_SECOND = 65_536
"""Bytes that a browser may send in the long run."""
INPUT_BURST = 1_000_000
"""Bytes that it may send at once: a paste."""
INPUT_LEAST = 64
"""What the smallest message counts as, in bytes."""
RESIZE_COSTS = 4096
"""What a new size counts as, in bytes: everything is drawn anew."""
CONNECTIONS_A_MINUTE = 30
"""Pages and websockets of one visit."""
ENTRIES_A_MINUTE = 30
"""New visits of all, beyond what fills all places at once."""
WRONG_A_MINUTE = 60
"""Wrong invitations that are answered with a page."""
TOLD_A_SECOND = 1_000_000
"""Bytes that a visitor's process may tell the host, most of all what is copied."""
TOLD_BURST = 4_000_000
DISK = 256 * 1024**2
"""Bytes of the disk that all files of a visit may take, those that wait to be fetched among them."""


class Bucket:
    """Holds up to `burst` and is filled at `rate` a second."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._held, self._at = burst, clock()

    def take(self, amount: float = 1.0) -> bool:
        """Take an amount if it is there; whether it was."""
        self._fill()
        if self._held < amount:
            return False
        self._held -= amount
        return True

    def wait(self, amount: float = 1.0) -> float:
        """Seconds until an amount is there; 0 if it is now. Takes nothing."""
        self._fill()
        return max(0.0, (amount - self._held) / self._rate)

    def owe(self, amount: float) -> float:
        """Take an amount in any case; the seconds that whoever took it has to wait for it."""
        self._fill()
        self._held -= amount
        return max(0.0, -self._held / self._rate)

    def _fill(self) -> None:
        now = self._clock()
        self._held = min(self._burst, self._held + (now - self._at) * self._rate)
        self._at = now


def a_minute(number: int, clock: Callable[[], float]) -> Bucket:
    """So many things a minute, all of them at once if need be."""
    return Bucket(number / 60, number, clock)

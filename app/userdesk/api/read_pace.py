"""How often a connection is read: what trickles in is read together, since each read has its price."""

from collections.abc import Callable
from time import monotonic

READS = 120  # a second, where each brings little: half a frame of the screen
AT_ONCE = 4  # reads before any waits: a reply that comes whole never does
LITTLE = 4_096  # bytes; a read that brought as much had waited for nothing


class ReadPace:
    """The pace of one connection. A read costs a credit, of which `READS` come back each second.

    Args:
        clock: Gives the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._credit = float(AT_ONCE)
        self._at = clock()

    @property
    def wait(self) -> float:
        """Seconds until the next read is due."""
        now = self._clock()
        self._credit = min(float(AT_ONCE), self._credit + (now - self._at) * READS)
        self._at = now
        return max(0.0, (1 - self._credit) / READS)

    def read(self, size: int) -> None:
        """Note that so many bytes were read."""
        if size < LITTLE:
            self._credit -= 1

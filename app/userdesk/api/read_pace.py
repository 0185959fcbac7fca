"""How often a connection is read: what trickles in is read, and passed on, together: each has its price."""

from collections.abc import Callable
from time import monotonic

READS = 150  # a second, where each brings little: four to a frame of the screen
AT_ONCE = 4  # reads before any waits: a reply that comes whole never does
LITTLE = 4_096  # bytes; a read that brought as much had waited for nothing
TOGETHER = (
    0.0246  # s from which on what comes is passed on: with the fourth read, or the third chunk of 83 a second
)
LONGEST = 0.027  # s that what came is held for more at most
QUIET = 0.2  # s without a byte after which `AT_ONCE` reads are passed on as they come, again
END = b"\r\n\r\n"
"""How the head of a reply ends, and a body in chunks: nothing may follow that could be waited for."""


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


class Gathering:
    """What trickles in is passed on when more of it comes, `TOGETHER` after what was passed on before.

    Words wait so for others that come, not for a clock: where chunks are 12 ms apart, every third one is
    passed on at once and takes those before it along.

    Args:
        clock: Gives the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._passed_on = self._came = -QUIET
        self._at_once = AT_ONCE
        self._held_since: float | None = None

    def wait(self, held: bytes) -> float:
        """Note that something came; the seconds that more is waited for, 0 where all is passed on now.

        `held` is all that came since something was passed on.
        """
        now = self._clock()
        if now - self._came > QUIET:
            self._at_once = AT_ONCE
        self._came = now
        if self._held_since is None:
            self._held_since = now
        is_due = self._at_once > 0 or now - self._passed_on >= TOGETHER
        if is_due or len(held) >= LITTLE or held.endswith(END):
            return 0.0
        return max(0.0, self._held_since + LONGEST - now)

    def passed_on(self) -> None:
        """Note that what was held is passed on."""
        self._passed_on = self._clock()
        self._held_since = None
        self._at_once = max(0, self._at_once - 1)

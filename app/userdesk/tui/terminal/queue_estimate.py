"""How much the system holds for a terminal of which nothing tells what it has taken.

A pseudo-terminal of Linux takes up to 22 kB before it refuses a byte: a second of a line of 20 kB/s, which
what is typed then waits for. A terminal is known as slow once the system takes no more: what it takes then,
and when, is the terminal's rate.
"""

from collections import deque

from userdesk.tui.terminal.line_speed import SLOWEST, SOON, STALL

HELD = 22_000  # bytes that the system holds at most
MEASURED = 1_000  # bytes taken of a full queue from which on they tell a rate
MEASURED_FOR = 0.3  # s after which fewer do
FAST = 50_000  # bytes a second; at such a rate what is held delays nothing for long
RECOVERY = 1.25  # by so much a fast terminal's rate is taken for more a second, as it may have been busy
FORGOTTEN = 30.0  # s without a byte after which a rate is taken for twice as much
REMEMBERED = 200  # writes, from which the queue is worked out once the rate is known
LONGEST = 1.0  # s after a frame that an estimate alone holds the next one back
DOUBT = 0.25  # s between two doublings of a rate that seems too low
DOUBT_LONGER = 4  # times as long between them where the last ones were wrong
LONGEST_DOUBT = 60.0  # s
ANY = 1_000_000  # bytes a second; a terminal that takes as much is not slow


class QueueEstimate:
    """Of one terminal. Times are seconds of the monotonic clock, sizes bytes."""

    def __init__(self) -> None:
        self.rate: float | None = None
        """Bytes a second, where the terminal is known to be slow."""
        self._writes: deque[tuple[float, int]] = deque(maxlen=REMEMBERED)
        self._held = 0.0
        self._at = 0.0
        self._blocked_at: float | None = None
        self._taken = 0
        """Bytes that the system took since it refused some."""
        self._measured_at = -FORGOTTEN
        self._doubled_at = 0.0
        self._doubt = DOUBT

    def wrote(self, size: int, now: float) -> None:
        """The system took so many bytes."""
        self._writes.append((now, size))
        self._advance(now)
        self._held += size
        if self._blocked_at is not None:
            self._taken += size
        elif self.rate and self._held > HELD:  # more than fits: it is faster than we think
            self.rate, self._held = 2 * self.rate, float(HELD)

    def blocked(self, now: float) -> None:
        """The system takes no more."""
        if self._blocked_at is None:
            self._blocked_at, self._taken = now, 0

    def caught_up(self, now: float) -> None:
        """The system has taken everything."""
        if self._blocked_at is None:
            return
        seconds = now - self._blocked_at
        self._blocked_at = None
        if seconds > STALL:
            self.rate, self._held = None, 0.0
            return
        if self._taken < MEASURED and seconds < MEASURED_FOR:
            return
        rate = max(SLOWEST, self._taken / max(seconds, 1e-3))
        self.rate = rate if self.rate is None else (self.rate + rate) / 2
        was_wrong = now - self._measured_at < FORGOTTEN
        self._doubt = min(LONGEST_DOUBT, DOUBT_LONGER * self._doubt) if was_wrong else DOUBT
        self._measured_at = self._doubled_at = now
        self._held = 0.0
        before = self._writes[0][0] if self._writes else now
        for at, size in self._writes:
            self._held = max(0.0, self._held - self.rate * (at - before)) + size
            before = at
        self._held, self._at = min(self._held, float(HELD)), before
        self._advance(now)

    def was_read(self, now: float) -> None:
        """All that was written has been read, by the terminal or by what carries it there.

        A rate at which it would not have been is doubted, less and less often where the doubts are wrong:
        ssh reads at once, and holds what the line does not carry.
        """
        self._advance(now)
        if not self.rate or self._held < self._writes[-1][1] / 2 or now - self._doubled_at < self._doubt:
            return
        self._doubled_at = now
        self.rate = 2 * self.rate if self.rate < ANY else None

    def wait(self, now: float) -> float:
        """Seconds to wait before a further frame."""
        self._advance(now)
        if not self.rate or not self._writes:
            return 0.0
        wait = min(self._held / self.rate, self._writes[-1][0] + LONGEST - now)
        return wait if wait > SOON else 0.0

    def _advance(self, now: float) -> None:
        passed, self._at = now - self._at, now
        if self.rate is None:
            self._held = 0.0
            return
        self._held = max(0.0, self._held - self.rate * passed)
        if passed > FORGOTTEN:
            self.rate *= 2
        elif self.rate > FAST:
            self.rate *= RECOVERY**passed

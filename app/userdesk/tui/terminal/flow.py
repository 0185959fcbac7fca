"""What a terminal has taken of what was written: the system holds much of it for one that is slow.

A pseudo-terminal of Linux takes up to 22 kB before it refuses a byte: a second of a line of 20 kB/s, which
what is typed then waits for. Two things tell of it. A terminal that answers questions is asked one behind a
frame, and its answer says that it is that far. One that does not is known as slow once the system takes no
more: what it takes then, and when, is the terminal's rate. What is not taken yet at that rate is waited for
from then on.
"""

from collections import deque

HELD = 22_000  # bytes that the system holds at most
MEASURED = 1_000  # bytes taken of a full queue from which on they tell a rate
MEASURED_FOR = 0.3  # s after which fewer do
STALL = 3.0  # s; a terminal that took nothing for so long had stopped, and tells nothing of its rate
FAST = 50_000  # bytes a second; at such a rate what is held delays nothing for long
RECOVERY = 1.25  # by so much a fast terminal's rate is taken for more a second, as it may have been busy
FORGOTTEN = 30.0  # s without a byte after which a rate is taken for twice as much
REMEMBERED = 200  # writes, from which the queue is worked out once the rate is known
ASK_AFTER = 1_024  # bytes that are worth a question
ON_THE_WAY = 2_048  # bytes not confirmed beside which others are written: a key's, not a frame's
PATIENCE = 0.15  # s that an answer holds frames back at least; then one goes, another after twice as long
LOST_AFTER = 0.5  # s after which an answer is taken for lost at least
KNOWN = 8  # answers after which it is known how soon they come
KNOWN_PATIENCE = 0.03  # s; what PATIENCE and LOST_AFTER are from then on
AGAIN = (
    4  # answers after one that was lost, until which it is not known any more: the line may have become slow
)
SLOWER = 4  # times what answers take by now: so long one is waited for, twice that until it is lost
SLOWEST = 2_000  # bytes a second; what seems slower was busy with other things
LONGEST = 1.0  # s after a frame that an estimate alone holds the next one back
SOON = 0.02  # s; what the terminal takes within them is no queue


class Flow:
    """Keeps count of one terminal. Times are seconds of the monotonic clock, sizes bytes."""

    def __init__(self) -> None:
        self.rate: float | None = None
        """Bytes a second, where the terminal is known to be slow and answers no questions."""
        self._answers = False
        self._sent = 0
        self._confirmed = 0
        self._asked: tuple[int, float] | None = None
        """How far the terminal is when it answers, and when it was asked: one question at a time."""
        self._usual = 0.0
        """Seconds that answers take by now."""
        self._answers_known = 0
        """From how many answers that is known."""
        self._next = 0.0
        """When a frame may go though the answer has not come."""
        self._quickest = STALL
        self._answer_took = 0.0
        self._writes: deque[tuple[float, int]] = deque(maxlen=REMEMBERED)
        self._held = 0.0
        self._at = 0.0
        self._blocked_at: float | None = None
        self._taken = 0
        """Bytes that the system took since it refused some."""

    def wrote(self, size: int, now: float) -> None:
        """The system took so many bytes."""
        self._sent += size
        if self._asked and now >= self._next:
            self._next = now + (now - self._asked[1])
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
        self._held = 0.0
        before = self._writes[0][0] if self._writes else now
        for at, size in self._writes:
            self._held = max(0.0, self._held - self.rate * (at - before)) + size
            before = at
        self._held, self._at = min(self._held, float(HELD)), before
        self._advance(now)

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

    # questions

    def is_question_due(self, size: int) -> bool:
        """Whether the terminal should be asked behind so many bytes that `wrote` has not counted yet."""
        return self._answers and self._asked is None and self._sent + size - self._confirmed >= ASK_AFTER

    def asked(self, size: int, now: float) -> None:
        """A question stands behind so many bytes that `wrote` has not counted yet."""
        self._asked = self._sent + size, now
        self._next = now + max(self._least(PATIENCE, KNOWN_PATIENCE), SLOWER * self._usual)

    def answered(self, now: float) -> None:
        """An answer came, to our question or to the one at the start."""
        self._answers = True
        if self._asked:
            took = now - self._asked[1]
            self._usual += (took - self._usual) / 2
            self._answers_known += 1
            self._quickest = min(self._quickest, took)
            self._answer_took = took - self._quickest
            self._confirmed, self._asked = self._asked[0], None

    def restart(self) -> None:
        """The terminal is taken anew: answers to what was asked before were thrown away."""
        self._asked = None
        self._confirmed = self._sent

    # waiting

    def wait(self, now: float) -> float:
        """Seconds to wait before a further frame; less where an answer comes sooner."""
        if self._answers:
            return self._wait_for_answer(now)
        self._advance(now)
        if not self.rate:
            return 0.0
        wait = min(self._held / self.rate, self._writes[-1][0] + LONGEST - now)
        return wait if wait > SOON else 0.0

    def _wait_for_answer(self, now: float) -> float:
        if not self._asked or self._sent - self._confirmed <= ON_THE_WAY:
            return 0.0
        if now - self._asked[1] >= max(self._least(LOST_AFTER, KNOWN_PATIENCE), 2 * SLOWER * self._usual):
            self._answers_known = min(self._answers_known, KNOWN - AGAIN)
            self.restart()  # lost, or the terminal has stopped: ask anew
            return 0.0
        return max(0.0, self._next - now)

    def _least(self, at_first: float, known: float) -> float:
        """A terminal known to be quick lost a question rather than became slow; keys wait meanwhile."""
        return known if self._answers_known >= KNOWN else at_first

    def seconds_for(self, size: int) -> float:
        """Seconds that the terminal takes for a frame of so many bytes, beyond what any answer takes."""
        if self._answers:
            return self._answer_took if self._answer_took > SOON else 0.0
        return size / self.rate if self.rate else 0.0

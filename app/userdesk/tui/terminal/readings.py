"""How far the reader of a pseudo-terminal is, where the system tells when it has read everything.

What is read between a write and the look that forgets the write itself (`read_watch.py`) is missed. Where
that was a moment, the reading is most likely still to come: nothing goes before it is seen. Where other
programs had the processor meanwhile it may be over, and is waited for only as long as the reader takes by
what is known of it. While something waits, a byte that says nothing goes behind now and then: where a
reading was missed, that one's is seen.
"""

from userdesk.tui.terminal.line_speed import SOON, LineSpeed

ON_THE_WAY = 2_048  # bytes not read beside which others are written: a key's, not a frame's
STOPPED = 4  # times what a slow reader takes: it has stopped; something goes then, and after twice as long
PATIENCE = (
    0.25  # s after which a reading that should have been seen was missed, of a reader not known as slow
)
LATE = 2  # times what the reader takes: a reading that was not seen by then was missed
ASK_AGAIN = 0.005  # s without a reading after which one may have been missed
RARER = 2  # times as long until that is thought again
FEW = 64  # bytes; where the reader takes longer for these it was busy with what was before them
NEVER_HELD = 64_000  # bytes; no system holds as many without having told meanwhile


class Readings:
    """Of one terminal. Times are seconds of the monotonic clock, sizes bytes."""

    def __init__(self) -> None:
        self.is_told = False
        """Whether the system tells at all."""
        self.on_the_way = 0
        """Bytes that may not have been read."""
        self.speed = LineSpeed()
        self.is_sure = False
        """Whether the reading of all of them will be seen."""
        self._is_mixed = False
        """Whether some of them may have been read before others were written."""
        self._begun = 0.0
        """When the first of them were written."""
        self._wrote = 0.0
        self._last_size = 0
        self._expected = 0.0
        """When everything is read at the latest, by what is known of the reader."""
        self._next = 0.0
        """When something may go though nothing was read."""
        self._ask_at = 0.0
        """When a byte that says nothing should go behind, and the time until another one."""
        self._ask_pause = ASK_AGAIN

    def wrote(self, size: int, now: float, *, is_sure: bool) -> None:
        """The system took so many bytes; `is_sure`: it will tell when they are read."""
        if self.on_the_way and now >= (self._next if self.is_sure else self._expected):
            self._give_up(now)
        if not self.on_the_way:
            self._begun, self._is_mixed = now, False
            self._ask_pause = ASK_AGAIN
        else:
            self._is_mixed |= not self.is_sure
        self._went(size, now, is_sure)
        patience = max(PATIENCE, STOPPED * self.on_the_way * self.speed.seconds_per_byte)
        self._next = max(self._next, now + patience)
        late = now + LATE * self.on_the_way * self.speed.seconds_per_byte + ASK_AGAIN
        self._expected = max(late, self._next if self.speed.seconds_per_byte else 0.0)
        if self.on_the_way > NEVER_HELD:
            self.is_told, self.on_the_way, self.speed = False, 0, LineSpeed()

    def asked(self, size: int, now: float, *, is_sure: bool) -> None:
        """The system took a few bytes that say nothing."""
        self._is_mixed |= not self.is_sure
        self._went(size, now, is_sure)

    def _went(self, size: int, now: float, is_sure: bool) -> None:
        self.on_the_way += size
        self._ask_at = now + self._ask_pause
        self._wrote, self._last_size, self.is_sure = now, size, is_sure

    def was_read(self, now: float, *, is_late: bool) -> None:
        """Everything was read; `is_late`: perhaps long ago, while nobody waited for it."""
        self.is_told = True
        if not self._is_mixed or (self._last_size <= FEW and now - self._wrote > SOON):
            self.speed.took(self.on_the_way, 0.0 if is_late else now - self._begun)
        self.on_the_way = 0

    def restart(self) -> None:
        """Who reads now has nothing to do with what was written before."""
        self.on_the_way = 0

    def asks(self, now: float) -> bool:
        """Whether a byte that says nothing should go behind now, as a reading may have been missed."""
        is_due = now >= self._ask_at or (not self.is_sure and now >= self._expected)
        if not self.is_told or self.on_the_way <= ON_THE_WAY or not is_due:
            return False
        self._ask_pause *= RARER
        self._ask_at = now + self._ask_pause
        return True

    def wait(self, now: float) -> float:
        """Seconds to wait before a further frame; less where everything is read sooner."""
        if not self.is_told or self.on_the_way <= ON_THE_WAY:
            return 0.0
        if self.is_sure:
            return max(0.0, self._next - now)
        return max(0.0, self._expected - now)

    def look_after(self, now: float) -> float:
        """Seconds after which to ask this again where it waits."""
        return max(ASK_AGAIN, min(self.wait(now), self._ask_at - now))

    def _give_up(self, now: float) -> None:
        """Nobody has seen a reading: a slow reader has stopped, of others it was missed."""
        if self.speed.seconds_per_byte:
            self._next = now + (now - self._begun)
        else:
            self.on_the_way = 0

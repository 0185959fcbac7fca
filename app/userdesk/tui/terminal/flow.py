"""What a terminal has taken of what was written: the system holds much of it for one that is slow.

A terminal's own answers tell of it best. Where it answers nothing, the system may tell when all has been
read; otherwise what the system refuses tells how slow the terminal is.
"""

from math import inf

from userdesk.tui.terminal.confirmations import Confirmations
from userdesk.tui.terminal.queue_estimate import LONGEST, QueueEstimate
from userdesk.tui.terminal.readings import Readings

SHARE = 2  # a slow line carries frames half of the time, and keys' echoes need not wait for them

PART = 0.1  # s for which a part of a frame may occupy a slow line: a key waits so long, not for all of it
LEAST_PART = 500  # bytes


class Flow:
    """Keeps count of one terminal. Times are seconds of the monotonic clock, sizes bytes."""

    def __init__(self) -> None:
        self._answers = Confirmations()
        self._readings = Readings()
        self._estimate = QueueEstimate()
        self._does_answer = False
        self._taken_at = 0.0
        """When everything is taken by what is known of the terminal."""
        self._paid_at = 0.0
        """When frames have had no more than their share of the line."""

    @property
    def _seconds_per_byte(self) -> float:
        if self._does_answer:
            return self._answers.speed.seconds_per_byte
        read = self._readings.speed.seconds_per_byte
        return max(read, 1 / self._estimate.rate) if self._estimate.rate else read

    @property
    def is_slow(self) -> bool:
        """Whether the terminal is known to be slow by now."""
        return self._seconds_per_byte > 0

    # what happened

    def wrote(self, size: int, now: float, *, is_reading_sure: bool = False) -> None:
        """The system took so many bytes.

        Args:
            size: How many.
            now: When.
            is_reading_sure: `was_read` will be called when they are read, if it is called at all.
        """
        self._answers.wrote(size, now)
        self._readings.wrote(size, now, is_sure=is_reading_sure)
        self._estimate.wrote(size, now)
        self._taken_at = max(self._taken_at, now) + size * self._seconds_per_byte
        self._paid_at = max(self._paid_at, now) + SHARE * size * self._seconds_per_byte

    def asked_reader(self, size: int, now: float, *, is_reading_sure: bool) -> None:
        """The system took a few bytes that say nothing."""
        self._readings.asked(size, now, is_sure=is_reading_sure)

    def blocked(self, now: float) -> None:
        """The system takes no more."""
        self._estimate.blocked(now)

    def caught_up(self, now: float) -> None:
        """The system has taken everything."""
        self._estimate.caught_up(now)

    def was_read(self, now: float, *, is_late: bool = False) -> None:
        """The system tells that everything was read, by the terminal or by what carries it there.

        Args:
            now: When it told.
            is_late: It may have been read long before.
        """
        self._taken_at = min(self._taken_at, now)
        self._readings.was_read(now, is_late=is_late)
        self._estimate.was_read(now)

    # questions

    def is_question_due(self, size: int) -> bool:
        """Whether the terminal should be asked behind so many bytes that `wrote` has not counted yet."""
        return self._does_answer and self._answers.is_question_due(size)

    def asked(self, size: int, now: float) -> None:
        """A question stands behind so many bytes that `wrote` has not counted yet."""
        self._answers.asked(size, now)

    def asks_again(self, now: float) -> bool:
        """Whether another question should be asked now, as the one before may have been lost."""
        return self._does_answer and self._answers.asks_again(now)

    def asked_again(self, size: int, now: float) -> None:
        """The system took another question, of so many bytes."""
        self._answers.asked_again(size, now)

    def answered(self, now: float) -> None:
        """An answer came, to our question or to the one at the start."""
        self._does_answer = True
        self._answers.answered(now)
        if not self._answers.on_the_way:
            self._taken_at = min(self._taken_at, now)

    def restart(self) -> None:
        """The terminal is taken anew: answers to what was asked before were thrown away."""
        self._answers.restart()
        self._readings.restart()

    # waiting

    def wait(self, now: float) -> float:
        """Seconds to wait before a further frame; less where the terminal is sooner than thought."""
        if self._does_answer:
            return self._answers.wait(now)
        return max(self._readings.wait(now), self._estimate.wait(now))

    def asks_reader(self, now: float) -> bool:
        """Whether a byte that says nothing should go behind now, as a reading may have been missed."""
        return not self._does_answer and self._readings.asks(now)

    def look_after(self, now: float) -> float:
        """Seconds after which to look again where there is something to wait for."""
        if self._does_answer:
            return self._answers.look_after(now)
        return min(self.wait(now), self._readings.look_after(now))

    def pause(self, now: float) -> float:
        """Seconds until an answer's frames have had no more than their share of a slow line."""
        return min(max(0.0, self._paid_at - now), LONGEST) if self.is_slow else 0.0

    def rest(self, now: float) -> float:
        """Seconds until everything is taken by what is known of the terminal."""
        return min(max(0.0, self._taken_at - now), LONGEST)

    def room(self, now: float) -> float:
        """Bytes that a slow line carries while a key does not wait for long, beside what is on its way."""
        if not self.is_slow:
            return inf
        left = PART - self.rest(now)
        return max(LEAST_PART, left / self._seconds_per_byte) if left > 0 else 0.0

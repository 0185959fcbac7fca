"""How far a terminal is that answers questions: its answer to one behind a frame says that it is that far.

Where an answer is late the question was lost, or the line has become slow. A further question tells which: a
quick terminal answers that at once, and at a slow one it costs nothing. No frame goes meanwhile.

Answers do not say which question they are for. They come in order, so that each is for the oldest one,
unless it comes so soon behind the newest that the ones before were lost. Questions with nothing between
them may have one answer, or several right behind each other.
"""

from collections import deque
from typing import NamedTuple

from userdesk.tui.terminal.line_speed import STALL, LineSpeed

ASK_AFTER = 1_024  # bytes that are worth a question
ON_THE_WAY = 2_048  # bytes not confirmed beside which others are written: a key's, not a frame's
FEW = 64  # bytes between two questions that are as good as none
PATIENCE = 0.3  # s that an answer holds frames back at least; then one goes, another after twice as long
LOST_AFTER = 0.6  # s after which the terminal is taken for one that answers no more at least
SLOWER = 4  # times what answers take by now: so long one is waited for, twice that until it is given up
KNOWN = 8  # answers after which it is known how soon they come
AGAIN = 0.1  # s after which it is asked again; then after twice as long
KNOWN_AGAIN = 0.03  # s; the same where it is known how soon answers come
TOGETHER = 0.02  # s within which the answers to questions come that were asked one behind the other
PROMPT = 0.01  # s; an answer that comes so soon behind a question is for that one, at a quick terminal


class _Question(NamedTuple):
    upto: int
    """How far the terminal is when it answers, in bytes."""
    at: float


class Confirmations:
    """Of one terminal. Times are seconds of the monotonic clock, sizes bytes."""

    def __init__(self) -> None:
        self.speed = LineSpeed()
        """Of what the terminal takes beyond what any answer takes."""
        self._sent = 0
        self._confirmed = 0
        self._asked: deque[_Question] = deque()
        """The questions without an answer, the oldest first."""
        self._waited_for: _Question | None = None
        """The one behind the last frame."""
        self._usual = 0.0
        """Seconds that answers take by now."""
        self._known = 0
        """From how many answers that is known."""
        self._next = 0.0
        """When a frame may go though the answer has not come."""
        self._others = 0
        """How many answers may come right behind the last one."""
        self._answered_at = 0.0
        self._again_at = 0.0
        self._again = AGAIN
        self._quickest = STALL

    @property
    def on_the_way(self) -> int:
        """Bytes of which it is not known that the terminal has taken them."""
        return self._sent - self._confirmed

    def wrote(self, size: int, now: float) -> None:
        """The system took so many bytes."""
        if self._waited_for and now >= self._next:
            self._next = now + (now - self._waited_for.at)
        self._sent += size

    def is_question_due(self, size: int) -> bool:
        """Whether the terminal should be asked behind so many bytes that `wrote` has not counted yet."""
        return self._waited_for is None and self.on_the_way + size >= ASK_AFTER

    def asked(self, size: int, now: float) -> None:
        """A question stands behind so many bytes that `wrote` has not counted yet."""
        self._waited_for = _Question(self._sent + size, now)
        self._asked.append(self._waited_for)
        self._next = now + max(PATIENCE, SLOWER * self._usual)
        self._again = KNOWN_AGAIN if self._known >= KNOWN and not self.speed.seconds_per_byte else AGAIN
        self._again_at = now + self._again

    def asks_again(self, now: float) -> bool:
        """Whether another question should be asked now, as the one before may have been lost."""
        if self._waited_for is None or self.on_the_way <= ON_THE_WAY or now < self._again_at:
            return False
        self._again *= 2
        self._again_at = now + self._again
        return True

    def asked_again(self, size: int, now: float) -> None:
        """The system took another question, of so many bytes."""
        self._sent += size
        self._asked.append(_Question(self._sent, now))

    def answered(self, now: float) -> None:
        """An answer came."""
        if self._others and now - self._answered_at <= TOGETHER:
            self._others -= 1
            return
        while self._asked and now - self._asked[0].at > STALL:
            self._asked.popleft()
        if not self._asked:
            return
        question = self._asked.popleft()
        if self._asked and now - self._asked[-1].at <= PROMPT and not self.speed.seconds_per_byte:
            question = self._asked[-1]
            self._asked.clear()
        self._others, self._answered_at = 0, now
        while self._asked and self._asked[0].upto - question.upto <= FEW:
            question = question._replace(upto=self._asked.popleft().upto)
            self._others += 1
        took = now - question.at
        self._usual += (min(took, STALL) - self._usual) / 2
        self._known += 1
        self._quickest = min(self._quickest, took)
        if question.upto > self._confirmed:
            self.speed.took(question.upto - self._confirmed, took - self._quickest)
            self._confirmed = question.upto
        if self._waited_for and self._confirmed >= self._waited_for.upto:
            self._waited_for = None

    def restart(self) -> None:
        """The terminal is taken anew: answers to what was asked before were thrown away."""
        self._asked.clear()
        self._waited_for = None
        self._confirmed = self._sent

    def wait(self, now: float) -> float:
        """Seconds to wait before a further frame; less where an answer comes sooner."""
        if not self._waited_for or self.on_the_way <= ON_THE_WAY:
            return 0.0
        if now - self._waited_for.at >= max(LOST_AFTER, 2 * SLOWER * self._usual):
            self._known = 0
            self._waited_for = None  # the terminal has stopped: ask behind the next frame
            self._confirmed = self._sent
            return 0.0
        return max(0.0, self._next - now)

    def look_after(self, now: float) -> float:
        """Seconds after which to ask this again where it waits."""
        return min(self.wait(now), max(0.001, self._again_at - now))

"""How far a terminal is that answers questions: its answer to one behind a frame says that it is that far."""

from userdesk.tui.terminal.line_speed import STALL, LineSpeed

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


class Confirmations:
    """Of one terminal. Times are seconds of the monotonic clock, sizes bytes."""

    def __init__(self) -> None:
        self.speed = LineSpeed()
        """Of what the terminal takes beyond what any answer takes."""
        self._sent = 0
        self._confirmed = 0
        self._asked: tuple[int, float] | None = None
        """How far the terminal is when it answers, and when it was asked: one question at a time."""
        self._usual = 0.0
        """Seconds that answers take by now."""
        self._known = 0
        """From how many answers that is known."""
        self._next = 0.0
        """When a frame may go though the answer has not come."""
        self._quickest = STALL

    @property
    def on_the_way(self) -> int:
        """Bytes of which it is not known that the terminal has taken them."""
        return self._sent - self._confirmed

    def wrote(self, size: int, now: float) -> None:
        """The system took so many bytes."""
        if self._asked and now >= self._next:
            self._next = now + (now - self._asked[1])
        self._sent += size

    def is_question_due(self, size: int) -> bool:
        """Whether the terminal should be asked behind so many bytes that `wrote` has not counted yet."""
        return self._asked is None and self.on_the_way + size >= ASK_AFTER

    def asked(self, size: int, now: float) -> None:
        """A question stands behind so many bytes that `wrote` has not counted yet."""
        self._asked = self._sent + size, now
        self._next = now + max(self._least(PATIENCE, KNOWN_PATIENCE), SLOWER * self._usual)

    def answered(self, now: float) -> None:
        """An answer came."""
        if self._asked is None:
            return
        (upto, at), self._asked = self._asked, None
        took = now - at
        self._usual += (min(took, STALL) - self._usual) / 2
        self._known += 1
        self._quickest = min(self._quickest, took)
        self.speed.took(upto - self._confirmed, took - self._quickest)
        self._confirmed = upto

    def restart(self) -> None:
        """The terminal is taken anew: answers to what was asked before were thrown away."""
        self._asked = None
        self._confirmed = self._sent

    def wait(self, now: float) -> float:
        """Seconds to wait before a further frame; less where an answer comes sooner."""
        if not self._asked or self.on_the_way <= ON_THE_WAY:
            return 0.0
        lost_after = max(self._least(LOST_AFTER, KNOWN_PATIENCE), 2 * SLOWER * self._usual)
        if now - self._asked[1] >= lost_after:
            self._known = min(self._known, KNOWN - AGAIN)
            self.restart()  # lost, or the terminal has stopped: ask anew
            return 0.0
        return max(0.0, self._next - now)

    def _least(self, at_first: float, known: float) -> float:
        """A terminal known to be quick lost a question rather than became slow; keys wait meanwhile."""
        return known if self._known >= KNOWN else at_first

"""Slows a run down when the service asks for it: one pause for all conversations, then a careful start."""

import asyncio
import time
from collections.abc import Callable

from userdesk.domain.failure import WAITING_STATUSES, Failure

_SHORTEST = 1.0
"""Seconds; a Retry-After below that, or none, is met by 1, 2, 4 … s: it could be asked for without end."""


def asks_to_wait(failure: Failure) -> bool:
    """Whether the service refused a message for now, and took nothing of it: it may be sent again unasked."""
    return failure.status in WAITING_STATUSES and not failure.may_have_arrived


class Throttle:
    """How many messages may be under way, and from when on. Times are in seconds."""

    def __init__(
        self, jobs: int, longest: float, told: Callable[[float, Failure], None] = lambda seconds, why: None
    ) -> None:
        """Wait `longest` in all at most; `told` is called with the length of each pause and its reason."""
        self._jobs = jobs
        self._longest = longest
        self._told = told
        self._under_way = 0
        self._allowed = float(jobs)
        self._careful_from = float(jobs)
        self._pauses_in_a_row = 0
        self._earlier = 0.0
        self._begun = self._until = 0.0
        self._line = asyncio.Lock()
        self._changed = asyncio.Event()

    @property
    def waited(self) -> float:
        """How long nothing was begun for the service's sake."""
        return self._earlier + max(0.0, min(time.monotonic(), self._until) - self._begun)

    async def enter(self) -> None:
        """Return when a message may be sent, first come, first served; `leave` follows."""
        async with self._line:
            while (left := self._until - time.monotonic()) > 0 or self._under_way >= int(self._allowed):
                if left > 0:
                    await asyncio.sleep(left)
                else:
                    self._changed.clear()
                    await self._changed.wait()
            self._under_way += 1

    def leave(self) -> None:
        """A message is not under way any more."""
        self._under_way -= 1
        self._changed.set()

    def accepted(self) -> None:
        """The service answers one: as many more go at once, from half of what was too much on one by one."""
        self._pauses_in_a_row = 0
        more = 1.0 if self._allowed < self._careful_from else 1.0 / self._allowed
        self._allowed = min(float(self._jobs), self._allowed + more)
        self._changed.set()

    def refused(self, failure: Failure) -> bool:
        """The service asks to wait: begin a pause, or lengthen this one; False where no time is left."""
        now = time.monotonic()
        asked = failure.retry_after if failure.retry_after and failure.retry_after >= _SHORTEST else None
        if now < self._until:
            until = min(now + (asked or 0.0), self._begun + self._longest - self._earlier)
            if until <= self._until:
                return True
        else:
            self._earlier, self._begun = self.waited, now
            left = self._longest - self._earlier
            if left < 0.001:
                return False
            until = now + min(asked or 2.0 ** min(self._pauses_in_a_row, 20), left)
            self._pauses_in_a_row += 1
            self._careful_from, self._allowed = max(1.0, self._allowed / 2), 1.0
        self._until = until
        self._told(until - now, failure)
        return True

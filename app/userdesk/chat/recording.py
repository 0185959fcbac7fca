"""The answer as it comes: its text, its pace, and a checkpoint on disk about twice a second."""

import asyncio
import time
from contextlib import suppress

from userdesk.domain.message import Metrics
from userdesk.store import InFlight, StoreError

CHECKPOINT_EVERY = 0.5  # s; what was on the screen a second ago must outlive a crash
PACE_GRAIN = 25  # ms; chunks closer together than this are one step of a replay


class Recording:
    """Collects one answer whose request leaves now. Times are milliseconds since then."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._parts: list[str] = []
        self._pace: list[tuple[int, int]] = []
        self._first_text: float | None = None
        self._saved_parts = 0
        self._saved_pace = 0
        self.last_sign = self._begun
        """When the last byte came, by the monotonic clock."""

    def add(self, text: str) -> None:
        """One more piece of the answer."""
        self.last_sign = now = time.monotonic()
        if not text:
            return
        if self._first_text is None:
            self._first_text = now - self._begun
        self._parts.append(text)
        at = int((now - self._begun) * 1000)
        # A step already checkpointed must not grow: it is on disk as it was.
        if len(self._pace) > self._saved_pace and at - self._pace[-1][0] < PACE_GRAIN:
            self._pace[-1] = (self._pace[-1][0], self._pace[-1][1] + len(text))
        else:
            self._pace.append((at, len(text)))

    @property
    def text(self) -> str:
        """All of the answer so far."""
        return "".join(self._parts)

    @property
    def pace(self) -> tuple[tuple[int, int], ...]:
        """(milliseconds, characters) of each step, for the transcript."""
        return tuple(self._pace)

    @property
    def metrics(self) -> Metrics:
        """How the answer came, as of now."""
        return Metrics(self._first_text, time.monotonic() - self._begun, sum(map(len, self._parts)))

    def checkpoint(self, in_flight: InFlight) -> None:
        """Write what came since the last checkpoint. Raises StoreError; blocks on the disk."""
        parts, pace = self._parts[self._saved_parts :], self._pace[self._saved_pace :]
        if not parts:
            return
        in_flight.append("".join(parts), pace)
        self._saved_parts += len(parts)
        self._saved_pace += len(pace)

    async def keep_checkpointing(self, in_flight: InFlight) -> None:
        """Checkpoint until cancelled; a full disk is tried again at the next one."""
        while True:
            await asyncio.sleep(CHECKPOINT_EVERY)
            with suppress(StoreError):
                await asyncio.to_thread(self.checkpoint, in_flight)

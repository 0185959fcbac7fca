"""What could not be written yet: kept in order in memory, and written once the disk is back."""

import asyncio
from collections import deque
from collections.abc import Callable

from userdesk.store import ConversationGone, StoreError

TRY_AGAIN_EVERY = 1.0  # s

Write = Callable[[], object]


class Backlog:
    """All writes of a desk pass through here, one after the other."""

    def __init__(self) -> None:
        self._waiting: deque[Write] = deque()
        self._one_at_a_time = asyncio.Lock()
        self._retrying: asyncio.Task[None] | None = None
        self.on_written: Callable[[], None] | None = None
        """Called when everything that had to wait is on disk."""

    def __len__(self) -> int:
        """How many writes wait."""
        return len(self._waiting)

    async def write(self, action: Write) -> str | None:
        """Write now, or as soon as the disk is back; words for the user where it just failed.

        Nothing overtakes what waits, and what waits was told of already.
        """
        async with self._one_at_a_time:
            if self._waiting:
                self._waiting.append(action)
                return None
            words = await self._try(action)
            if words is not None:
                self._waiting.append(action)
                self._retrying = asyncio.create_task(self._retry())
            return words

    async def flush(self) -> bool:
        """Try once to write all that waits; whether nothing is left."""
        async with self._one_at_a_time:
            while self._waiting:
                if await self._try(self._waiting[0]) is not None:
                    return False
                self._waiting.popleft()
        return True

    async def _try(self, action: Write) -> str | None:
        try:
            await asyncio.to_thread(action)
        except ConversationGone:
            return None  # deleted in another window: there is nothing to write it to
        except StoreError as error:
            return str(error)
        return None

    async def _retry(self) -> None:
        while not await self.flush():
            await asyncio.sleep(TRY_AGAIN_EVERY)
        if self.on_written:
            self.on_written()

"""What could not be written yet: kept in order in memory, and written once the disk is back."""

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from userdesk.store import ConversationGone, StoreError

TRY_AGAIN_EVERY = 1.0  # s
READ_WITHIN = (
    0.5  # s that a look at files waits for writes: keys wait for it, another process may keep a lock
)

_log = logging.getLogger("userdesk.chat")

Write = Callable[[], object]
_Result = TypeVar("_Result")


@dataclass(slots=True, eq=False, repr=False)
class _Waiting:
    action: Write
    lane: str
    name: str
    """What it replaces: of the writes of one name only the newest counts; empty for none."""

    def belongs_to(self, lane: str) -> bool:
        """Whether it is of that lane or of one of its branches."""
        return self.lane == lane or self.lane.startswith(f"{lane}/")


class WriteQueue:
    """All writes of a chat service pass through here, one after the other.

    Those of one lane, which is a conversation's key or the name of a file, keep their order: none
    overtakes one that waits. A file that takes nothing holds up its own lane alone. A lane may have
    branches, named `lane/branch`: they do not wait for each other, and belong to the lane all the same.
    """

    def __init__(self, *, keeps: bool = True) -> None:
        """Without `keeps` nothing is written, for conversations that are not saved."""
        self.keeps = keeps
        self._waiting: list[_Waiting] = []
        self._one_at_a_time = asyncio.Lock()
        self._retrying: asyncio.Task[None] | None = None
        self._lock_is_kept = False
        self.lost = ""
        """A message for the user where something will never be written; empty as long as nothing is lost."""
        self.on_trouble: Callable[[str], None] | None = None
        """Called with a message for the user when a first write has to wait."""
        self.on_written: Callable[[], None] | None = None
        """Called when everything that had to wait is on disk."""

    def __len__(self) -> int:
        """How many writes wait."""
        return len(self._waiting)

    @property
    def is_clean(self) -> bool:
        """Whether everything that was to be written is on the disk."""
        return not self._waiting and not self.lost

    async def write(self, action: Write, lane: str, name: str = "") -> str | None:
        """Write now, or as soon as the disk is back; the message for the user where it just failed.

        What waits behind another write was told of with that one. A write with a name takes the
        place of one of the same name that still waits.
        """
        if not self.keeps:
            return None
        async with self._one_at_a_time:
            if any(waiting.lane == lane for waiting in self._waiting):
                self._queue(action, lane, name)
                return None
            text = await self._try(action)
            if text is not None:
                self._queue(action, lane, name)
                self.tell(text)
                if self._retrying is None or self._retrying.done():
                    self._retrying = asyncio.create_task(self._retry())
            return text

    def tell(self, text: str) -> None:
        """Tell `on_trouble` that something could not be written."""
        _log.warning("not written: %s", text)
        if self.on_trouble:
            self.on_trouble(text)

    def lose(self, text: str) -> None:
        """Note that something could not be written and will not be tried again."""
        self.lost = self.lost or text
        self.tell(text)

    def waits(self, lane: str) -> bool:
        """Whether anything of a lane or its branches waits for the disk."""
        return any(waiting.belongs_to(lane) for waiting in self._waiting)

    async def erase(self, action: Callable[[], _Result], lanes: Collection[str]) -> _Result:
        """Remove files between two writes, now or not at all, and what waits in their lanes."""
        async with self._one_at_a_time:
            result = await asyncio.to_thread(action)
            self._waiting = [waiting for waiting in self._waiting if not any(map(waiting.belongs_to, lanes))]
            return result

    async def read(self, action: Callable[[], _Result]) -> _Result:
        """Look at files behind what was to be written before, in a thread; a slow disk is not waited for."""
        await asyncio.sleep(0)  # a write whose task was made just now stands in the queue then
        is_between = False
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(READ_WITHIN):
                    is_between = await self._one_at_a_time.acquire()
            return await asyncio.to_thread(action)
        finally:
            if is_between:
                self._one_at_a_time.release()

    def _queue(self, action: Write, lane: str, name: str) -> None:
        for waiting in self._waiting if name else ():
            if waiting.name == name:
                waiting.action = action
                return
        self._waiting.append(_Waiting(action, lane, name))

    async def flush(self) -> bool:
        """Try once to write all that waits; whether nothing is left."""
        async with self._one_at_a_time:
            stuck: set[str] = set()
            for waiting in list(self._waiting):
                if waiting.lane in stuck:
                    continue
                if await self._try(waiting.action) is None:
                    self._waiting.remove(waiting)
                else:
                    stuck.add(waiting.lane)
                if self._lock_is_kept:
                    break  # each of the others would wait as long for it
            return not self._waiting

    async def _try(self, action: Write) -> str | None:
        try:
            await asyncio.to_thread(action)
        except ConversationGone as error:  # removed for good elsewhere: there is nothing to write it to
            self.lost = self.lost or error.message
            return None
        except StoreError as error:
            self._lock_is_kept = isinstance(error.__cause__, TimeoutError)
            return str(error)
        except Exception as error:  # a defect of ours must not end the writing of everything else
            _log.error("a write failed because of a bug", exc_info=error)
            return "Saving failed because of a bug in userdesk"
        self._lock_is_kept = False
        return None

    async def _retry(self) -> None:
        while not await self.flush():
            await asyncio.sleep(TRY_AGAIN_EVERY)
        _log.warning("everything that was waiting for the disk is saved")
        if self.on_written:
            self.on_written()

"""All processes of a host's visitors, and one that is kept ready for the next visitor."""

import asyncio
import logging
from collections.abc import Iterator

from userdesk.serve.visit_folders import VisitFolders
from userdesk.serve.visitor_environment import VisitorProgram
from userdesk.serve.visitor_process import VisitorProcess

_log = logging.getLogger("userdesk.serve")


class VisitorProcesses:
    """Starts the program for visitors: when they come, or a spare one before.

    The program of a spare process has drawn its screen, and waits: it has asked the service for nothing, nor
    could it. It belongs to no visit, and is counted nowhere.
    """

    def __init__(self, program: VisitorProgram, folders: VisitFolders, most: int) -> None:
        """No spare one makes them more than `most`."""
        self._program, self._folders, self._most = program, folders, most
        self._there: set[VisitorProcess] = set()
        self._spare: VisitorProcess | None = None
        self._looking: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        """Held while a spare one is being started."""
        self._has_failed = False
        """Whether a spare one failed since the last visitor came: the next would fail again, and again."""
        self._is_closed = False

    def __iter__(self) -> Iterator[VisitorProcess]:
        """Those of which something is left, also where there is no visit yet, or none any more."""
        self._there = {process for process in self._there if not process.ended.is_set()}
        return iter(tuple(self._there))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def has_spare(self) -> bool:
        """Whether one is ready, or almost."""
        return self._spare is not None

    async def take(self) -> VisitorProcess:
        """A process for a visitor; its program may wait to be told to begin. Raises OSError."""
        async with self._starting:  # one that has just been started is ahead of another one
            spare = self._spare
        self._has_failed = False
        if spare and spare.is_running:
            self._let_go()
            return spare
        return await self._start(waits=False)  # one that has just ended is still looked after

    async def prepare(self) -> None:
        """Start a spare one, unless there is one or there are enough."""
        if self._starting.locked() or self._spare or self._has_failed or self._is_closed:
            return
        if len(self) >= self._most:
            return
        async with self._starting:
            try:
                self._spare = await self._start(waits=True)
            except Exception:  # whoever comes is told, if it still fails then
                self._has_failed = True
                _log.exception("no process could be kept ready")
                return
            self._looking = asyncio.get_running_loop().create_task(self._look_after(self._spare))

    async def close(self) -> None:
        """End the spare one, and make no more; returns when nothing is left of any process."""
        self._is_closed = True
        async with self._starting:
            spare = self._let_go()
        if spare:
            await spare.end()
        for process in self:  # whoever took it ends it
            await process.ended.wait()

    async def _start(self, *, waits: bool) -> VisitorProcess:
        process = VisitorProcess(self._folders)
        self._there.add(process)
        await process.start(self._program, waits=waits)
        return process

    def _let_go(self) -> VisitorProcess | None:
        """The spare one is none any more."""
        spare, self._spare = self._spare, None
        if spare and self._looking:
            self._looking.cancel()
        return spare

    async def _look_after(self, spare: VisitorProcess) -> None:
        """Read what the spare one writes; should it end by itself, there is none until a visitor has come."""
        reading = asyncio.get_running_loop().create_task(spare.throw_away())
        try:
            await spare.wait()
        finally:
            reading.cancel()
        self._spare, self._has_failed = None, True
        _log.warning("the process that was kept ready has ended by itself")
        await spare.end()

"""All visits of a host: who has which place, and when a visit is to end."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from userdesk.serve.admission import Admission, Refusal
from userdesk.serve.connections import Connection
from userdesk.serve.limits import CONNECTIONS_A_MINUTE, DISK, a_minute
from userdesk.serve.visit import Access, Reason, Visit
from userdesk.serve.visit_folders import VisitFolders
from userdesk.serve.visitor_environment import VisitorProgram
from userdesk.serve.visitor_processes import VisitorProcesses

KEPT = 60.0
"""Seconds that a place is kept for whoever has quit, and may begin again."""
LOOKS = 1.0
"""Seconds between two looks at who has gone."""
MEASURES = 5.0
"""Seconds between two looks at what visits take of the disk."""
DRAWN_WITHIN = 1.0
"""Seconds in which a browser's first screen is there, also on a busy machine most of the time."""
STARTED_WITHIN = 5.0
"""Seconds in which a program has started, also on a busy machine. Who has not come by then waits for a slow
line, or is nobody: what looks at a link for a preview."""
_AT_ONCE: tuple[Reason, ...] = ("away", "unseen", "host")
"""Reasons for which nobody is going to come back."""

_log = logging.getLogger("userdesk.serve")


class Seat:
    """A place that somebody has: a visit, and after its end perhaps another one."""

    def __init__(self, place: int, visit: Visit, clock: Callable[[], float]) -> None:
        self.place, self.visit = place, visit
        self.connections = a_minute(CONNECTIONS_A_MINUTE, clock)
        """Pages and websockets."""
        self.downloads: set[Connection] = set()
        """Those on which files of the visit are being sent."""
        self.starting = asyncio.Lock()
        self.ended_at: float | None = None


class Visits:
    """The places and their visits."""

    def __init__(
        self,
        admission: Admission,
        program: VisitorProgram,
        folders: VisitFolders,
        *,
        grant: Callable[[str, Any], Access],
        withdraw: Callable[[Any], object],
        idle: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`grant` and `withdraw` are the service proxy's: what a visit may ask of the service; `grant` is
        given the token of its process, and what the visitor's visit before had, or None.

        `idle` are the seconds that a visit may go on untouched; None for as long as it likes.
        """
        self.admission = admission
        self.on_change: Callable[[], object] = lambda: None
        """Called when somebody comes, goes, is back or is away."""
        self.processes = VisitorProcesses(program, folders, admission.places)
        self._grant, self._withdraw = grant, withdraw
        self._folders, self._idle, self._clock = folders, idle, clock
        self._seats: dict[int, Seat] = {}
        self._numbers = count(1)
        self._is_closed = False

    def __iter__(self) -> Iterator[Visit]:
        """The visits that are not over, in the order they began."""
        there = (seat.visit for seat in self._seats.values() if not seat.visit.reason)
        return iter(sorted(there, key=lambda visit: visit.number))

    @property
    def ending(self) -> list[Visit]:
        """The visits that are over, but whose program or folder may still be there."""
        visits = (seat.visit for seat in self._seats.values())
        return [visit for visit in visits if visit.reason and not visit.ended.is_set()]

    async def enter(self, token: str) -> tuple[Seat, str] | Refusal:
        """A place, and the cookie that shows it, for whoever has the invitation. Raises OSError."""
        entry = Refusal.FULL if self._is_closed else self.admission.admit(token)
        if isinstance(entry, Refusal):
            return entry
        place, cookie = entry
        try:
            visit = await self._new_visit(place)
        except BaseException:
            self.admission.release(place, "failed", unused=True)
            raise
        seat = self._seats[place] = Seat(place, visit, self._clock)
        self._changed(place)  # it may be over already
        return seat, cookie

    def seat_of(self, cookie: str) -> Seat | None:
        """The place of whoever shows a cookie."""
        place = self.admission.place_of(cookie) if cookie else None
        return self._seats.get(place) if place else None

    async def begin_again(self, seat: Seat) -> None:
        """A new visit at a place whose visit is over; nothing where it is not. Raises OSError."""
        async with seat.starting:
            if not seat.visit.reason:
                return
            await seat.visit.ended.wait()
            if not self._is_closed and self._seats.get(seat.place) is seat:
                seat.visit = await self._new_visit(seat.place, seat.visit.access)
                seat.ended_at = None
                self._changed(seat.place)

    async def _new_visit(self, place: int, before: Access | None = None) -> Visit:
        process = await self.processes.take()
        access = self._grant(process.token, before)
        visit = Visit(
            next(self._numbers), access, process, clock=self._clock, on_change=lambda: self._changed(place)
        )
        try:
            await visit.begin()
        except BaseException:
            self._withdraw(access)
            raise
        if self._is_closed:
            await visit.end("host")
        return visit

    def _changed(self, place: int) -> None:
        seat = self._seats.get(place)
        if seat and seat.visit.reason:
            if seat.ended_at is None:
                seat.ended_at = self._clock()
                self._withdraw(seat.visit.access)
                for connection in seat.downloads:  # who does not read would hold it for as long as they like
                    connection.abort()
            # Before, its program still runs: the next one's would be one more than there are places.
            if seat.visit.reason in _AT_ONCE and seat.visit.ended.is_set():
                self._give_up(seat)
        self.on_change()

    def _give_up(self, seat: Seat) -> None:
        reason = seat.visit.reason or ""
        del self._seats[seat.place]
        self.admission.release(seat.place, reason, unused=reason == "unseen")

    def look(self) -> "list[asyncio.Task[None]]":
        """End the visits whose time has come, and free the places that nobody came back to."""
        now, ending = self._clock(), []
        for seat in tuple(self._seats.values()):
            if seat.ended_at is not None:
                is_over = seat.visit.ended.is_set() and not seat.starting.locked()
                if is_over and now - seat.ended_at >= KEPT:
                    self._give_up(seat)
                    self.on_change()
            elif reason := seat.visit.due(self._idle):
                ending.append(asyncio.get_running_loop().create_task(seat.visit.end(reason)))
        return ending

    async def measure(self) -> None:
        """End the visits whose files take more than one may; returns when that is done.

        No file is larger than that (launcher.py), but there may be many.
        """
        for visit in self:
            most = DISK - visit.deliveries.size
            if await self._folders.takes_more(visit.process.folder, most) and not visit.reason:
                _log.warning("the files of visitor %d took more than %d MB", visit.number, DISK // 1024**2)
                await visit.end("full")

    async def _measure_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(MEASURES)
            await self.measure()

    @property
    def nobody_waits(self) -> bool:
        """Whether nobody waits for a program to start or to draw: no start is slowed by another."""
        now = self._clock()
        return all(
            now - visit.began >= STARTED_WITHIN
            if visit.seen_at is None
            else now - visit.seen_at >= DRAWN_WITHIN
            for visit in self
        )

    async def run(self) -> None:
        """Look again and again, and keep a process ready for the next visitor, until it is cancelled."""
        ending: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._measure_again_and_again())
            while True:
                if self.nobody_waits:
                    await self.processes.prepare()
                await asyncio.sleep(LOOKS)
                ending = {task for task in ending if not task.done()} | {*self.look()}

    async def close(self) -> None:
        """End all visits; returns when nothing is left of any. Nobody comes in any more."""
        self._is_closed = True
        await asyncio.gather(*(seat.visit.end("host") for seat in tuple(self._seats.values())))
        await self.processes.close()

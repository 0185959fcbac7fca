"""One visit: a process of the full-screen program, and the browser showing it.

Nothing of it waits for the browser but what goes to the browser: while that does not read, its program finds
its terminal slow, and while there is none, what the program writes is thrown away. A browser that comes back
gets all of the screen drawn anew.
"""

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Callable, Collection, Coroutine
from contextlib import AsyncExitStack, suppress
from typing import Any, Literal, Protocol

from userdesk.serve.channel import Copied, FileMade, OpenAddress, Told
from userdesk.serve.deliveries import Deliveries
from userdesk.serve.terminal_answers import is_only_answers
from userdesk.serve.visitor_process import VisitorProcess

AWAY = 60.0
"""Seconds that a visit goes on without a browser."""
UNSEEN = 20.0
"""Seconds in which a browser must come for the first time: what looks at a link for a preview does not."""
LOADS_WITHIN = 120.0
"""Seconds that its page may take to load, as long as some of it is fetched every now and then."""
FRAMES_KEPT = 64
"""Messages that wait for a browser; what comes beyond is dropped."""
BYTES_KEPT = 8_000_000
"""Of all that wait: the longest copy has room, also where every letter of it takes six bytes here for two."""

ENDED = 4000
"""The websocket's code when the visit is over; the reason is a `Reason`."""
ELSEWHERE = 4001
"""The websocket's code when another tab has taken the visit over; the reason is `elsewhere`."""

Reason = Literal["left", "failed", "idle", "away", "unseen", "full", "host"]
"""Why a visit is over: the visitor quit, the program broke, nobody typed, nobody came back, nobody ever came,
its files took too much of the disk, the host ended."""

_log = logging.getLogger("userdesk.serve")
# What was cut off in the middle ends; then the terminal is as new.
_RESET = b"\x18\x1bc"


class Browser(Protocol):
    """The websocket of a visitor's page."""

    async def send_bytes(self, data: bytes) -> None:
        """Send what is for the terminal; returns when there is room for more. Raises OSError."""

    async def send_str(self, data: str) -> None:
        """Send a message. Raises OSError."""

    def leave(self, code: int, reason: str) -> None:
        """Say `["bye", reason]` and close, in a time of its own."""


class Access(Protocol):
    """What the visit may ask of the service, and did."""

    @property
    def questions(self) -> int:
        """Messages that were sent."""

    @property
    def trouble(self) -> str:
        """The headline of the last request's failure, if any."""

    @property
    def running(self) -> Collection[object]:
        """Requests under way."""


class Visit:
    """What a visitor has, from the first request for the page to the end of their process."""

    def __init__(
        self,
        number: int,
        access: Access,
        process: VisitorProcess,
        *,
        clock: Callable[[], float] = time.monotonic,
        on_change: Callable[[], object] = lambda: None,
    ) -> None:
        """`process` runs. `on_change` is called when a browser comes or goes, and at the end."""
        self.number = number
        """Visits are counted from 1 on."""
        self.access = access
        self.process = process
        self.began = self.last_active = clock()
        """When it began, and when its visitor last did something, by the clock that was given."""
        self.reason: Reason | None = None
        """Why it is over; None before."""
        self.ended = asyncio.Event()
        """Set when nothing is left of it, and its end told before anybody who waits for this goes on."""
        self._clock, self._on_change = clock, on_change
        self.seen_at: float | None = None
        """When a browser first showed it."""
        self._away_since: float | None = clock()
        self._browser: Browser | None = None
        self.outbox: deque[tuple[object, str]] = deque()
        """What messages are about, and they themselves."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._pump: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self.deliveries = Deliveries(process.folder)
        """What its browser may fetch."""

    # the program

    async def begin(self) -> None:
        """Have the program begin, and look after it. What this raises leaves nothing of the visit."""
        try:
            self.process.listen(self._pass_on)
            self.process.begin()
            self._switch(None)
            self._in_background(self._watch())
        except BaseException:
            await self.end("failed")
            raise

    async def _watch(self) -> None:
        status = await self.process.wait()
        self._in_background(self.end("failed" if status else "left"))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # the browser

    @property
    def is_attached(self) -> bool:
        """Whether a browser shows it."""
        return self._browser is not None

    @property
    def was_seen(self) -> bool:
        """Whether a browser has shown it; what only looked at the link, for a preview, has not."""
        return self.seen_at is not None

    def is_expected(self) -> None:
        """A browser that has not come yet is fetching what it needs."""
        now = self._clock()
        if not self.was_seen and now - self.began < LOADS_WITHIN:
            self._away_since = now

    def attach(self, browser: Browser, columns: int, rows: int) -> None:
        """Show it in a browser from now on; one that showed it before is told that it is elsewhere now."""
        if self.reason:
            browser.leave(ENDED, self.reason)
            return
        before = self._browser
        self._away_since = None
        self.last_active = self._clock()
        self.seen_at = self.last_active if self.seen_at is None else self.seen_at
        self.process.terminal.resize(columns, rows)
        self._switch(browser)
        if before:
            before.leave(ELSEWHERE, "elsewhere")
        self._on_change()

    def detach(self, browser: Browser) -> None:
        """The browser is gone; no matter if another one has taken its place."""
        if browser is self._browser and not self.reason:
            self._away_since = self._clock()
            self._switch(None)
            self._on_change()

    async def type(self, data: bytes) -> None:
        """Have the program read what the browser sent; returns when its terminal has taken it."""
        if not is_only_answers(data):
            self.last_active = self._clock()
        await self.process.terminal.write(data)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, brought into what is allowed."""
        self.process.terminal.resize(columns, rows)

    def tell(self, *frame: object) -> None:
        """Have the browser told a message, if there is one and it reads; of copies it is told the newest."""
        if self._browser is None:
            return
        kind, text = frame[0], json.dumps(frame)
        if kind == "copy":
            self.outbox = deque(waits for waits in self.outbox if waits[0] != kind)
        held = sum(len(waits) for _, waits in self.outbox)
        if len(self.outbox) < FRAMES_KEPT and held + len(text) <= BYTES_KEPT:
            self.outbox.append((kind, text))
            self.process.terminal.readable.set()

    def _switch(self, browser: Browser | None) -> None:
        """From now on what the program writes goes there."""
        if self._pump:
            self._pump.cancel()
        self.outbox.clear()
        self._browser = browser
        self._pump = asyncio.get_running_loop().create_task(self._go_on(browser))

    async def _go_on(self, browser: Browser | None) -> None:
        try:
            await (self._send(browser) if browser else self.process.throw_away())
        except Exception:
            _log.exception("a visit failed")
            self._in_background(self.end("failed"))

    async def _send(self, browser: Browser) -> None:
        terminal = self.process.terminal
        with suppress(OSError):  # the line is lost, as whoever reads from it will say
            terminal.drop()  # it belongs to a screen that nobody has seen the beginning of
            await browser.send_bytes(_RESET)
            self.process.draw_anew()
            while True:
                terminal.watch()
                await terminal.readable.wait()
                terminal.readable.clear()
                while self.outbox:
                    await browser.send_str(self.outbox.popleft()[1])
                if data := terminal.read():
                    await browser.send_bytes(data)
                elif data is not None:
                    return

    # what the program tells

    def _pass_on(self, told: Told) -> None:
        match told:
            case OpenAddress(address):
                self.tell("open_url", {"url": address, "new_tab": True})
            case Copied(text):
                self.tell("copy", text)
            case FileMade(path, name):
                if self._browser and (key := self.deliveries.add(path, name)):
                    self.tell("deliver_file_start", key)

    # the end

    def due(self, idle: float | None) -> Reason | None:
        """Why it should end now, if it should; `idle` are the seconds that it may go on untouched."""
        now = self._clock()
        if self.access.running:
            self.last_active = now
        if self._away_since is not None:
            if self.was_seen and now - self._away_since >= AWAY:
                return "away"
            if not self.was_seen and now - self._away_since >= UNSEEN:
                return "unseen"
        if idle is not None and now - self.last_active >= idle:
            return "idle"
        return None

    async def end(self, reason: Reason) -> None:
        """End the program with all that it has started, and remove its files; returns when that is done."""
        if self._ending is None:
            self.reason = reason
            self._ending = asyncio.get_running_loop().create_task(self._end(reason))
        await asyncio.shield(self._ending)

    async def _end(self, reason: Reason) -> None:
        try:
            async with AsyncExitStack() as steps:  # from the last to the first, also where one of them fails
                steps.callback(self._on_change)
                steps.callback(self.ended.set)
                steps.push_async_callback(self.process.end)
                steps.callback(self.deliveries.close)
                steps.callback(self._on_change)
                browser, self._browser = self._browser, None
                self.outbox.clear()
                if self._pump:
                    self._pump.cancel()
                if browser:
                    browser.leave(ENDED, reason)
        except Exception:
            _log.exception("a visit did not end as it should")

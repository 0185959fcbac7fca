"""The host of visits without service and status, and browsers as its websocket sees them."""

import asyncio
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import aiohttp

from settling import until
from userdesk.serve.admission import Admission
from userdesk.serve.origins import Origins
from userdesk.serve.page_files import PageFiles
from userdesk.serve.visit import Visit
from userdesk.serve.visit_folders import VisitFolders
from userdesk.serve.visitor_environment import VisitorProgram
from userdesk.serve.visits import Visits
from userdesk.serve.web import WebServer

STAND_IN = (sys.executable, "-I", str(Path(__file__).with_name("stand_in.py")))
PAGE = "<!doctype html><title>$title</title><script src='$static/page.js'></script>"
NOTICE = "<!doctype html><h1>$heading</h1><p>$advice</p>"
READY = rb"<(?:ready|drawn \d+)>"
"""What the stand-in writes: a browser may come before it listens to signals, and needs none then."""

TYPED = {"Sec-Fetch-Site": "none"}
"""What browsers say where no page has led them to an address."""


@dataclass(eq=False)
class Granted:
    """What a visit may ask of the service, as the proxy tells of it."""

    token: str
    questions: int = 0
    trouble: str = ""
    running: set[object] = field(default_factory=set)


class Host:
    """Visits and the web server, with a clock that stands still until a test moves it."""

    def __init__(
        self,
        folder: Path,
        *,
        places: int = 3,
        idle: float | None = None,
        public_url: str = "",
        command: tuple[str, ...] = STAND_IN,
        base_url: str = "http://127.0.0.1:1",
        chatbot_id: str = "b1",
        questions: bytes | None = None,
    ) -> None:
        self.now = 1000.0
        self.granted: list[Granted] = []
        self.withdrawn: list[Granted] = []
        self.granted_after: list[Granted | None] = []
        """Of each that was granted the one that its visitor had before."""
        (folder / "temporary").mkdir()
        self.folders = VisitFolders(folder / "temporary")
        self.admission = Admission(places, self.clock)
        self.program = VisitorProgram(
            chatbot_id=chatbot_id,
            chatbot_name="Acme",
            base_url=base_url,
            questions=questions,
            command=command,
        )
        self.visits = Visits(
            self.admission,
            self.program,
            self.folders,
            grant=self._grant,
            withdraw=self.withdrawn.append,
            idle=idle,
            clock=self.clock,
        )
        self.server = WebServer(self.visits, Origins("127.0.0.1", public_url), _page_files())

    def clock(self) -> float:
        return self.now

    def _grant(self, token: str, before: Granted | None) -> Granted:
        self.granted_after.append(before)
        granted = Granted(token)
        self.granted.append(granted)
        return granted

    async def __aenter__(self) -> Self:
        await self.server.start("127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.visits.close()
        await self.server.close()
        self.folders.close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def invitation(self) -> str:
        return f"/?token={self.admission.token}"

    @property
    def only(self) -> Visit:
        """The one visit that there is."""
        (visit,) = self.visits
        return visit

    def visits_by_number(self) -> dict[int, Visit]:
        return {visit.number: visit for visit in self.visits}

    async def wait(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        await until(condition, lambda: "what the host should have noticed")

    async def pass_time(self, seconds: float) -> None:
        """Move the clock, and have the host look; returns when all that is ending is over."""
        await asyncio.gather(*(each.ended.wait() for each in self.visits.processes if each.is_ending))
        await asyncio.gather(*(visit.ended.wait() for visit in self.visits.ending))
        self.now += seconds
        await asyncio.gather(*self.visits.look())


class Browser:
    """A browser: its cookies, and what its terminal shows."""

    def __init__(self, host: Host, http: aiohttp.ClientSession | None = None) -> None:
        """A tab of its own cookies, or of another one's."""
        self.host = host
        self.http = http or aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers=TYPED)
        self.shown = bytearray()
        """What came for the terminal; grown in place, for a flood comes in thousands of pieces."""
        self.frames: list[Any] = []
        """Messages that came."""
        self.closed: tuple[int | None, str] | None = None
        """The code and the reason that the websocket was closed with."""
        self.socket: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go()
        await self.http.close()

    async def load(self, path: str = "/", **options: Any) -> tuple[int, str]:
        """The status and text of a page."""
        async with self.http.get(self.host.address + path, **options) as response:
            return response.status, await response.text("utf-8", "replace")

    async def headers(self, path: str = "/", **options: Any) -> aiohttp.ClientResponse:
        """A response, for its status and headers."""
        async with self.http.get(self.host.address + path, **options) as response:
            return response

    async def come(self) -> None:
        """Follow the invitation, and show the terminal."""
        status, text = await self.load(self.host.invitation)
        assert status == 200, text
        await self.connect()

    async def connect(self, columns: int = 80, rows: int = 24, path: str = "", **options: Any) -> None:
        """Open the websocket, as the page does."""
        self.shown, self.closed = bytearray(), None
        options = {"origin": self.host.address, "autoping": True} | options
        url = self.host.address + (path or f"/ws?width={columns}&height={rows}")
        self.socket = await self.http.ws_connect(url, **options)
        self._reading = asyncio.create_task(self._read(self.socket))

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        reason = ""
        while True:
            message = await socket.receive()
            if message.type is aiohttp.WSMsgType.BINARY:
                self.shown += message.data
            elif message.type is aiohttp.WSMsgType.TEXT:
                self.frames.append(json.loads(message.data))
            else:
                reason = message.extra if message.type is aiohttp.WSMsgType.CLOSE else ""
                break
        self.closed = (socket.close_code, reason or "")

    async def go(self) -> None:
        """Close the websocket, if there is one."""
        if self.socket:
            await self.socket.close()
        if self._reading:
            self._reading.cancel()

    async def send(self, *frame: object) -> None:
        assert self.socket
        await self.socket.send_str(json.dumps(frame))

    async def type(self, text: str) -> None:
        await self.send("stdin", text)

    async def run(self, line: str) -> None:
        """Have the stand-in run a line of Python."""
        await self.type(line + "\n")

    async def process(self) -> int:
        """The process that answers."""
        self.shown = bytearray()
        await self.run("say('pid', os.getpid())")
        return int((await self.sees(rb"<pid (\d+)>"))[1])

    async def sees(self, pattern: bytes) -> re.Match[bytes]:
        """Wait until the terminal was sent something."""
        found: list[re.Match[bytes] | None] = []

        def look() -> bool:
            found[:] = [re.search(pattern, self.shown)]
            return found[0] is not None

        await until(look, lambda: f"{pattern!r} in {self.shown[-500:]!r}")
        assert found[0]
        return found[0]

    async def hears(self, kind: str) -> Any:
        """Wait for the first message of a kind that was not asked for yet; what came with it."""
        await until(lambda: any(frame[0] == kind for frame in self.frames), lambda: f"{kind}: {self.frames}")
        at = next(number for number, frame in enumerate(self.frames) if frame[0] == kind)
        return self.frames.pop(at)[1]

    async def is_closed(self) -> tuple[int | None, str]:
        """Wait until the websocket is closed: its code and reason."""
        await until(lambda: self.closed, lambda: f"the close; shown: {self.shown[-300:]!r}")
        assert self.closed
        return self.closed


@cache
def _page_files() -> PageFiles:
    with TemporaryDirectory() as folder:
        ours = Path(folder)
        (ours / "page.html").write_text(PAGE)
        (ours / "notice.html").write_text(NOTICE)
        (ours / "page.js").write_text("'ours'; " * 100)
        return PageFiles({"title": "Acme <1>", "theme": "nord"}, ours)


async def wait_until(condition: Callable[[], object], what: str) -> None:
    """Wait until something is so; `what` is told where it never is."""
    await until(condition, lambda: what)


NewHost = Callable[..., Host]

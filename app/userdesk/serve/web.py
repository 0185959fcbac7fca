"""The web server that visitors' browsers talk to: page, files of it, websocket, what visitors export."""

import re
from http import HTTPStatus

from aiohttp import web

from userdesk.serve.admission import Refusal
from userdesk.serve.browser_socket import BrowserSocket
from userdesk.serve.connections import Connection, Connections
from userdesk.serve.headers import attachment, headers
from userdesk.serve.notices import (
    CANNOT_BEGIN,
    NOTHING_HERE,
    OVER,
    REFUSALS,
    TOO_MANY,
    UNINVITED,
    Notice,
)
from userdesk.serve.origins import Origins
from userdesk.serve.page_files import PageFiles
from userdesk.serve.visit import ENDED
from userdesk.serve.visits import Visits

COOKIE = "userdesk_visit"
DOWNLOADS_AT_ONCE = 2
"""Files that one visit may be fetching."""
STRANGERS_AT_ONCE = 8
"""Websockets of one address without a visit that are being told so; more are refused."""
LONGEST_ADDRESS = 2048
"""Characters of what is asked for: an invitation, and what messengers append to links."""
SHUTS_DOWN_WITHIN = 3.0  # seconds
_FOR_EVER = "private, max-age=31536000, immutable"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class WebServer:
    """Listens for browsers, from `start` to `close`."""

    def __init__(self, visits: Visits, origins: Origins, files: PageFiles) -> None:
        self._visits, self._origins, self._files = visits, origins, files
        self.strangers: set[Connection] = set()
        """Connections of browsers without a visit that are being told so."""
        self._runner = web.ServerRunner(
            Connections(self._answer, visits.admission.places),
            handle_signals=False,
            shutdown_timeout=SHUTS_DOWN_WITHIN,
        )
        self.port = 0
        """The port that it listens on, once it was started."""

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 is any that is free. Raises OSError."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Listen no more. The visits have ended before, and told their browsers."""
        await self._runner.cleanup()

    @property
    def cookie(self) -> str:
        """The cookie's name: browsers give it to every port of a host, so the port is in it."""
        return f"__Host-{COOKIE}" if self._origins.is_secure else f"{COOKIE}_{self.port}"

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        hosts, origin = request.headers.getall("Host", []), request.headers.get("Origin")
        if len(hosts) != 1 or not self._origins.is_ours(hosts[0]):
            return _plain(HTTPStatus.MISDIRECTED_REQUEST)
        host = hosts[0]
        if origin is not None and not self._origins.may_speak(origin, host):
            return _plain(HTTPStatus.FORBIDDEN)
        if len(request.raw_path) > LONGEST_ADDRESS:
            return _plain(HTTPStatus.REQUEST_URI_TOO_LONG)
        if request.method != "GET":
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED, Allow="GET")
        match request.path.split("/", 2)[1:]:
            case [""]:
                return await self._page(request, host)
            case ["ws"]:
                return await self._websocket(request) if origin else _plain(HTTPStatus.FORBIDDEN)
            case ["file", key]:
                return await self._file(request, host, key)
            case ["static", path]:
                return self._static(request, host, *path.split("/", 1))
        return self._notice(NOTHING_HERE, host)

    # the page

    async def _page(self, request: web.BaseRequest, host: str) -> web.Response:
        cookie, token = self._shown(request), request.query.get("token", "")
        try:
            if seat := self._visits.seat_of(cookie):
                if not seat.connections.take():
                    return self._notice(TOO_MANY, host)
                await self._visits.begin_again(seat)
                return self._html(self._files.page(), host)
            if not token:
                return self._notice(OVER if self._visits.admission.gone(cookie) else UNINVITED, host)
            if (
                "Sec-Purpose" in request.headers
            ):  # nobody is there yet: the browser fetches ahead, and asks again
                return _plain(HTTPStatus.SERVICE_UNAVAILABLE)
            if _comes_from_elsewhere(request) and _TOKEN.fullmatch(token):
                return self._html(self._files.once_more(f"/?token={token}&again=1"), host)
            entered = await self._visits.enter(token)
        except OSError:
            return self._notice(CANNOT_BEGIN, host)
        if isinstance(entered, Refusal):
            return self._notice(REFUSALS[entered], host)
        response = self._html(self._files.page(), host)
        response.set_cookie(
            self.cookie,
            entered[1],
            path="/",
            httponly=True,
            samesite="Strict",
            secure=self._origins.is_secure,
        )
        return response

    def _notice(self, notice: Notice, host: str) -> web.Response:
        return self._html(self._files.notice(notice), host, notice.status)

    def _html(self, text: str, host: str, status: int = 200) -> web.Response:
        return web.Response(text=text, content_type="text/html", status=status, headers=self._headers(host))

    def _headers(self, host: str, cache: str = "no-store") -> dict[str, str]:
        return {**headers(host, is_secure=self._origins.is_secure, cache=cache)}

    def _shown(self, request: web.BaseRequest) -> str:
        """The cookie of a visit, of several the last.

        Not by `request.cookies`: that takes 10 ms for the thousands that one request may bring, and no
        invitation is needed for them.
        """
        found = re.findall(rf"(?:^|;) *{self.cookie}=([\w-]*)", request.headers.get("Cookie", ""))
        return found[-1] if found else ""

    # what belongs to a visit

    async def _websocket(self, request: web.BaseRequest) -> web.StreamResponse:
        cookie, connection = self._shown(request), request.protocol
        assert isinstance(connection, Connection)
        seat = self._visits.seat_of(cookie)
        if seat and not seat.connections.take():
            return _plain(HTTPStatus.TOO_MANY_REQUESTS)
        alike = sum(stranger.address == connection.address for stranger in self.strangers)
        if not seat and alike >= STRANGERS_AT_ONCE:  # a page asks again
            return _plain(HTTPStatus.TOO_MANY_REQUESTS)
        socket = BrowserSocket(connection)
        try:
            can_prepare = socket.response.can_prepare(request)
        except ValueError:  # a key of letters that no key has
            can_prepare = None
        if not can_prepare:
            return _plain(HTTPStatus.BAD_REQUEST)
        socket.response.headers.update(headers())
        if not seat:
            self.strangers.add(connection)
        try:
            await socket.response.prepare(request)
            if seat:
                connection.keep()
                await socket.show(seat.visit, _number(request, "width", 80), _number(request, "height", 24))
            else:
                socket.leave(ENDED, self._visits.admission.gone(cookie) or "unknown")
        except OSError:  # it went while it came
            pass
        finally:
            try:
                await socket.closed()
            finally:
                self.strangers.discard(connection)
        return socket.response

    async def _file(self, request: web.BaseRequest, host: str, key: str) -> web.StreamResponse:
        seat = self._visits.seat_of(self._shown(request))
        file = seat.visit.deliveries.get(key) if seat else None
        if seat is None or file is None:
            return self._notice(NOTHING_HERE, host)
        if len(seat.downloads) >= DOWNLOADS_AT_ONCE or not seat.connections.take():
            return self._notice(TOO_MANY, host)
        response = web.StreamResponse(headers=self._headers(host))
        response.content_type = "application/octet-stream"
        response.headers["Content-Disposition"] = attachment(file.name)
        response.content_length = file.size
        connection = request.protocol
        assert isinstance(connection, Connection)
        connection.keep()
        response.force_close()
        seat.downloads.add(connection)
        left = file.size
        try:
            await response.prepare(request)
            async for piece in file.pieces():
                await response.write(piece)
                left -= len(piece)
            if left:
                connection.abort()  # half a file must not look like a whole one
            else:
                await response.write_eof()
        except OSError:  # the browser has gone
            connection.abort()
        finally:
            seat.downloads.discard(connection)
            connection.let_go()  # its end may still wait to be read
        return response

    # what belongs to nobody

    def _static(self, request: web.BaseRequest, host: str, version: str, name: str = "") -> web.Response:
        file = self._files.static(name)
        if file is None:
            return self._notice(NOTHING_HERE, host)
        if seat := self._visits.seat_of(self._shown(request)):
            seat.visit.is_expected()  # a slow line: the page is being loaded
        cache = _FOR_EVER if version == self._files.version else "no-cache"
        fields = self._headers(host, cache) | {"ETag": file.tag, "Vary": "Accept-Encoding"}
        if file.tag in request.headers.get("If-None-Match", ""):
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=fields)
        fields["Content-Type"] = file.content_type
        if file.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=file.packed, headers=fields | {"Content-Encoding": "gzip"})
        return web.Response(body=file.data, headers=fields)


def _plain(status: HTTPStatus, **fields: str) -> web.Response:
    """An answer to what no browser of ours asks."""
    return web.Response(status=status, text=f"{status.phrase}\n", headers={**headers(), **fields})


def _number(request: web.BaseRequest, name: str, usual: int) -> int:
    text = request.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else usual


def _comes_from_elsewhere(request: web.BaseRequest) -> bool:
    """Whether a link on another site may have led here: then a browser keeps back the cookie that it has.

    Browsers say so by HTTPS and on loopback alone. What looks at links for a preview does not say it, either,
    and does not follow the page that leads on.
    """
    from_ = request.headers.get("Sec-Fetch-Site", "")
    return from_ not in ("none", "same-origin") and "again" not in request.query

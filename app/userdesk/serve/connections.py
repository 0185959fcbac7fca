"""The open connections that are nobody's visit: few, and none for long.

Who keeps a connection open without saying anything, or asks and does not read, takes it from nobody else:
where there are too many, the oldest of the address that has the most goes.
"""

import asyncio
import ipaddress
import logging
from typing import Any

from aiohttp import web

from userdesk.serve.headers import headers
from userdesk.serve.limits import Bucket

MOST, FOR_EACH_PLACE = 64, 8
"""Connections: some in any case, and as many as the browsers of all places open for a page."""
LONGEST = 120.0
"""Seconds that a page, or a file of it, may take."""
KEPT_ALIVE = 15.0
"""Seconds that a connection waits for its next request."""

READ_AT_ONCE = 16_384
"""Bytes that are taken in at a time: thousands of the smallest frames, before others have their turn."""

_log = logging.getLogger("userdesk.serve")


class Connection(web.RequestHandler):
    """One connection of a browser. What is no request of HTTP is told so in few words."""

    def __init__(self, connections: "Connections", **kwargs: Any) -> None:
        super().__init__(connections, **kwargs)
        self._connections = connections
        self.address = ""
        """Where it comes from; by IPv6 the network, for somebody has all of one."""
        self._deadline: asyncio.TimerHandle | None = None
        self._bytes: Bucket | None = None
        self._pause: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it."""
        super().connection_made(transport)
        setattr(transport, "max_size", READ_AT_ONCE)  # noqa: B010  asyncio's, of the transports that have it
        self.address = address_of(transport.get_extra_info("peername"))
        self.let_go()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Count it no more."""
        self.keep()
        if self._pause:
            self._pause.cancel()
        super().connection_lost(exc)

    def limit(self, allowed: Bucket) -> None:
        """Read no more bytes from now on than a bucket holds: also of what makes no message, or none yet."""
        self._bytes = allowed

    def data_received(self, data: bytes) -> None:
        """Take in what came, and perhaps nothing more for a while."""
        super().data_received(data)
        wait = self._bytes.owe(len(data)) if self._bytes else 0
        # Where aiohttp has paused it, it is aiohttp's to go on.
        if wait and self.transport and self.transport.is_reading():
            self.transport.pause_reading()
            self._pause = asyncio.get_running_loop().call_later(wait, self._read_on)

    def _read_on(self) -> None:
        if self.transport:
            self.transport.resume_reading()

    def keep(self) -> None:
        """It may last as long as it likes: it belongs to a visit, which has a limit of its own."""
        self._connections.lost(self)
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def let_go(self) -> None:
        """It belongs to nobody, or not any more: it is counted, and ends in time, read or not."""
        if self.transport and not self._deadline:
            self._deadline = asyncio.get_running_loop().call_later(LONGEST, self.abort)
            self._connections.opened(self)

    def abort(self) -> None:
        """End it at once, whatever was still to be sent."""
        if self.transport:
            self.transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """An answer to what could not be read or failed: nothing of why."""
        if status >= 500:
            _log.error("a request failed", exc_info=exc)
        response = web.Response(status=status, text="It did not work.\n", headers=headers())
        response.force_close()
        return response


class Connections(web.Server):
    """Makes the connections of a server."""

    def __init__(self, handler: Any, places: int) -> None:
        super().__init__(handler)
        self._most = MOST + FOR_EACH_PLACE * places
        self._open: dict[str, dict[Connection, None]] = {}
        self._count = 0

    def __call__(self) -> web.RequestHandler:
        """A connection that a browser has opened."""
        return Connection(
            self,
            loop=asyncio.get_running_loop(),
            access_log=None,
            logger=_log,
            keepalive_timeout=KEPT_ALIVE,
            lingering_time=0.0,
        )

    def opened(self, connection: Connection) -> None:
        """Count a connection; of too many the oldest of the address that has the most ends."""
        self._open.setdefault(connection.address, {})[connection] = None
        self._count += 1
        if self._count > self._most:
            most = max(self._open, key=lambda address: len(self._open[address]))
            oldest = next(iter(self._open[most]))
            self.lost(oldest)
            oldest.abort()

    def lost(self, connection: Connection) -> None:
        """Count it no more."""
        of_address = self._open.get(connection.address, {})
        if connection in of_address:
            del of_address[connection]
            self._count -= 1
            if not of_address:
                del self._open[connection.address]


def address_of(peer: object) -> str:
    """What the connections of one somebody have in common, of the address as a socket tells it."""
    if not isinstance(peer, tuple):
        return ""
    address = ipaddress.ip_address(peer[0].partition("%")[0])
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))

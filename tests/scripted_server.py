"""A server that answers byte by byte as a test says, also what no correct server would.

    async with ScriptedServer(chunked([b"Hel", b"lo"]), cut(b"HTTP/1.1 200 OK\\r\\n")) as server:
        ...  # a client at server.base_url gets the first script, then the second

Each request takes the next script; the last one serves all that follow.
"""

import asyncio
import contextlib
import json
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self


@dataclass
class Received:
    """A request as it came over the wire."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of a header, by its lower-case name."""
        return dict(self.headers).get(name)

    @property
    def fields(self) -> Any:
        """The JSON of the body."""
        return json.loads(self.body)


@dataclass
class Connection:
    """One client's connection, as a script sees it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    keep: bool = True
    """Whether a further request is awaited on it after the script."""

    async def write(self, data: bytes) -> None:
        """Send bytes, in a packet of their own as far as that can be had."""
        self.writer.write(data)
        await self.writer.drain()

    def close(self) -> None:
        """End it in good order."""
        self.keep = False
        self.writer.close()

    def reset(self) -> None:
        """End it with a TCP reset."""
        self.keep = False
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def wait_until_left(self) -> None:
        """Wait until the client closed its side."""
        self.keep = False
        with contextlib.suppress(ConnectionError):
            while await self.reader.read(65_536):
                pass


Script = Callable[[Connection], Awaitable[None]]


def head(status: int = 200, *lines: str) -> bytes:
    """A status line and header lines, with the empty line after them."""
    return "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status} Whatever", *lines, "")).encode("latin-1")


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"


def whole(status: int, body: bytes | object, *lines: str) -> Script:
    """A complete reply; a body that isn't bytes goes out as JSON."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
        lines = ("Content-Type: application/json", *lines)
    return raw(head(status, f"Content-Length: {len(body)}", *lines) + body)


def chunked(pieces: Sequence[bytes], *lines: str, status: int = 200) -> Script:
    """A complete chunked reply."""

    async def script(connection: Connection) -> None:
        await connection.write(head(status, "Transfer-Encoding: chunked", *lines))
        for piece in pieces:
            await connection.write(chunk(piece))
        await connection.write(LAST_CHUNK)

    return script


def raw(data: bytes) -> Script:
    """Exactly these bytes, and the connection stays open."""
    return lambda connection: connection.write(data)


def cut(data: bytes) -> Script:
    """Exactly these bytes, then the end of the connection."""

    async def script(connection: Connection) -> None:
        await connection.write(data)
        connection.close()

    return script


def reset(data: bytes, after: asyncio.Event | None = None) -> Script:
    """Exactly these bytes, then a TCP reset, once `after` is set (a reset may discard what came before)."""

    async def script(connection: Connection) -> None:
        if data:
            await connection.write(data)
        if after:
            await after.wait()
        connection.reset()

    return script


def hang(data: bytes, left: asyncio.Event | None = None) -> Script:
    """Exactly these bytes, then nothing until the client leaves; `left` is set then."""

    async def script(connection: Connection) -> None:
        if data:
            await connection.write(data)
        await connection.wait_until_left()
        if left:
            left.set()

    return script


class ScriptedServer:
    """Listens on a loopback port and plays its scripts; a context manager."""

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        self.scripts = list(scripts)
        self.received: list[Received] = []
        self.connections = 0
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        for serving in self._serving:
            serving.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._server
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def base_url(self) -> str:
        """Its address."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._serving.add(task)
        self.connections += 1
        connection = Connection(reader, writer)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while connection.keep and (request := await _read_request(reader)):
                    self.received.append(request)
                    script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
                    await script(connection)
        except asyncio.CancelledError:
            writer.transport.abort()  # the test is over; a TLS client would be waited for
        finally:
            self._serving.discard(task)
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()


async def _read_request(reader: asyncio.StreamReader) -> Received | None:
    request_line = (await reader.readline()).decode("latin-1")
    if not request_line:
        return None
    method, target, _ = request_line.split(" ", 2)
    headers: list[tuple[str, str]] = []
    while line := (await reader.readline()).decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers.append((name.lower(), value.strip()))
    length = int(dict(headers).get("content-length", "0"))
    return Received(method, target, headers, await reader.readexactly(length))

"""A TCP connection that is read as soon as something comes.

anyio's own has the system watch the socket anew for each read, which costs as much as the read itself
where an answer comes word by word.
"""

import asyncio
import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import cast

import anyio
from anyio.abc import ByteStream

NEXT_ADDRESS_AFTER = 0.25  # s in which an address may answer before the host's next one is tried beside it
HELD = 64 * 1024  # bytes that wait to be taken, from which on the system is to hold the rest


class TcpStream(ByteStream, asyncio.Protocol):
    """A connection as anyio's TLS and httpcore's HTTP take it; one task at a time receives, and one sends."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._has_ended = False
        self._failure: Exception | None = None
        self._is_closed = False
        self._receiver: asyncio.Future[None] | None = None
        self._sender: asyncio.Future[None] | None = None
        self._is_full = False

    # what asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(0)

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self._held += data
        if len(self._held) >= HELD:
            self._transport.pause_reading()
        _wake(self._receiver)

    def eof_received(self) -> bool:
        """The other side sends no more; it may still be sent to."""
        self._has_ended = True
        _wake(self._receiver)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """It was closed, here or there."""
        self._has_ended = True
        self._failure = exc
        _wake(self._receiver)
        _wake(self._sender)

    def pause_writing(self) -> None:
        """The system takes no more for now."""
        self._is_full = True

    def resume_writing(self) -> None:
        """The system took all of it."""
        self._is_full = False
        _wake(self._sender)

    # what anyio and httpcore ask for

    async def receive(self, max_bytes: int = HELD) -> bytes:
        """All that came since, however much that is; waits where it is nothing.

        Raises:
            EndOfStream: The other side ended it.
            BrokenResourceError: It was lost.
            ClosedResourceError: It was closed here.
        """
        if not self._held and not self._has_ended:
            self._receiver = asyncio.get_running_loop().create_future()
            await self._receiver
        if not self._held:
            self._raise_loss()
            raise anyio.EndOfStream
        data = bytes(self._held)
        self._held.clear()
        self._transport.resume_reading()
        return data

    async def send(self, item: bytes) -> None:
        """Send bytes; ends when the system has taken them. Raises as `receive` does for a loss."""
        self._raise_loss()
        self._transport.write(item)
        if self._is_full:
            self._sender = asyncio.get_running_loop().create_future()
            await self._sender
            self._raise_loss()

    async def send_eof(self) -> None:
        """Send no more."""
        self._transport.write_eof()

    async def aclose(self) -> None:
        """Close it at once; what the system has not taken yet is not sent."""
        self.abort()
        await asyncio.sleep(0)

    def abort(self) -> None:
        """The same, for whoever cannot wait."""
        self._is_closed = True
        self._transport.abort()

    def leave_to_system(self, leave: bool) -> None:
        """Whether what comes is left to the system for now, to be taken in one go later."""
        if leave:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    @property
    def has_news(self) -> bool:
        """Whether bytes or an end wait to be received, here; the system may hold more."""
        return bool(self._held) or self._has_ended or self._is_closed

    @property
    def descriptor(self) -> int:
        """Its number for the system; -1 once it is closed."""
        number: int = self._transport.get_extra_info("socket").fileno()
        return number

    def _raise_loss(self) -> None:
        if self._is_closed:
            raise anyio.ClosedResourceError
        if self._failure:
            raise anyio.BrokenResourceError from self._failure


def _wake(waiting: asyncio.Future[None] | None) -> None:
    if waiting and not waiting.done():
        waiting.set_result(None)


async def connect(host: str, port: int) -> TcpStream:
    """Connect to whichever address of a host answers first, of both families. Raises OSError."""
    # A connection of anyio's cannot be taken over: how its own end closes what was made of it depends on
    # anyio's version and on the system. asyncio's way to try addresses fails with tasks that run eagerly.
    opened: list[TcpStream] = []
    faults: list[OSError] = []

    async def attempt(address: str, is_over: anyio.Event) -> None:
        try:
            _, stream = await asyncio.get_running_loop().create_connection(TcpStream, address, port)
        except OSError as fault:
            faults.append(fault)
        else:
            opened.append(stream)
            attempts.cancel_scope.cancel()
        finally:
            is_over.set()

    addresses = await _addresses(host, port)
    try:
        async with anyio.create_task_group() as attempts:
            for address in addresses:
                is_over = anyio.Event()
                attempts.start_soon(attempt, address, is_over)
                with anyio.move_on_after(NEXT_ADDRESS_AFTER):
                    await is_over.wait()
        if not opened:
            cause = faults[0] if len(faults) == 1 else ExceptionGroup("no address answered", faults)
            raise OSError("All connection attempts failed") from cause
    except BaseException:
        for stream in opened:
            stream.abort()
        raise
    finally:
        faults.clear()  # their tracebacks hold the list
    for late in opened[1:]:
        late.abort()
    return opened[0]


async def _addresses(host: str, port: int) -> list[str]:
    """A host's addresses in the system's order, but the first of each family first, IPv6 before IPv4."""
    with suppress(ValueError):
        return [ip_address(host).compressed]
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    known = [(family, str(address[0])) for family, _, _, _, address in found]
    families = [family for family, _ in known]
    firsts = [families.index(each) for each in (socket.AF_INET6, socket.AF_INET) if each in families]
    order = firsts + [number for number in range(len(known)) if number not in firsts]
    return [known[number][1] for number in order]

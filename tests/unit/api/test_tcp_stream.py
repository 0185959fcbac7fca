"""A connection over loopback, against a socket that does what a server may do."""

import asyncio
import os
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import anyio
import pytest

from userdesk.api.tcp_stream import HELD, TcpStream, connect

LINGER_NOT = struct.pack("ii", 1, 0)
"""Has a socket that is closed reset its connection."""


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[TcpStream, socket.socket]]:
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        stream = await connect("127.0.0.1", listening.getsockname()[1])
        peer, _ = await loop.sock_accept(listening)
        with peer:
            peer.setblocking(False)
            try:
                yield stream, peer
            finally:
                await stream.aclose()


async def received(stream: TcpStream, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += await stream.receive()
    return data


async def test_what_came_is_received_and_then_the_end() -> None:
    async with connected() as (stream, peer):
        peer.send(b"Hel")
        assert await stream.receive() == b"Hel"
        peer.send(b"lo")
        peer.shutdown(socket.SHUT_WR)
        assert await received(stream, 2) == b"lo"
        for _ in range(2):
            with pytest.raises(anyio.EndOfStream):
                await stream.receive()
        await stream.send(b"still sent")
        assert await asyncio.get_running_loop().sock_recv(peer, 64) == b"still sent"


async def test_loss_is_no_end() -> None:
    async with connected() as (stream, peer):
        peer.send(b"Hel")
        assert await stream.receive() == b"Hel"
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        peer.close()
        with pytest.raises(anyio.BrokenResourceError) as failure:
            await stream.receive()
        assert isinstance(failure.value.__cause__, ConnectionResetError)
        with pytest.raises(anyio.BrokenResourceError):
            await stream.send(b"more")


async def test_who_waits_is_told_of_the_close() -> None:
    async with connected() as (stream, _):
        waiting = asyncio.create_task(stream.receive())
        await asyncio.sleep(0)
        await stream.aclose()
        with pytest.raises(anyio.ClosedResourceError):
            await waiting
        assert stream.has_news
        assert stream.descriptor == -1


async def test_cancelled_wait_loses_nothing() -> None:
    async with connected() as (stream, peer):
        waiting = asyncio.create_task(stream.receive())
        await asyncio.sleep(0)
        waiting.cancel()
        peer.send(b"later")
        assert await received(stream, 5) == b"later"


async def test_flood_that_nobody_receives_is_left_to_the_system() -> None:
    sent, size = 0, 1024 * 1024
    async with connected() as (stream, peer):
        loop = asyncio.get_running_loop()
        flood = asyncio.create_task(loop.sock_sendall(peer, bytes(32 * size)))
        peak = 0
        while not flood.done():
            data = await stream.receive()
            peak, sent = max(peak, len(data)), sent + len(data)
        sent += len(await received(stream, 32 * size - sent))
        assert sent == 32 * size
        assert peak < HELD + 256 * 1024  # one more read of asyncio's


async def test_what_is_left_to_the_system_comes_in_one_piece() -> None:
    async with connected() as (stream, peer):
        peer.send(b"a")
        assert await stream.receive() == b"a"
        stream.leave_to_system(True)
        for _ in range(3):
            peer.send(b"bc")
            await asyncio.sleep(0)
        assert not stream.has_news
        stream.leave_to_system(False)
        assert await stream.receive() == b"bcbcbc"


async def test_sending_waits_for_the_system_to_take_it() -> None:
    async with connected() as (stream, peer):
        size = 16 * 1024 * 1024
        sending = asyncio.create_task(stream.send(bytes(size)))
        loop = asyncio.get_running_loop()
        got = len(await loop.sock_recv(peer, 4096))
        assert not sending.done()
        while got < size:
            got += len(await loop.sock_recv(peer, 1024 * 1024))
        await sending


async def test_sending_ends_with_the_connection() -> None:
    async with connected() as (stream, peer):
        sending = asyncio.create_task(stream.send(bytes(16 * 1024 * 1024)))
        await asyncio.sleep(0)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        peer.close()
        with pytest.raises(anyio.BrokenResourceError):
            await sending


async def test_address_that_nobody_listens_at_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(OSError):
        await connect("127.0.0.1", port)


async def test_address_that_refuses_leaves_it_to_the_hosts_next_one() -> None:
    families = {each[0] for each in socket.getaddrinfo("localhost", 80, type=socket.SOCK_STREAM)}
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        if family not in families:
            continue
        with socket.create_server((address, 0), family=family) as listening:
            stream = await connect("localhost", listening.getsockname()[1])
            peer, _ = listening.accept()
            with peer:
                peer.send(b"first word")
                assert await stream.receive() == b"first word"
                await stream.send(b"and back")
                assert peer.recv(64) == b"and back"
                await stream.aclose()


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="the system does not tell open descriptors")
async def test_connecting_that_is_given_up_leaves_no_descriptor() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, ExitStack() as waiting:
        before = None
        for _ in range(64):  # until the system answers no more of them
            before = len(os.listdir("/dev/fd"))
            try:
                with anyio.fail_after(0.2):
                    stream = await connect(*listening.getsockname())
            except TimeoutError:
                break
            waiting.callback(stream.abort)
        else:
            pytest.skip("the system takes any number of connections")
        assert len(os.listdir("/dev/fd")) == before

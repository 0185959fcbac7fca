"""Connections that say what they like and do not read, and whether others are served meanwhile."""

import asyncio
import base64
import os
import socket

from host_apart import Browser, Host

HANGS = "[signal.pause() for _ in iter(int, 1)]"  # also after the signal by which it is to draw anew


async def is_served(browser: Browser, times: int = 20) -> None:
    """Whether a visitor who does nothing special is answered."""
    for _ in range(times):
        await browser.process()
    assert (await browser.load("/static/x/textual.js"))[0] == 200


class Mute:
    """A connection that does not read what it is sent."""

    def __init__(self, host: Host) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.setblocking(False)
        self._port = host.server.port

    async def send(self, data: bytes) -> None:
        """Returns when the other side has taken all of it."""
        await asyncio.get_running_loop().sock_sendall(self.socket, data)

    async def ask(self, request: str) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_connect(self.socket, ("127.0.0.1", self._port))
        await loop.sock_sendall(self.socket, request.encode())

    def close(self) -> None:
        self.socket.close()


async def mute_stranger(host: Host, address: str = "127.0.0.1") -> Mute:
    """A websocket without a cookie that never reads."""
    mute = Mute(host)
    mute.socket.bind((address, 0))
    await mute.ask(opening(host))
    return mute


def opening(host: Host, cookies: str = "") -> str:
    """What opens a websocket."""
    return (
        f"GET /ws?width=80&height=24 HTTP/1.1\r\nHost: 127.0.0.1:{host.server.port}\r\n"
        f"Origin: {host.address}\r\nCookie: {cookies}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n"
    )


async def connected_mute(host: Host, browser: Browser) -> Mute:
    """A websocket of a browser's visit that never reads."""
    mute = Mute(host)
    cookies = "; ".join(f"{each.key}={each.value}" for each in browser.http.cookie_jar)
    await mute.ask(opening(host, cookies))
    return mute


def frame(text: str) -> bytes:
    """A message as a browser sends it, masked with zeros."""
    data = text.encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
    return b"\x81" + size + bytes(4) + data

"""Visitors without a browser, in a process of their own: they take part as xterm.js does, and draw nothing.

    python visiting_clients.py INVITATION COUNT

prints a line once all see the program. Each line that it is given is a message that all of them send; `{0}`
in it is the visitor's number.
"""

import asyncio
import json
import re
import sys
from urllib.parse import urlsplit

import aiohttp

ASKED = re.compile(rb"\x1b\[\?(\d+)\$p")


class Visitor:
    """One visitor: a cookie of its own, a websocket."""

    def __init__(self) -> None:
        jar, typed = aiohttp.CookieJar(unsafe=True), {"Sec-Fetch-Site": "none"}
        self._http = aiohttp.ClientSession(cookie_jar=jar, headers=typed)
        self._shown = b""
        self._sees = asyncio.Event()

    async def come(self, invitation: str) -> None:
        """Follow the invitation; returns when the program asks for a message."""
        async with self._http.get(invitation) as page:
            assert page.status == 200, await page.text()
        host = urlsplit(invitation).netloc
        self._socket = await self._http.ws_connect(
            f"http://{host}/ws?width=120&height=36", origin=f"http://{host}", max_msg_size=0
        )
        self._reading = asyncio.create_task(self._read())
        await self._sees.wait()

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is not aiohttp.WSMsgType.BINARY:
                continue
            for mode in ASKED.findall(message.data):
                await self.type(f"\x1b[?{mode.decode()};{'3' if mode == b'2027' else '0'}$y")
            if not self._sees.is_set():
                self._shown += message.data
                if b"essage " in self._shown:
                    self._sees.set()

    async def type(self, text: str) -> None:
        """Type a text."""
        await self._socket.send_str(json.dumps(["stdin", text]))


async def main() -> None:
    invitation, count = sys.argv[1], int(sys.argv[2])
    visitors = [Visitor() for _ in range(count)]
    for visitor in visitors:
        await visitor.come(invitation)
    print("ready", flush=True)
    while message := await asyncio.to_thread(sys.stdin.readline):
        for number, visitor in enumerate(visitors):
            await visitor.type(message.rstrip("\n").format(number))
            await visitor.type("\r")


if __name__ == "__main__":
    asyncio.run(main())

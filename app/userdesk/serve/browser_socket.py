"""A visitor's websocket: what it sends is limited, and it closes, whether its browser reads or not."""

import asyncio
import json
from contextlib import suppress

from aiohttp import WSMsgType, web

from userdesk.serve.browser_messages import LONGEST, Pinged, Resized, Typed, Unexpected, said
from userdesk.serve.connections import Connection
from userdesk.serve.limits import INPUT_A_SECOND, INPUT_BURST, INPUT_LEAST, RESIZE_COSTS, Bucket
from userdesk.serve.visit import Visit

HEARTBEAT = 30.0
"""Seconds between two pings; who answers none within half of that is gone."""
CLOSES_WITHIN = 2.0
"""Seconds that a browser has to take what is left and to answer the close."""
UNEXPECTED = 1008
"""The code for what our page does not say: a policy violation (RFC 6455)."""


class BrowserSocket:
    """A websocket that may show a visit."""

    def __init__(self, connection: Connection) -> None:
        self.response = web.WebSocketResponse(
            timeout=CLOSES_WITHIN,
            heartbeat=HEARTBEAT,
            autoping=False,  # they would be answered unseen, uncounted, and without a turn for others
            compress=False,  # nothing that few bytes could blow up
            max_msg_size=LONGEST,
        )
        self._connection = connection
        self._listening: asyncio.Task[None] | None = None
        self._leaving: asyncio.Task[None] | None = None

    async def send_bytes(self, data: bytes) -> None:
        """Send what is for the terminal; returns when there is room for more. Raises OSError."""
        await self.response.send_bytes(data)

    async def send_str(self, data: str) -> None:
        """Send a message. Raises OSError."""
        await self.response.send_str(data)

    def leave(self, code: int, reason: str) -> None:
        """Say `["bye", reason]`, unless the other side breaks the rules, and close, in a time of its own."""
        if self._leaving is None:
            self._leaving = asyncio.get_running_loop().create_task(self._leave(code, reason))

    async def show(self, visit: Visit, columns: int, rows: int) -> None:
        """Show a visit until the websocket is closed."""
        visit.attach(self, columns, rows)
        self._listening = asyncio.get_running_loop().create_task(self._listen(visit))
        try:
            await asyncio.wait([self._listening])
            if not self._listening.cancelled():
                self._listening.result()
        finally:
            self._listening.cancel()
            visit.detach(self)

    async def closed(self) -> None:
        """Returns when nothing is left of it."""
        if self._leaving:
            await asyncio.shield(self._leaving)
        self._connection.abort()

    async def _listen(self, visit: Visit) -> None:
        bucket = Bucket(INPUT_A_SECOND, INPUT_BURST)
        async for message in self.response:
            if message.type in (WSMsgType.PING, WSMsgType.PONG):
                if message.type is WSMsgType.PING:
                    with suppress(OSError):  # it has gone, which is told next
                        await self.response.pong(message.data)
                await asyncio.sleep(bucket.owe(max(len(message.data), INPUT_LEAST)))
                continue
            if message.type is not WSMsgType.TEXT:
                return self.leave(UNEXPECTED, "")
            cost = max(len(message.data), INPUT_LEAST)
            try:
                match said(message.data):
                    case Typed(data):
                        await visit.type(data)
                    case Resized(columns, rows):
                        visit.resize(columns, rows)
                        cost = RESIZE_COSTS
                    case Pinged(data):
                        visit.tell("pong", data)
            except Unexpected:
                return self.leave(UNEXPECTED, "")
            # Also without a wait others have their turn: many messages may have come at once. During one
            # nothing is read, and the line fills up.
            await asyncio.sleep(bucket.owe(cost))

    async def _leave(self, code: int, reason: str) -> None:
        with suppress(OSError, RuntimeError):  # TimeoutError is one: it does not read
            async with asyncio.timeout(CLOSES_WITHIN):
                if reason:
                    await self.response.send_str(json.dumps(["bye", reason]))
                await self.response.close(code=code, message=reason.encode())
        self._connection.abort()
        if self._listening:
            self._listening.cancel()

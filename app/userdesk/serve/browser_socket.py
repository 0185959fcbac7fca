"""A visitor's websocket: what it sends is limited, and it closes, whether its browser reads or not."""

import asyncio
import json
import struct
from contextlib import suppress

from aiohttp import WSMessage, WSMsgType, web

from userdesk.serve.browser_messages import LONGEST, Pinged, Resized, Typed, Unexpected, said
from userdesk.serve.connections import Connection
from userdesk.serve.limits import INPUT_A_SECOND, INPUT_BURST, INPUT_LEAST, RESIZE_COSTS, Bucket
from userdesk.serve.visit import Visit

HEARTBEAT = 30.0
"""Seconds between two pings; who answers none within half of that is gone."""
CLOSES_WITHIN = 2.0
"""Seconds that a browser has to take what is left and to answer the close."""
LOOKS = 1.0
"""Seconds between two looks at whether a browser is lost whose program reads nothing."""
UNEXPECTED = 1008
"""The code for what our page does not say: a policy violation (RFC 6455)."""


class BrowserSocket:
    """A websocket that may show a visit."""

    def __init__(self, connection: Connection) -> None:
        self.response = web.WebSocketResponse(
            timeout=CLOSES_WITHIN,
            heartbeat=HEARTBEAT,
            autoping=False,  # they would be answered unseen, uncounted, and without a turn for others
            autoclose=False,  # while it leaves, ours was sent before
            compress=False,  # nothing that few bytes could blow up
            max_msg_size=LONGEST,
        )
        self._connection = connection
        connection.limit(Bucket(INPUT_A_SECOND, LONGEST))  # while it shows nothing
        self._input = Bucket(INPUT_A_SECOND, INPUT_BURST)
        self._listening: asyncio.Task[None] | None = None
        self._leaving: asyncio.Task[None] | None = None

    async def send_bytes(self, data: bytes) -> None:
        """Send what is for the terminal; returns when there is room for more. Raises OSError."""
        self._may_send()
        await self.response.send_bytes(data)

    async def send_str(self, data: str) -> None:
        """Send a message. Raises OSError."""
        self._may_send()
        await self.response.send_str(data)

    def leave(self, code: int, reason: str) -> None:
        """Say `["bye", reason]`, unless the other side breaks the rules, and close, in a time of its own."""
        if self._leaving is None:
            self._leaving = asyncio.get_running_loop().create_task(self._leave(code, reason))

    async def show(self, visit: Visit, columns: int, rows: int) -> None:
        """Show a visit until the websocket is closed."""
        # Beyond what its messages may have, with their frames: it is for frames of which no message comes.
        self._connection.limit(Bucket(2 * INPUT_A_SECOND, 2 * INPUT_BURST))
        visit.attach(self, columns, rows)
        self._listening = asyncio.get_running_loop().create_task(self._listen(visit))
        try:
            # Who waits for the program's terminal reads nothing, and hears of no loss.
            while not self._is_lost:
                done, _ = await asyncio.wait([self._listening], timeout=LOOKS)
                if done:
                    break
            if self._listening.done() and not self._listening.cancelled():
                self._listening.result()
        finally:
            self._listening.cancel()
            visit.detach(self)

    async def closed(self) -> None:
        """Returns when nothing is left of it."""
        try:
            if self._leaving:
                await asyncio.shield(self._leaving)
        finally:  # it may read nothing, and would stay for as long as it likes
            self._connection.abort()

    @property
    def _is_lost(self) -> bool:
        return self.response.closed or self._connection.transport is None

    def _may_send(self) -> None:
        if self._leaving:
            raise ConnectionResetError("nothing follows the close")

    async def _listen(self, visit: Visit) -> None:
        async for message in self.response:
            cost = _cost(message)
            if message.type is WSMsgType.PING:
                with suppress(OSError):  # it has gone, which is told next
                    await self.response.pong(message.data)
            elif message.type is WSMsgType.TEXT:
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
            elif message.type is WSMsgType.ERROR:
                return  # it was told so, and is closed
            elif message.type is not WSMsgType.PONG:
                return self.leave(UNEXPECTED, "")
            # Also without a wait others have their turn: many messages may have come at once. During one
            # nothing is read, and the line fills up.
            await asyncio.sleep(self._input.owe(cost))
        await self.response.close(drain=False)  # the answer to its close; it may not read

    async def _leave(self, code: int, reason: str) -> None:
        if self._listening:
            self._listening.cancel()
            await asyncio.wait([self._listening])  # one alone may read
        with suppress(OSError, RuntimeError):  # TimeoutError is one: it does not read, or says too much
            async with asyncio.timeout(CLOSES_WITHIN):
                if reason:
                    await self.response.send_str(json.dumps(["bye", reason]))
                await self.response.send_frame(struct.pack("!H", code) + reason.encode(), WSMsgType.CLOSE)
                # Not `response.close`: it reads what was sent before the answer without a turn for others,
                # and for the timeout.
                async for message in self.response:
                    await asyncio.sleep(self._input.owe(_cost(message)))
        self._connection.abort()


def _cost(message: WSMessage) -> int:
    """Bytes that a message counts as; what could not be read has no data."""
    return max(len(message.data) if isinstance(message.data, str | bytes | bytearray) else 0, INPUT_LEAST)

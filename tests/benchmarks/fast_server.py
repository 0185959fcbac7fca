"""A server that answers at once: both endpoints as documented, in a process of its own."""

import asyncio
import json
import subprocess
import sys
from types import TracebackType
from typing import Self

_PIECES = (
    "Our support desk ",
    "is open from **Monday** to Friday, ",
    "9:00 to 17:00. ",
    "How else can I help?",
)
_STREAMED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece.encode()) for piece in _PIECES)
    + b"0\r\n\r\n"
)


class FastServer:
    """Runs the server as a child process."""

    def __enter__(self) -> Self:
        self._child = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True)
        assert self._child.stdout is not None
        self.base_url = self._child.stdout.readline().strip()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._child.kill()
        self._child.communicate()


class Answering(asyncio.Protocol):
    """One connection."""

    created = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._held = b""

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head = self._held[:end].lower()
            size = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            if len(self._held) < end + 4 + size:
                return
            self._held = self._held[end + 4 + size :]
            is_creation = head.split(b" ", 2)[1].endswith(b"/conversation")
            self._transport.write(_created() if is_creation else _STREAMED)


def _created() -> bytes:
    Answering.created += 1
    body = json.dumps({"success": True, "conversationId": f"fast-{Answering.created}"}).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    return head + body


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

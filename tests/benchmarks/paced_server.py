"""A loopback server of its own process that streams seeded answers at a given pace and stamps what it sends.

The message says what to send: `say CHUNKS RATE SEED END`, RATE in chunks a second (0: all at once).
"""

import asyncio
import json
import os
import re
import select
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

sys.path.insert(0, str(Path(__file__).parent))

from seeded_answer import answer, cut, last_word

LIMIT = 20.0  # s; only a wrong program reaches it


@dataclass(frozen=True)
class Sent:
    """When an answer was sent, in seconds of the monotonic clock that all processes share."""

    first: float
    last: float
    marks: dict[str, float]
    """When the last byte of each numbered word was sent."""


class PacedServer:
    """Runs the server as a child process."""

    def __enter__(self) -> Self:
        self._stamps: dict[str, list[Sent]] = {}  # by END, of answers that were not asked about yet
        self._told = b""
        self._child = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, bufsize=0)
        self.base_url = self._line()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._child.kill()
        self._child.communicate()

    def sent(self, end: str) -> Sent:
        """The stamps of the first answer with that END not told yet; waits for it. Raises TimeoutError.

        Others may be sent before it, of which nobody asks when they were.
        """
        while not self._stamps.get(end):
            stamps = json.loads(self._line())
            self._stamps.setdefault(stamps.pop("end"), []).append(Sent(**stamps))
        return self._stamps[end].pop(0)

    def _line(self) -> str:
        assert self._child.stdout is not None
        while b"\n" not in self._told:
            if not select.select([self._child.stdout], [], [], LIMIT)[0]:
                raise TimeoutError(f"the server told nothing for {LIMIT:g} s")
            told = os.read(self._child.stdout.fileno(), 65536)
            assert told, "the server has ended"
            self._told += told
        line, _, self._told = self._told.partition(b"\n")
        return line.decode()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            size = next(
                int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length")
            )
            body = json.loads(await reader.readexactly(size) or b"{}")
            if head.split()[1].endswith(b"/conversation"):
                await reply(
                    writer, {"success": True, "conversationId": "bench", "response": "Welcome to the bench."}
                )
            else:
                await stream(writer, str(body["message"]))
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def reply(writer: asyncio.StreamWriter, found: object) -> None:
    raw = json.dumps(found).encode()
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(raw), raw)
    )
    await writer.drain()


async def stream(writer: asyncio.StreamWriter, message: str) -> None:
    *_, chunks, rate, seed, end = message.split()
    text = answer(int(seed), int(chunks) * 12, last_word(end))
    pieces = cut(text, int(seed))
    ends = deque((len(text[: found.end()].encode()), found[0]) for found in re.finditer(r"\bm\d{4}\b", text))
    size, sent = 0, dict[str, float]()
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    begun = first = time.monotonic()
    for number, piece in enumerate(pieces):
        if int(rate) and (wait := begun + number / int(rate) - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        if number == 0:
            first = time.monotonic()
        writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        size += len(piece)
        while ends and ends[0][0] <= size:
            sent[ends.popleft()[1]] = time.monotonic()
        await writer.drain()
    last = time.monotonic()
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    print(json.dumps({"end": end, "first": first, "last": last, "marks": sent}), flush=True)


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

"""What a visitor's process tells the host: JSON lines, of which only what is expected is looked at."""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import dataclass

from userdesk.files.addresses import is_openable
from userdesk.serve.limits import TOLD_A_SECOND, TOLD_BURST, Bucket
from userdesk.serve.pseudo_terminal import READ_AT_ONCE

LONGEST = 2_000_000
"""Bytes of a line: a whole conversation may be copied."""
LONG = 65_536
"""Bytes of a line that may be anything. Of a longer one only a copy's text is read, which takes 4 ms at most:
everybody waits for it, and lists in lists took 150."""
_COPY = b'{"type": "copy", "text": "'
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class OpenAddress:
    """A web or mail address to be opened in the visitor's browser."""

    address: str


@dataclass(frozen=True, slots=True)
class Copied:
    """A text for the visitor's clipboard."""

    text: str


@dataclass(frozen=True, slots=True)
class FileMade:
    """A file for the visitor to save; whether its path is one of the visit's is still to be checked."""

    path: str
    name: str


Told = OpenAddress | Copied | FileMade


class ChannelReader:
    """Makes messages of the bytes that come. What is none, is too long or is not allowed is left out."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._skips = False
        """Whether the line that is coming is too long."""

    def feed(self, data: bytes) -> list[Told]:
        """The messages that are complete now."""
        told = []
        *ends, rest = data.split(b"\n")
        for end in ends:
            self._keep(end)
            if not self._skips and (message := _message(self._held)):
                told.append(message)
            self._held.clear()
            self._skips = False
        self._keep(rest)
        return told

    def _keep(self, part: bytes) -> None:
        if self._skips or len(self._held) + len(part) > LONGEST:
            self._skips = True
            self._held.clear()
        else:
            self._held += part


class Channel:
    """Our end of the pipe that the process writes to: read as it comes, no faster than a visit may tell."""

    def __init__(self, descriptor: int) -> None:
        """The descriptor is closed with it."""
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._reader = ChannelReader()
        self._bucket = Bucket(TOLD_A_SECOND, TOLD_BURST)
        self._told: Callable[[Told], object] = lambda _: None
        self._pause: asyncio.TimerHandle | None = None

    def listen(self, told: Callable[[Told], object]) -> None:
        """Have each message passed on, until it is closed."""
        self._told = told
        self._go_on()

    def close(self) -> None:
        """Listen no more."""
        if self._pause:
            self._pause.cancel()
        if self._descriptor >= 0:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1

    def _go_on(self) -> None:
        self._pause = None
        asyncio.get_running_loop().add_reader(self._descriptor, self._hear)

    def _hear(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            data = os.read(self._descriptor, READ_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        wait = self._bucket.owe(len(data))
        if wait or not data:
            loop.remove_reader(self._descriptor)
        if wait:
            self._pause = loop.call_later(wait, self._go_on)
        for told in self._reader.feed(data):
            self._told(told)


def _message(line: bytes | bytearray) -> Told | None:
    if len(line) > LONG:
        return _copied(line)
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    match message:
        case {"type": "open_url", "url": str(address)} if is_openable(address):
            return OpenAddress(address)
        case {"type": "copy", "text": str(text)}:
            return Copied(text)
        case {"type": "file", "path": str(path), "name": str(name)}:
            return FileMade(path, name)
    return None


def _copied(line: bytes | bytearray) -> Copied | None:
    """The text of a copy as the program writes it, and of no other line."""
    if not line.startswith(_COPY):
        return None
    try:
        written = line.decode("utf-8")
        text, end = _DECODER.raw_decode(written, len(_COPY) - 1)  # from the quotation mark on
    except ValueError:
        return None
    return Copied(text) if written[end:] == "}" else None

"""What a visitor's process tells the host: JSON lines, of which only what is expected is looked at."""

import json
from dataclasses import dataclass

from userdesk.files.addresses import is_openable

LONGEST = 2_000_000
"""Bytes of a line: a whole conversation may be copied."""


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


def _message(line: bytes | bytearray) -> Told | None:
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

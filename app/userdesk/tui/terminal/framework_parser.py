"""The framework's parser of what a terminal sends, behind the interface that the reading thread uses."""

from codecs import getincrementaldecoder
from collections.abc import Iterable

from textual._xterm_parser import XTermParser
from textual.message import Message


class FrameworkParser:
    """Bytes → messages. Bytes that are not UTF-8 are replaced."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._parser = XTermParser()

    @property
    def deadline(self) -> float | None:
        """When `tick` is next worth calling (monotonic, s); None where nothing waits."""
        return self._parser._timeout_time

    def feed(self, data: bytes, now: float) -> Iterable[Message]:
        """The messages that these bytes complete."""
        if text := self._decoder.decode(data):
            yield from self._parser.feed(text)

    def tick(self, now: float) -> Iterable[Message]:
        """The messages that a pause completes."""
        yield from self._parser.tick()

"""Standard output and error: they take every character, and what standard error cannot take is no error."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from userdesk.domain.plain_characters import PLAINLY
from userdesk.domain.safe_text import clean_line

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Lenient(io.FileIO):
    """A descriptor that takes whatever is written: a full disk or a reader that has gone is no error."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


@contextmanager
def lenient_streams() -> Iterator[None]:
    """Within it a character that a stream's encoding has not is written as a plain one, or as `?`.

    And writing to standard error raises no OSError, be it closed, full or read by nobody.
    """
    before: TextIO | None = sys.stderr
    lenient: TextIO
    if before is None:  # closed; print would take standard output instead
        lenient = io.TextIOWrapper(_opened(os.open(os.devnull, os.O_WRONLY)), "utf-8")
    else:
        try:
            lenient = io.TextIOWrapper(_opened(before.fileno()), before.encoding, line_buffering=True)
        except (OSError, ValueError):  # no file of the system's
            lenient = before
    sys.stderr = lenient
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=PLAINLY)
    try:
        yield
    finally:
        lenient.flush()
        if before is not None:
            sys.stderr = before


def _opened(descriptor: int) -> io.BufferedWriter:
    return io.BufferedWriter(_Lenient(descriptor, "w", closefd=False))


def warn(message: str) -> None:
    """Say something to know, or the one line of an error, on standard error."""
    print(f"userdesk: {clean_line(message, 500)}", file=sys.stderr, flush=True)


def encoded(text: str) -> bytes:
    """The text as bytes for standard output: a terminal's own encoding there, and UTF-8 in a file or pipe."""
    if sys.stdout.isatty():
        return text.encode(sys.stdout.encoding or "utf-8", PLAINLY)
    return text.encode("utf-8", "replace")


def write_out(text: str) -> None:
    """Write a text to standard output at once. Raises BrokenPipeError where nobody reads any more."""
    sys.stdout.buffer.write(encoded(text))
    sys.stdout.buffer.flush()

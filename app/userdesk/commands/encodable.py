"""Standard output and error take every character, whatever their encoding can hold."""

import io
import sys

from userdesk.domain.plain_characters import PLAINLY


def encode_anything() -> None:
    """From now on a character that a stream's encoding has not is written as a plain one, or as `?`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=PLAINLY)


def encoded(text: str) -> bytes:
    """The text as bytes for standard output: a terminal's own encoding there, and UTF-8 in a file or pipe."""
    if sys.stdout.isatty():
        return text.encode(sys.stdout.encoding or "utf-8", PLAINLY)
    return text.encode("utf-8", "replace")


def write_out(text: str) -> None:
    """Write a text to standard output at once. Raises BrokenPipeError where nobody reads any more."""
    sys.stdout.buffer.write(encoded(text))
    sys.stdout.buffer.flush()

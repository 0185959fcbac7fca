"""Standard output and error take every character, whatever their encoding can hold."""

import codecs
import io
import sys

_NAME = "userdesk-plain"
# One for one: columns stay as they are.
_PLAIN = dict(
    zip(
        "·–—…→×✓✗›❯◆■●│─┌┐└┘├┤╭╮╰╯•⚠’‘“”",
        "---.>x+x>>**o|-++++++++++*!''\"\"",
        strict=True,
    )
)


def encode_anything() -> None:
    """From now on a character that a stream's encoding has not is written as a plain one, or as `?`."""
    codecs.register_error(_NAME, _plainly)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_NAME)


def _plainly(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, "?") for character in missing), error.end


def encoded(text: str) -> bytes:
    """The text as bytes for standard output: a terminal's own encoding there, and UTF-8 in a file or pipe."""
    if sys.stdout.isatty():
        return text.encode(sys.stdout.encoding or "utf-8", _NAME)
    return text.encode("utf-8", "replace")


def write_out(text: str) -> None:
    """Write a text to standard output at once. Raises BrokenPipeError where nobody reads any more."""
    sys.stdout.buffer.write(encoded(text))
    sys.stdout.buffer.flush()

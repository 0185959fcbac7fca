"""Plain characters for those that an encoding has not: an error handler for `str.encode`."""

import codecs
import unicodedata

PLAINLY = "userdesk-plain"
"""The handler's name, for `errors=`: each character becomes a plain one, or `?`, so that columns stay."""

_PLAIN = dict(zip("·–—…→×✓✗›❯◆■●│─┌┐└┘├┤╭╮╰╯•⚠’‘“”", "---.>x+x>>**o|-++++++++++*!''\"\"", strict=True))


def _plainly(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(map(_plain, missing)), error.end


def _plain(character: str) -> str:
    """As many cells as the character takes, as far as Python's database knows."""
    if unicodedata.combining(character):
        return ""
    return _PLAIN.get(character) or ("??" if unicodedata.east_asian_width(character) in "WF" else "?")


codecs.register_error(PLAINLY, _plainly)

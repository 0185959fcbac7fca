"""What a terminal sends without anybody touching it."""

import re

# No two parts in a row take the same bytes: a browser chooses these, and every way to share them out would be
# tried while everybody waits.
_ANSWERS = re.compile(
    rb"(?:\x1b\[(?:[IO]|[?>]?[\d;]*[cRn]|\??[\d;]*\$y|\d*;\d*(?:;\d*)?t)|\x1b[P\]][^\x1b\x07]*(?:\x1b\\|\x07))+"
)


def is_only_answers(data: bytes) -> bool:
    """Whether all of it are answers to questions of programs, or say that the window has the focus."""
    return _ANSWERS.fullmatch(data) is not None

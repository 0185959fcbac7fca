"""An answer so long that laying it out would keep keys waiting: its end at once, all of it in slices."""

import time

from userdesk.markdown.document import Document, whole
from userdesk.markdown.layout.rows import Layout, Row, Run

LONG = 60_000
"""Characters up to which an answer is laid out at once."""
_PIECE = 2_000  # characters between two looks at the clock
_END = 8_000  # characters of the end that is shown meanwhile
_ABOVE = Row((Run("⋮", "marker"),), 1)
"""Stands for what is above the end."""


class LongAnswer:
    """The layout of a complete text at one width, under way."""

    def __init__(self, text: str, width: int) -> None:
        self.width = width
        """Cells of a row."""
        self._text = text
        self._read = 0
        self.document = Document()
        """What was read so far."""
        self.end = Layout(width)
        """The rows of the text's end, as they are most likely to be."""
        self.end.rows = [_ABOVE, *whole(_end_of(text), width).rows]

    def go_on(self, seconds: float) -> bool:
        """Read on for so long; whether all of the text is laid out."""
        until = time.perf_counter() + seconds
        while self._read < len(self._text):
            self.document.append(self._text[self._read : self._read + _PIECE])
            self.document.layout(self.width)
            self._read += _PIECE
            if time.perf_counter() > until:
                return False
        self.document.finish()
        self.document.layout(self.width)
        return True


def _end_of(text: str) -> str:
    """The end from the beginning of a paragraph on, in a code fence where it begins in one."""
    least = len(text) - _END
    found = text.find("\n\n", least, len(text) - _END // 2)
    begin = found + 2 if found >= 0 else text.find("\n", least) + 1 or least
    fence = "```\n" if text.count("\n```", 0, begin) % 2 else ""
    return fence + text[begin:]

"""An answer that would keep keys waiting: its end stands for it meanwhile, all of it if it is short."""

from userdesk.domain.safe_text import Cleaner
from userdesk.markdown.document import whole
from userdesk.markdown.layout.rows import Layout, Row, Run

_END = 8_000  # characters of the end that is shown meanwhile
_BEFORE = 2_000  # characters above it in which a secret may begin
_ABOVE = Row((Run("⋮", "marker"),), 1)
"""Stands for what is above the end."""


def end_of(text: str, width: int) -> tuple[int, Layout]:
    """Where a text's end begins, and its rows at a width as they are most likely to be; made safe to show."""
    begin = _begin(text)
    fence = "```\n" if text.count("\n```", 0, begin) % 2 else ""
    cleaner = Cleaner()
    cleaner.feed(text[max(0, begin - _BEFORE) : begin])
    layout = whole(fence + cleaner.feed(text[begin:]) + cleaner.flush(), width, waits=False)
    if begin:
        layout.put_above(_ABOVE)
    return begin, layout


def _begin(text: str) -> int:
    """The beginning of a paragraph, else of a line."""
    if (least := len(text) - _END) <= 0:
        return 0
    found = text.find("\n\n", least, len(text) - _END // 2)
    return found + 2 if found >= 0 else text.find("\n", least) + 1 or least

"""The last row of the screen: the keys that matter now, and small news beside them."""

from itertools import accumulate
from time import monotonic
from typing import ClassVar

from rich.segment import Segment
from textual.notifications import SeverityLevel
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from userdesk.domain.safe_text import clean_line
from userdesk.markdown.layout.cells import cells, display
from userdesk.tui.widgets.drawn_list import cut
from userdesk.tui.widgets.lean_strip import LeanStrip

Hint = tuple[str, str]
"""A key as people write it, and what it does."""


NOTICE_FOR = 8.0  # s


def _need(hint: Hint) -> int:
    return cells(hint[0]) + cells(hint[1]) + 3


def fitting(hints: list[Hint], room: int) -> list[Hint]:
    """The hints for which there is room: the last one leads to all others, and stays longest."""
    needs = accumulate(map(_need, (*hints[-1:], *hints[:-1])))
    count = sum(need <= room for need in needs)
    return [*hints[: count - 1], hints[-1]] if count else []


class StatusBar(Widget):
    """One row: hints left, news or figures right; what does not fit is left out before the last hint."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"status--key", "status--words", "status--news", "status--alert"}
    NEWS_FOR = 4.0  # s

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints: list[Hint] = []
        self.news = ""
        """What is told now."""
        self._alert = False
        self._noticed = "", 0.0
        """What was last told as a notice, and until when it is there."""
        self._timer: Timer | None = None
        """Ends what is told; None for news that stay."""

    def show_hints(self, hints: list[Hint]) -> None:
        """The keys that matter where the focus is."""
        if hints != self._hints:
            self._hints = hints
            self.refresh()

    def flash(self, message: str, *, alert: bool = False) -> None:
        """Small news for a few seconds: copied, renamed, deleted; as a notice where the row is too short."""
        if 0 < self._room < cells(display(clean_line(message))):
            self._tell()
            self._notice(message, "warning" if alert else "information")
            return
        self._tell(message, alert)
        self._timer = self.set_timer(self.NEWS_FOR * (2 if alert else 1), self._tell)

    def _notice(self, message: str, severity: SeverityLevel) -> None:
        now = monotonic()
        if self._noticed[0] != message or now > self._noticed[1]:  # else it is still there
            self._noticed = message, now + NOTICE_FOR
            self.notify(message, severity=severity, timeout=NOTICE_FOR, markup=False)

    def hold(self, message: str) -> None:
        """News that stay until others come."""
        self._tell(message)

    def release(self) -> None:
        """Let go of news that stay."""
        if self.news and self._timer is None:
            self._tell()

    @property
    def _room(self) -> int:
        """Cells for news where no hint is left."""
        return self.size.width - 2

    def _tell(self, message: str = "", alert: bool = False) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None
        self.news, self._alert = clean_line(message), alert
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The row."""
        width = self.size.width
        base = self.rich_style
        key = base + self.get_component_rich_style("status--key", partial=True)
        words = base + self.get_component_rich_style("status--words", partial=True)
        look = "status--alert" if self._alert else "status--news"
        news = cut(self.news, max(1, self._room))
        room = width - (cells(news) + 3 if news else 0)
        segments, used = [Segment(" ", base)], 1
        for name, does in fitting(self._hints, room - used):
            segments += [Segment(name, key), Segment(f" {does}  ", words)]
            used += _need((name, does))
        if news:
            segments.append(Segment(" " * (width - used - cells(news) - 1), base))
            segments.append(Segment(news, base + self.get_component_rich_style(look, partial=True)))
        return LeanStrip.filled(segments, width, base)

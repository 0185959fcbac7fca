"""The toast: what failed in the documentation's words, or what was done, and the one key that mends it."""

import time
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from userdesk.domain.failure import Failure
from userdesk.domain.safe_text import clean_line
from userdesk.markdown.layout.cells import cells, display
from userdesk.markdown.layout.plain import plain_layout
from userdesk.tui.widgets.lean_strip import LeanStrip

STAYS = 12.0  # s; the mark in the log stays for good
WIDEST = 66  # cells


class ActionToast(Widget):
    """One failure at a time, over the log's upper right corner. Its text is never read as markup."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"toast--headline", "toast--detail", "toast--step", "toast--key"}

    def __init__(self, over: Widget, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._over = over
        self.display = False
        self._clock: Timer | None = None
        self._lines: list[tuple[str, str]] = []
        self._words: tuple[str, str, str] = ("", "", "")
        self._retry_at: float | None = None
        self._ends_at = 0.0
        self._wide = 0
        self.offers = False
        """Whether it offers to undo something, rather than telling a failure."""

    def on_mount(self) -> None:
        """The clock that counts down and ends the toast; it stands still while there is none."""
        self._clock = self.set_interval(0.5, self._tick, pause=not self.display)

    def tell(self, failure: Failure, step: str) -> None:
        """Show a failure and the next step; with Retry-After the step waits for its time."""
        self.tell_words(failure.headline, failure.detail, step, retry_after=failure.retry_after)

    def tell_words(self, headline: str, detail: str, step: str, *, retry_after: float | None = None) -> None:
        """Show other trouble the same way."""
        now = time.monotonic()
        self._words = (clean_line(headline), clean_line(detail), clean_line(step))
        self._retry_at = None if retry_after is None else now + retry_after
        self._show(STAYS + (retry_after or 0), offers=False)

    def offer(self, headline: str, detail: str, step: str, *, seconds: float) -> None:
        """Tell what was done, and offer to undo it for some seconds."""
        self._words = (clean_line(headline), clean_line(detail), clean_line(step))
        self._retry_at = None
        self._show(seconds, offers=True)

    def _show(self, seconds: float, *, offers: bool) -> None:
        self._ends_at = time.monotonic() + seconds
        self.offers = offers
        self.set_class(offers, "-offer")
        self.display = True
        self._compose_lines()
        if self._clock:
            self._clock.resume()

    def dismiss(self) -> None:
        """Take it away."""
        self.display = self.offers = False
        self._retry_at = None
        if self._clock:
            self._clock.pause()

    @property
    def headline(self) -> str:
        """The first line of what it tells; empty where there is none."""
        return self._words[0] if self.display else ""

    @property
    def wait(self) -> float:
        """Seconds until the time that Retry-After gave is over."""
        return max(0.0, self._retry_at - time.monotonic()) if self._retry_at is not None else 0.0

    def _tick(self) -> None:
        if time.monotonic() >= self._ends_at:
            self.dismiss()
        else:  # the countdown goes on, and the terminal may have another size
            self._compose_lines()

    def _compose_lines(self) -> None:
        headline, detail, step = self._words
        if self.wait > 0:
            step = f"{step} · wait {self.wait:.0f} s"
        room = self._over.size.width or self.app.size.width
        width = max(16, min(WIDEST, room - 6))
        lines = [("headline", row.text) for row in plain_layout(headline, width).rows]
        if detail and detail.rstrip(".") not in headline:
            lines += [("detail", row.text) for row in plain_layout(detail, width).rows[:3]]
        # Esc stops a turn before it dismisses a toast.
        step = step if "Esc" in step else f"{step} · Esc dismisses"
        lines += [("step", row.text) for row in plain_layout(step, width).rows]
        if lines != self._lines:
            height_changed = len(lines) != len(self._lines)
            self._lines = lines
            self._wide = max(cells(text) for _, text in lines)
            self.refresh(layout=height_changed)
        # Docked widgets can't be aligned to the right: the offset does it.
        self.styles.offset = (max(0, self.app.size.width - self._wide - 6), 1)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as its longest line."""
        return self._wide

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A row a line."""
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """One line of it."""
        base = self.rich_style
        if y >= len(self._lines):
            return Strip.blank(self.size.width, base)
        look, text = self._lines[y]
        style = base + self.get_component_rich_style(f"toast--{look}", partial=True)
        return LeanStrip.filled([Segment(display(text), style)], self.size.width, base)

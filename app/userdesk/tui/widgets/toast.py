"""The toast: what failed in the documentation's words, or what was done, and the one key that mends it."""

import math
import time
from collections.abc import Awaitable, Callable
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from userdesk.domain.safe_text import clean_line
from userdesk.markdown.layout.cells import cells, display
from userdesk.markdown.layout.plain import plain_layout
from userdesk.tui.widgets.lean_strip import LeanStrip

STAYS = 12.0  # s; the mark in the log stays for good
WIDEST = 66  # cells


class Offer(NamedTuple):
    """What Ctrl+R does while the toast that holds it is on the screen."""

    label: str
    """What it does, behind the key's name: `retry`."""
    run: Callable[[], Awaitable[None] | None]


class ToastContent(NamedTuple):
    """What a toast says; none of it is ever read as markup."""

    headline: str
    detail: str
    step: str
    """What can be done, with its key."""
    offer: Offer | None = None
    retry_after: float | None = None
    """Seconds until the step can be taken, counted down behind it."""
    countdown: str = "{step} · wait {seconds} s"
    """The line of the step while it counts down."""


class ActionToast(Widget):
    """One message at a time, over the log's upper right corner."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"toast--headline", "toast--detail", "toast--step", "toast--key"}

    def __init__(self, over: Widget, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._over = over
        self.display = False
        self._clock: Timer | None = None
        """Counts down and ends the toast."""
        self._lines: list[tuple[str, str]] = []
        self._told = ToastContent("", "", "")
        self._retry_at = self._ends_at = 0.0
        self._wide = 0
        self.stop_key = "Esc"
        """What dismisses it; empty where no key does."""

    def show(self, told: ToastContent, *, seconds: float | None = None, is_offer: bool = False) -> None:
        """Show a message for some seconds; by default `STAYS`, and behind the time of Retry-After.

        `is_offer`: it tells what was done and how to undo it, and is no failure.
        """
        now = time.monotonic()
        self._told = told._replace(
            headline=clean_line(told.headline), detail=clean_line(told.detail), step=clean_line(told.step)
        )
        self._retry_at = now + (told.retry_after or 0)
        self._ends_at = self._retry_at + STAYS if seconds is None else now + seconds
        self.set_class(is_offer, "-offer")
        self.display = True
        self._lay_out()
        if self._clock is None:
            self._clock = self.set_interval(0.5, self._tick)
        self._clock.resume()

    def dismiss(self) -> None:
        """Take it away."""
        self.display = False
        if self._clock:
            self._clock.pause()

    @property
    def headline(self) -> str:
        """The first line of what it tells; empty where there is none."""
        return self._told.headline if self.display else ""

    @property
    def offer(self) -> Offer | None:
        """What can be done about it with one key, while it is on the screen."""
        return self._told.offer if self.display else None

    def _tick(self) -> None:
        if time.monotonic() >= self._ends_at:
            self.dismiss()
        else:  # the countdown goes on, and the terminal may have another size
            self._lay_out()

    def _lay_out(self) -> None:
        headline, detail, step, *_ = self._told
        if (wait := self._retry_at - time.monotonic()) > 0:
            step = self._told.countdown.format(step=step, seconds=math.ceil(wait))
        room = self._over.size.width or self.app.size.width
        width = max(16, min(WIDEST, room - 6))
        lines = [("headline", row.text) for row in plain_layout(headline, width).rows]
        if detail and detail.rstrip(".") not in headline:
            lines += [("detail", row.text) for row in plain_layout(detail, width).rows[:3]]
        if self.stop_key not in step:  # it stops a turn before it dismisses a toast
            step = f"{step} · {self.stop_key} dismisses"
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

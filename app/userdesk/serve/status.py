"""What the host's terminal shows: the address to send, and who is here; nothing of what they say.

On a terminal it is drawn anew in place, elsewhere it is a line for each change. It is written by a thread of
its own: a terminal that is stopped, by Ctrl+S or for a selection, holds up no visitor.
"""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from userdesk.domain.safe_text import clean_line

PATIENCE = 1.0
"""Seconds for the last words at the end, should the terminal be stopped."""
_MINUTE = 60  # s


class VisitorStatus(NamedTuple):
    """What the host may know of a visitor."""

    number: int
    """Counted from the first one that came."""
    since: datetime
    """Local time."""
    questions: int = 0
    idle: float = 0.0
    """Seconds since the browser last sent something."""
    is_away: bool = False
    """Whether the line is lost, and may come back."""
    trouble: str = ""
    """How the last request to the service failed, in our words."""

    @property
    def remark(self) -> str:
        """The most important thing about them, if there is any."""
        if self.is_away:
            return "line lost"
        if self.trouble:
            return clean_line(self.trouble)
        minutes = int(self.idle // _MINUTE)
        return f"idle {minutes} min" if minutes else ""


class ServeStatus(NamedTuple):
    """How things stand."""

    address: str
    """With the token: whoever has it may come in."""
    uses: int
    """How many more browsers may use it."""
    places: int
    visitors: tuple[VisitorStatus, ...] = ()

    @property
    def invitation(self) -> str:
        """What the address is good for."""
        if not self.uses:
            return "All places are taken; there will be a new address when one is free."
        return f"Send this address; it is good for {counted(self.uses, 'browser')}."


def counted(number: int, what: str) -> str:
    """So many of them: `1 browser`, `2 browsers`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def changes(before: ServeStatus | None, after: ServeStatus) -> Iterator[str]:
    """A line for each thing that is otherwise than before."""
    if before is None or before.address != after.address:
        yield f"{after.invitation} {after.address}"
    earlier = {each.number: each for each in before.visitors} if before else {}
    taken = f"{len(after.visitors)} of {counted(after.places, 'place')} taken"
    for each in after.visitors:
        old = earlier.pop(each.number, None)
        if old is None:
            yield f"visitor {each.number} came; {taken}"
            old = each._replace(questions=0, is_away=False, trouble="")
        if each.questions > old.questions:
            yield f"visitor {each.number} has asked {counted(each.questions, 'question')}"
        if each.is_away != old.is_away:
            yield f"visitor {each.number}: {'line lost' if each.is_away else 'back again'}"
        if each.trouble and each.trouble != old.trouble:
            yield f"visitor {each.number}: {clean_line(each.trouble)}"
    for gone in earlier.values():
        yield f"visitor {gone.number} left; {taken}"


def picture(title: str, status: ServeStatus) -> RenderableType:
    """Everything at a glance, for a terminal."""
    head = Text.assemble((clean_line(title), "bold"), " in the browser · Ctrl+C ends it for everybody")
    parts: list[RenderableType] = [head, Text(), Text(status.invitation)]
    if status.uses:
        # Folded, not cut: it is there to be copied.
        parts.append(Text(status.address, "bold", overflow="fold"))
    parts.append(Text())
    if not status.visitors:
        parts.append(Text("Nobody is here yet.", "dim"))
        return Group(*parts)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("visitor", justify="right")
    table.add_column("since")
    table.add_column("questions", justify="right")
    table.add_column("")
    for each in status.visitors:
        style = "dim" if each.is_away or each.idle >= _MINUTE else ""
        row = (str(each.number), f"{each.since:%H:%M}", str(each.questions), each.remark)
        table.add_row(*map(Text, row), style=style)
    taken = f"{len(status.visitors)} of {counted(status.places, 'place')} taken"
    return Group(*parts, table, Text(), Text(taken, "dim"))


class StatusDisplay:
    """Shows the newest status; a context manager."""

    def __init__(self, title: str, console: Console) -> None:
        """`title` is the chatbot's name."""
        self._title = title
        self._console = console
        self.is_live = console.is_terminal and not console.is_dumb_terminal
        """Whether it is drawn in place, so that time passing is worth showing."""
        self._newest: ServeStatus | None = None
        self._shown: ServeStatus | None = None
        self._is_over = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="status", daemon=True)

    def __enter__(self) -> "StatusDisplay":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify()
        self._thread.join(PATIENCE)

    def show(self, status: ServeStatus) -> None:
        """Show this soon, and never wait for the terminal."""
        with self._changed:
            self._newest = status
            self._changed.notify()

    def _run(self) -> None:
        with suppress(OSError):  # nobody reads any more
            if not self.is_live:
                for status in self._statuses():
                    for line in changes(self._shown, status):
                        self._console.print(Text(line), soft_wrap=True)
                    self._shown = status
                return
            with Live(console=self._console, auto_refresh=False) as live:
                for status in self._statuses():
                    live.update(picture(self._title, status), refresh=True)
                    self._shown = status

    def _statuses(self) -> Iterator[ServeStatus]:
        """Each status that is still the newest when it can be shown."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_over or self._newest is not self._shown)
                if self._is_over:
                    return
                status = self._newest
            assert status is not None
            yield status

"""Keys act in the order they were typed, each on what the one before it left.

Textual hands a key to the widget that has the focus when the key arrives, and moves the focus later:
of `/` and `d` typed quickly the `d` would go, as its command, to the list that `/` is just leaving. And a
screen that opens or comes back takes keys only once it is composed and its focus is set.
"""

import asyncio
import os
from collections import deque
from collections.abc import Set
from dataclasses import dataclass
from time import monotonic

from textual import events, on
from textual.app import App
from textual.driver import Driver
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from userdesk.tui.input.bursts import QUICK, BurstArea
from userdesk.tui.input.typed_text import text_of
from userdesk.tui.terminal.batching import IN_PASTES, BatchingDriver, KeyBurst

LOST_AFTER = 0.5
"""Seconds after which a key's mark is sent anew to a widget that is still there."""

LOOK_EVERY = 0.05
"""Seconds between two looks whether the widget that had a key went, and the key's mark with it."""

SENTINEL_PASSES = 3
"""How often the mark runs behind a key: behind the key, the messages it led to, and those they led to."""

Typed = events.Key | events.Paste | KeyBurst


@dataclass(eq=False, repr=False)
class KeyDone(Message):
    """Follows a key on its way from the focused widget up to the application."""

    number: int
    widget: MessagePump
    passes: int
    """Laps still to run."""


class OrderedKeys(App[int]):
    """An application that holds a key back until the one before it has been acted upon."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[Typed] = deque()
        self._number = 0
        self._busy = False
        self._lost: asyncio.TimerHandle | None = None
        self._typing: Widget | None = None
        """The field that text was given to since the last other key."""
        self._typed_at = 0.0
        """When the last text was typed."""
        self.acted_at = monotonic()
        """When the user last did anything: a key, the mouse."""
        self._ready_screen: Screen[object] | None = None
        """The screen that is known to take keys."""
        self._premature: Set[str] = frozenset()
        """Keys that have nothing to act on yet."""
        self._urgent: Set[str] = frozenset()
        """Keys that act even if a premature one waits."""
        self._is_held = False
        """Whether a premature key was typed, so that all behind it wait with it."""

    def hold_back(self, keys: Set[str], but: Set[str]) -> None:
        """Have keys, by Textual's names, and what is typed behind one of them wait until `release`.

        All `but` some, which act at once wherever they are typed.
        """
        self._premature, self._urgent = keys, but

    def release(self) -> None:
        """Everything is there that keys act on: what was held back acts now."""
        self._premature = frozenset()
        if self._is_held:
            self._is_held = False
            self.call_later(self._next)

    def on_mount(self) -> None:
        """The first screen is composed by now, with the focus that it asks for: its keys need not wait."""
        self._ready_screen = self.screen

    @property
    def is_acting(self) -> bool:
        """Whether a key is being acted upon, or waits for its turn."""
        return self._busy or bool(self._typed)

    def get_driver_class(self) -> type[Driver]:
        """Ours for the terminals of Unix; elsewhere the platform's own, made to hand over many at once."""
        if os.name == "nt":
            driver = super().get_driver_class()
            return type(f"Batching{driver.__name__}", (BatchingDriver, driver), {})
        from userdesk.tui.terminal.driver import TerminalDriver

        return TerminalDriver

    async def on_event(self, event: events.Event) -> None:
        """Take a key in its turn; everything else at once."""
        if isinstance(event, events.InputEvent | KeyBurst):
            self.acted_at = monotonic()
        if not isinstance(event, Typed) or event.is_forwarded:
            await super().on_event(event)
        elif self._busy or (self._is_held and not self._is_among(event, self._urgent)):
            self._typed.append(event)
        elif self._is_among(event, self._premature):
            self._is_held = True
            self._typed.append(event)
        elif not self._is_ready():
            # What the screen has to do first is in its queue, and so is the mark.
            self._typed.appendleft(event)
            self._ready_screen = self.screen
            self._follow(self.screen)
        elif isinstance(event, KeyBurst):
            await self._take_burst(event)
        elif isinstance(self.focused, Input | TextArea) and self._is_text(event):
            self._typing = self.focused
            self._typed_at = event.time
            await super().on_event(event)  # it moves no focus, and should not wait
        elif self._typing:
            # Text before this key may still be on its way: a key of ours would overtake it.
            self._typed.appendleft(event)
            field, self._typing = self._typing, None
            self._follow(field, passes=0)
        else:
            self._busy = True
            had_it = self.focused or self.screen
            await super().on_event(event)
            self._follow(had_it)

    def _is_ready(self) -> bool:
        """Whether the screen takes keys; one that was composed while nobody looked gets its focus now."""
        if self.screen is not self._ready_screen or not self.screen.is_mounted:
            return False
        if self.focused is None:
            self.app_focus = True
            self.screen._update_auto_focus()
        return True

    async def _take_burst(self, event: KeyBurst) -> None:
        """To where many keys are one text at once; elsewhere key by key."""
        if isinstance(self.focused, BurstArea):
            self._typing, self._typed_at = self.focused, event.keys[-1].time
            self.focused.post_message(event)
        elif isinstance(self.focused, Input) and (pasted := _lines_of(event)):
            await self.on_event(events.Paste(pasted))
        else:
            self._typed.extendleft(reversed(event.keys))
            await self._next()

    def _follow(self, widget: Widget, passes: int = SENTINEL_PASSES - 1) -> None:
        """Hold keys back until a new mark has come back from a widget."""
        self._busy = True
        self._number += 1
        self._send_mark(widget, passes)

    def _send_mark(self, widget: Widget, passes: int) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + LOST_AFTER
        self._lost = loop.call_later(min(LOOK_EVERY, LOST_AFTER), self._look_for, self._number, widget, due)
        self._run(KeyDone(self._number, widget, passes))

    def _look_for(self, number: int, widget: Widget, due: float) -> None:
        """No mark came back yet: lost with its widget, or slow, as all is on a busy machine."""
        if not self.is_running or number != self._number:
            return
        loop = asyncio.get_running_loop()
        if widget is not self.screen and not (widget.is_attached and widget.is_running):
            self.post_message(KeyDone(number, self, 0))
        elif loop.time() < due:
            self._lost = loop.call_later(LOOK_EVERY, self._look_for, number, widget, due)
        else:
            self._send_mark(widget, SENTINEL_PASSES - 1)  # whichever mark comes first

    def _run(self, mark: KeyDone) -> None:
        if not mark.widget.post_message(mark):
            self.post_message(mark)

    @on(KeyDone)
    def key_done(self, event: KeyDone) -> None:
        """The key has been acted upon, but for a change of focus that waits in the queue."""
        event.stop()
        if event.number != self._number or self._lost is None:
            return
        if event.passes:
            self._run(KeyDone(event.number, event.widget, event.passes - 1))
        else:
            self._lost.cancel()
            self._lost = None
            self.call_later(self._next)

    async def _next(self) -> None:
        self._busy = False
        while self._typed and not self._busy and not self._is_held:
            await self.on_event(self._typed.popleft())

    @staticmethod
    def _is_among(event: Typed, keys: Set[str]) -> bool:
        return isinstance(event, events.Key) and event.key in keys

    def _is_text(self, event: Typed) -> bool:
        if not isinstance(event, events.Key):
            return False
        in_paste = self._typing is not None and event.time - self._typed_at < QUICK
        return bool(text_of(event)) or (
            in_paste and event.key in IN_PASTES and isinstance(self._typing, TextArea)
        )


def _lines_of(burst: KeyBurst) -> str:
    """A burst that is a paste of several lines, as a text; empty for one line and an Enter at its end."""
    text = "".join("\n" if key.key in IN_PASTES else text_of(key) for key in burst.keys)
    return text if "\n" in text.removesuffix("\n") else ""

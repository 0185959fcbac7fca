"""Widgets in an application of their own, which takes keys in their order as the program does."""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from textual.app import ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget

from kept_styles import keep_styles
from settling import acted, press, until
from userdesk.tui.terminal.bounded_mouse import BoundedMouse
from userdesk.tui.terminal.ordered_keys import OrderedKeys

keep_styles()


class Alone(BoundedMouse, OrderedKeys):
    """An application of some widgets and nothing else."""

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self._widgets = widgets
        self.notices: list[str] = []
        """What was told in notices."""

    def compose(self) -> ComposeResult:
        yield from self._widgets

    def notify(self, message: str, **how: Any) -> None:
        self.notices.append(message)


class Hand:
    """What is done by hand in an application of some widgets."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self.app: Alone = pilot.app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys and wait until they have been acted on."""
        await press(self.pilot, *keys)

    async def receive(self, *messages: Message) -> None:
        """Hand the application events as its terminal does, and wait until they have been acted on."""
        for message in messages:
            self.app.post_message(message)
        await acted(self.app)
        await self.press()

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Let the application run until a condition holds."""
        await until(condition, lambda: what)


@contextlib.asynccontextmanager
async def alone(*widgets: Widget, size: tuple[int, int] = (40, 12)) -> AsyncIterator[Hand]:
    """Widgets on a screen of their own; the first of them that can has the focus."""
    app = Alone(*widgets)
    async with app.run_test(size=size) as pilot:
        yield Hand(pilot)

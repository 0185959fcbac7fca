"""What is typed into the first screen does not wait for what that screen waits for."""

import asyncio

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input

from userdesk.tui.terminal.ordered_keys import OrderedKeys

LIMIT = 10.0  # s; only a wrong program reaches it


class _Waiting(Screen[None]):
    """Takes no message after its first frame, as the chat does while its conversations are read."""

    AUTO_FOCUS = "Input"

    def __init__(self) -> None:
        super().__init__()
        self.waits = asyncio.Event()
        self.may_go_on = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield Input()

    def on_mount(self) -> None:
        self.call_after_refresh(self._wait)

    async def _wait(self) -> None:
        self.waits.set()
        await self.may_go_on.wait()


class _App(OrderedKeys):
    def get_default_screen(self) -> Screen[None]:
        return _Waiting()


async def test_letters_appear_while_the_first_screen_waits() -> None:
    app = _App()
    async with app.run_test():
        screen = app.screen
        assert isinstance(screen, _Waiting)
        try:
            async with asyncio.timeout(LIMIT):
                await screen.waits.wait()
                field = screen.query_one(Input)
                for letter in "hi":
                    app.post_message(events.Key(letter, letter))
                while field.value != "hi":
                    await asyncio.sleep(0)
        finally:
            screen.may_go_on.set()

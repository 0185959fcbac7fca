"""Motion comes in one piece and in its place.

Leans on private parts of Textual: MouseEvent._delta_x, MouseEvent._delta_y.
"""

import asyncio

from feeding import Fed, shown
from textual import events
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.message import Message

from userdesk.tui.terminal.batching import MOST_TURNS, BatchingDriver, KeyBurst, in_few_turns, in_one_motion


def test_motion_in_a_row_is_one_motion() -> None:
    reports = [f"\x1b[<32;{x};5M".encode() for x in range(1, 101)]
    messages = list(in_one_motion(Fed().send(b"\x1b[<0;1;5M", *reports).messages))
    assert [shown(each) for each in messages] == ["down 1 at 0,4", "move 1 at 99,4"]
    assert isinstance(messages[1], events.MouseMove)
    assert messages[1].delta_x == 99


def test_motion_keeps_its_place_among_what_else_comes() -> None:
    sent = (
        Fed().send(b"\x1b[<32;1;1M\x1b[<32;2;1Ma\x1b[<32;3;1M\x1b[<0;3;1m\x1b[<36;4;1M\x1b[<32;5;1M").messages
    )
    assert [shown(message) for message in in_one_motion(sent)] == [
        "move 1 at 1,0",
        "a",
        "move 1 at 2,0",
        "up 1 at 2,0",
        "shift+move 1 at 3,0",
        "move 1 at 4,0",
    ]


def test_a_flood_of_turns_is_a_few_and_a_change_of_direction_is_kept() -> None:
    sent = Fed().send(b"\x1b[<64;1;1M" * 500, b"\x1b[<65;1;1M" * 3, b"a").messages
    assert [type(message) for message in in_few_turns(sent)] == [
        *[events.MouseScrollUp] * MOST_TURNS,
        *[events.MouseScrollDown] * 3,
        events.Key,
    ]


class Told(App[None]):
    """An application that keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []

    def post_message(self, message: Message) -> bool:
        self.messages.append(message)
        return True


class Driver(BatchingDriver, HeadlessDriver):
    """A driver without a terminal."""


async def test_what_was_read_while_the_application_was_busy_comes_in_few_messages() -> None:
    app = Told()
    driver = Driver(app)
    flood = b"\x1b[<32;1;1M\x1b[<32;9;1M" * 500 + b"\x1b[<64;1;1M" * 500 + b"typed behind them"
    for message in Fed().send(flood).messages:
        driver.send_message(message)
    assert app.messages == []
    await asyncio.sleep(0)
    moves, *turns, typed = app.messages
    assert shown(moves) == "move 1 at 8,0" and len(turns) == MOST_TURNS
    assert isinstance(typed, KeyBurst) and len(typed.keys) == len("typed behind them")

"""Motion comes in one piece and in its place.

Leans on private parts of Textual: MouseEvent._delta_x, MouseEvent._delta_y.
"""

from feeding import Fed, shown
from textual import events

from userdesk.tui.terminal.motion import MOST_TURNS, in_few_turns, in_one_motion


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

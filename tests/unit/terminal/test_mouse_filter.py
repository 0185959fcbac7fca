"""Motion comes in one piece, and what is pressed outside the screen does nothing to it."""

from feeding import Fed, shown
from textual import events
from textual.geometry import Size

from userdesk.tui.terminal.mouse_filter import MouseFilter

SCREEN = Size(120, 36)


def usable(*reports: bytes) -> list[str]:
    return [shown(message) for message in MouseFilter().usable(Fed().send(*reports).messages, SCREEN)]


def test_motion_in_a_row_is_one_motion() -> None:
    reports = [f"\x1b[<32;{x};5M".encode() for x in range(1, 101)]
    messages = list(MouseFilter().usable(Fed().send(b"\x1b[<0;1;5M", *reports).messages, SCREEN))
    assert [shown(each) for each in messages] == ["down 1 at 0,4", "move 1 at 99,4"]
    assert isinstance(messages[1], events.MouseMove)
    assert messages[1].delta_x == 99


def test_motion_keeps_its_place_among_what_else_comes() -> None:
    assert usable(b"\x1b[<32;1;1M\x1b[<32;2;1Ma\x1b[<32;3;1M\x1b[<0;3;1m\x1b[<36;4;1M\x1b[<32;5;1M") == [
        "move 1 at 1,0",
        "a",
        "move 1 at 2,0",
        "up 1 at 2,0",
        "shift+move 1 at 3,0",
        "move 1 at 4,0",
    ]


def test_a_press_outside_the_screen_is_none_and_has_no_release() -> None:
    assert usable(b"\x1b[<0;300;5M\x1b[<32;301;5M\x1b[<0;300;5m") == []
    assert usable(b"\x1b[<0;5;37M\x1b[<0;5;37m\x1b[<64;200;1M") == []
    assert usable(b"\x1b[<0;300;5M\x1b[<0;300;5m\x1b[<0;3;5M\x1b[<0;3;5m") == ["down 1 at 2,4", "up 1 at 2,4"]


def test_what_was_begun_inside_goes_on_at_the_edge() -> None:
    assert usable(b"\x1b[<0;3;5M\x1b[<32;300;40M\x1b[<0;300;5m") == [
        "down 1 at 2,4",
        "move 1 at 119,35",
        "up 1 at 119,4",
    ]

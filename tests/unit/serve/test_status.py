"""What the host's terminal says: the address, who is here, and no text of anybody's."""

import io
import threading
from datetime import datetime

import pyte
import pytest
from rich.console import Console

from userdesk.serve.status import ServeStatus, StatusDisplay, VisitorStatus, changes, picture

NOON = datetime(2026, 11, 29, 12, 3)
EMPTY = ServeStatus("http://127.0.0.1:8080/?token=abc", 10, 10)
LIMIT = 30  # s


def with_visitors(*visitors: VisitorStatus, uses: int = 8) -> ServeStatus:
    return EMPTY._replace(visitors=visitors, uses=uses)


def drawn(status: ServeStatus, width: int = 80) -> str:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    with console.capture() as capture:
        console.print(picture("Acme support", status))
    return capture.get()


def test_the_address_and_what_it_is_good_for_come_first() -> None:
    lines = drawn(EMPTY).splitlines()
    assert lines[0].strip() == "Acme support in the browser · Ctrl+C ends it for everybody"
    assert lines[2].strip() == "Send this address; it is good for 10 browsers."
    assert lines[3].strip() == EMPTY.address
    assert "Nobody is here yet." in lines[5]


def test_each_visitor_has_a_row() -> None:
    said = drawn(
        with_visitors(
            VisitorStatus(1, NOON, 3, idle=59),
            VisitorStatus(2, NOON, idle=250),
            VisitorStatus(4, NOON, 12, is_away=True),
            VisitorStatus(5, NOON, 1, trouble="500 · An error occurred on the server"),
        )
    )
    rows = [line.strip().split(maxsplit=3) for line in said.splitlines()[6:10]]
    assert rows == [
        ["1", "12:03", "3"],
        ["2", "12:03", "0", "idle 4 min"],
        ["4", "12:03", "12", "line lost"],
        ["5", "12:03", "1", "500 · An error occurred on the server"],
    ]
    assert "4 of 10 places taken" in said


def test_an_address_wider_than_the_terminal_is_whole() -> None:
    assert EMPTY.address in drawn(EMPTY, width=20).replace("\n", "")


def test_a_used_address_is_not_shown() -> None:
    said = drawn(with_visitors(VisitorStatus(1, NOON), uses=0))
    assert "All places are taken" in said and "token" not in said


@pytest.mark.parametrize("name", ["Acme\x1b[31m", "[bold]Acme[/bold]", "Acme\n\u202e"])
def test_names_and_failures_are_text(name: str) -> None:
    console = Console(width=80, file=io.StringIO(), color_system=None)
    with console.capture() as capture:
        console.print(picture(name, with_visitors(VisitorStatus(1, NOON, trouble=name))))
    said = capture.get()
    assert "\x1b" not in said and "\u202e" not in said and "Acme" in said
    assert ("[bold]" in said) == ("[bold]" in name)


def test_each_change_is_a_line() -> None:
    first = VisitorStatus(1, NOON)
    assert list(changes(None, EMPTY)) == [
        "Send this address; it is good for 10 browsers. http://127.0.0.1:8080/?token=abc"
    ]
    came = with_visitors(first)
    assert list(changes(EMPTY, came)) == ["visitor 1 came; 1 of 10 places taken"]
    asked = with_visitors(first._replace(questions=1, idle=300))
    assert list(changes(came, asked)) == ["visitor 1 has asked 1 question"]
    failed = with_visitors(first._replace(questions=1, trouble="429 · Too many requests"))
    assert list(changes(asked, failed)) == ["visitor 1: 429 · Too many requests"]
    assert list(changes(failed, failed)) == []
    away = with_visitors(first._replace(questions=1, is_away=True))
    assert list(changes(asked, away)) == ["visitor 1: line lost"]
    assert list(changes(away, asked)) == ["visitor 1: back again"]
    assert list(changes(asked, EMPTY)) == ["visitor 1 left; 0 of 10 places taken"]


def test_a_new_address_is_told() -> None:
    after = EMPTY._replace(address="http://127.0.0.1:8080/?token=def", uses=1)
    assert list(changes(EMPTY, after)) == [
        "Send this address; it is good for 1 browser. http://127.0.0.1:8080/?token=def"
    ]


class _Watched(io.StringIO):
    """Takes what is written, once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = threading.Event()
        self.may.set()
        self.wrote = threading.Condition()

    def write(self, text: str) -> int:
        assert self.may.wait(LIMIT)
        with self.wrote:
            count = super().write(text)
            self.wrote.notify_all()
        return count

    def wait_for(self, text: str) -> None:
        with self.wrote:
            assert self.wrote.wait_for(lambda: text in self.getvalue(), LIMIT), self.getvalue()


def test_without_a_terminal_there_are_lines_alone() -> None:
    out = _Watched()
    with StatusDisplay("Acme", Console(file=out, width=20)) as display:
        display.show(EMPTY)
        out.wait_for("token=abc\n")
        display.show(with_visitors(VisitorStatus(1, NOON)))
        out.wait_for("visitor 1 came; 1 of 10 places taken\n")
    assert "\x1b" not in out.getvalue()
    assert len(out.getvalue().splitlines()) == 2


def test_on_a_terminal_it_is_drawn_in_place() -> None:
    out = _Watched()
    console = Console(file=out, width=80, height=24, force_terminal=True, _environ={"TERM": "xterm"})
    with StatusDisplay("Acme", console) as display:
        display.show(EMPTY)
        out.wait_for("Nobody is here yet.")
        display.show(with_visitors(VisitorStatus(1, NOON)))
        out.wait_for("1 of 10 places taken")
    screen = pyte.Screen(80, 24)
    pyte.Stream(screen).feed(out.getvalue().replace("\n", "\r\n"))
    assert sum("Ctrl+C" in line for line in screen.display) == 1
    assert not any("Nobody" in line for line in screen.display)


def test_a_terminal_that_is_stopped_holds_nobody_up() -> None:
    out = _Watched()
    with StatusDisplay("Acme", Console(file=out, width=80)) as display:
        out.may.clear()
        for uses in range(10, 0, -1):
            display.show(EMPTY._replace(uses=uses, address=f"http://127.0.0.1/?token={uses}"))
        out.may.set()
        out.wait_for("token=1\n")
    assert len(out.getvalue().splitlines()) <= 2  # what was old by then is not told

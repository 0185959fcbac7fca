"""A terminal that does not read, or has gone, holds nobody up."""

import os
import threading
from collections.abc import Iterator

import pytest

from userdesk.tui.terminal.writer import TerminalWriter

LONG = 20.0  # s; only a wrong writer reaches it
MUCH = "x" * 1_000_000  # more than any pipe holds


class Pipe:
    """A terminal of which the test is the reader."""

    def __init__(self) -> None:
        self.theirs, self.ours = os.pipe()
        self.drained = threading.Event()
        self.writer = TerminalWriter(self.ours, "utf-8", self.drained.set)
        self.writer.start()

    def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += os.read(self.theirs, size - len(data))
        return data


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    os.close(made.theirs)  # what is still being written fails now
    made.writer.stop(LONG)
    assert not made.writer.is_alive()
    os.close(made.ours)


def test_everything_comes_in_order(pipe: Pipe) -> None:
    pieces = [f"{number} é 漢 " for number in range(500)]
    for piece in pieces:
        pipe.writer.write(piece)
    whole = "".join(pieces).encode()
    assert pipe.read(len(whole)) == whole
    assert pipe.writer.drain(LONG)


def test_nobody_waits_for_a_terminal_that_does_not_read(pipe: Pipe) -> None:
    for _ in range(100):
        pipe.writer.write(MUCH)
    assert pipe.writer.is_behind()
    assert not pipe.writer.drain(0.01)
    assert not pipe.drained.is_set()


def test_it_tells_once_that_the_terminal_has_caught_up(pipe: Pipe) -> None:
    pipe.writer.write(MUCH)
    assert pipe.writer.is_behind()
    assert pipe.read(len(MUCH)) == MUCH.encode()
    assert pipe.drained.wait(LONG)
    pipe.drained.clear()
    pipe.writer.write("more")
    assert pipe.read(4) == b"more"
    assert pipe.writer.drain(LONG) and not pipe.writer.is_behind()
    assert not pipe.drained.is_set()


def test_what_is_given_up_makes_room_for_the_last_words(pipe: Pipe) -> None:
    pipe.writer.write(MUCH)
    assert not pipe.writer.drain(0.01)
    pipe.writer.write(MUCH)
    pipe.writer.give_up()
    pipe.writer.write("the end")
    data = b""
    while not data.endswith(b"the end"):
        data += os.read(pipe.theirs, 65_536)
    assert len(data) < len(MUCH)


def test_it_ends_though_the_terminal_never_reads(pipe: Pipe) -> None:
    pipe.writer.write(MUCH)
    pipe.writer.stop(0.01)
    pipe.writer.write("too late")
    assert pipe.writer.is_alive()  # it ends with the process, or with the terminal


def test_a_terminal_that_has_gone_takes_anything() -> None:
    pipe = Pipe()
    os.close(pipe.theirs)
    for _ in range(100):
        pipe.writer.write("x")
    assert pipe.writer.drain(LONG)
    pipe.writer.stop(LONG)
    assert not pipe.writer.is_alive()
    os.close(pipe.ours)


def test_a_character_that_the_terminal_has_not_is_a_plain_one() -> None:
    pipe = Pipe()
    writer = TerminalWriter(pipe.ours, "iso-8859-2", lambda: None)
    writer.start()
    writer.write("é漢…─")
    assert pipe.read(5) == b"\xe9??.-"
    for each in (writer, pipe.writer):
        each.stop(LONG)
    os.close(pipe.theirs)
    os.close(pipe.ours)

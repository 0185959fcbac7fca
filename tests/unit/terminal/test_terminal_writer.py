"""A terminal that does not read, or has gone, holds nobody up."""

import asyncio
import contextlib
import os
import pty
import tty
from collections.abc import AsyncIterator

import pytest

from settling import until
from userdesk.tui.terminal.writer import TerminalWriter

LONG = 20.0  # s; only a wrong writer reaches it
MUCH = "x" * 1_000_000  # more than any pipe or terminal holds


class End:
    """A pipe or a terminal of which the test is the reader."""

    def __init__(self, theirs: int, ours: int, encoding: str = "utf-8") -> None:
        self.theirs, self.ours = theirs, ours
        self.drained = 0
        self.writer = TerminalWriter(asyncio.get_running_loop(), ours, encoding, self.count)

    def count(self) -> None:
        self.drained += 1

    async def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += await asyncio.to_thread(os.read, self.theirs, min(65_536, size - len(data)))
        return data

    def close(self) -> None:
        os.close(self.theirs)
        self.writer.stop(LONG)
        os.close(self.ours)


@pytest.fixture(params=["pipe", "terminal"])
async def end(request: pytest.FixtureRequest) -> AsyncIterator[End]:
    theirs, ours = os.pipe() if request.param == "pipe" else pty.openpty()
    if request.param == "terminal":
        tty.setraw(ours)
    made = End(theirs, ours)
    yield made
    made.close()


async def test_everything_comes_in_order(end: End) -> None:
    pieces = [f"{number} é 漢 " for number in range(5000)]
    for piece in pieces:
        end.writer.write(piece)
    whole = "".join(pieces).encode()
    assert await end.read(len(whole)) == whole


async def test_nobody_waits_for_a_terminal_that_does_not_read(end: End) -> None:
    for _ in range(100):
        end.writer.write(MUCH)
    end.writer.flush()
    assert end.writer.is_behind()
    assert not end.writer.drain(0.01)
    assert end.drained == 0


async def test_it_tells_once_that_the_terminal_has_caught_up(end: End) -> None:
    end.writer.write(MUCH)
    assert end.writer.is_behind()
    assert await end.read(len(MUCH)) == MUCH.encode()
    await until(lambda: end.drained, lambda: "told")
    end.writer.write("more")
    assert await end.read(4) == b"more"
    await until(lambda: not end.writer.is_behind(), lambda: "nothing left")
    assert end.drained == 1


async def test_what_is_given_up_makes_room_for_the_last_words(end: End) -> None:
    end.writer.write(MUCH)
    assert not end.writer.drain(0.01)
    end.writer.write(MUCH)
    end.writer.give_up()
    end.writer.write("the end")
    data = b""
    while not data.endswith(b"the end"):
        data += await asyncio.to_thread(os.read, end.theirs, 65_536)
    assert len(data) < len(MUCH)


async def test_it_ends_though_the_terminal_never_reads(end: End) -> None:
    end.writer.write(MUCH)
    end.writer.stop(0.01)
    end.writer.write("too late")
    os.set_blocking(end.theirs, False)
    data = b""
    with contextlib.suppress(BlockingIOError):
        while more := os.read(end.theirs, 65_536):
            data += more
    assert data.strip(b"x") == b""
    end.writer = TerminalWriter(asyncio.get_running_loop(), end.ours, "utf-8", end.count)


async def test_a_terminal_that_has_gone_takes_anything() -> None:
    end = End(*os.pipe())
    os.close(end.theirs)
    for _ in range(100):
        end.writer.write("x")
    assert end.writer.drain(LONG)
    end.writer.stop(LONG)
    os.close(end.ours)


async def test_a_terminal_shared_with_the_shell_waits_as_before() -> None:
    """To write without waiting is a property of the open file, and whoever else has it would meet it."""
    theirs, ours = pty.openpty()
    end = End(theirs, ours)
    end.writer.write("x")
    assert os.get_blocking(ours)
    end.close()


async def test_what_may_not_be_opened_again_waits_again_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError

    theirs, ours = pty.openpty()
    with monkeypatch.context() as patched:
        patched.setattr("userdesk.tui.terminal.writer.os.open", refuse)
        end = End(theirs, ours)
    assert not os.get_blocking(ours)
    end.writer.stop(LONG)
    assert os.get_blocking(ours)
    os.close(theirs)
    os.close(ours)


async def test_a_character_that_the_terminal_has_not_is_a_plain_one() -> None:
    end = End(*os.pipe(), "iso-8859-2")
    end.writer.write("é漢…─")
    assert await end.read(5) == b"\xe9??.-"
    end.close()


async def test_a_terminal_that_answers_is_behind_until_it_answers(end: End) -> None:
    end.writer.answered()  # the question at the start
    end.writer.write("x" * 4000)
    end.writer.flush("?")
    assert await end.read(4001) == b"x" * 4000 + b"?"
    assert end.writer.is_behind()
    end.writer.answered()
    await until(lambda: end.drained == 1, lambda: "told")
    assert not end.writer.is_behind()


async def test_a_key_is_written_beside_a_question(end: End) -> None:
    end.writer.answered()
    end.writer.write("x" * 1500)
    end.writer.flush("?")
    assert not end.writer.is_behind()
    await end.read(1501)

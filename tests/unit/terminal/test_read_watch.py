"""What Linux tells of the reader of a pseudo-terminal."""

import asyncio
import os
import pty
import select
import tty
from collections.abc import Iterator

import pytest

from settling import until
from userdesk.tui.terminal.read_watch import ReadWatch
from userdesk.tui.terminal.writer import TerminalWriter

pytestmark = pytest.mark.skipif(not hasattr(select, "epoll"), reason="only Linux tells")


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    """The reader's end of a pseudo-terminal, and the program's."""
    theirs, ours = pty.openpty()
    tty.setraw(ours)
    yield theirs, ours
    os.close(theirs)
    os.close(ours)


def read(descriptor: int, size: int) -> None:
    while size > 0:
        size -= len(os.read(descriptor, size))


async def test_what_was_read_is_told_once_next_to_nothing_is_left(ends: tuple[int, int]) -> None:
    theirs, ours = ends
    watch = ReadWatch(asyncio.get_running_loop(), ours, lambda: None)
    for size in (100, 3_000, 6_000):
        os.write(ours, b"x" * size)
        watch.forget()
        read(theirs, size // 2)
        assert size < 1_000 or not watch.was_read()
        read(theirs, size - size // 2)
        await until(watch.was_read, lambda: "the end of the reading")
        assert not watch.was_read(), "it is told once"
    watch.close()


async def test_the_loop_tells_where_it_is_listened_to(ends: tuple[int, int]) -> None:
    theirs, ours = ends
    told: list[bool] = []
    watch = ReadWatch(asyncio.get_running_loop(), ours, lambda: told.append(watch.was_read()))
    watch.listen(True)
    os.write(ours, b"x" * 1_000)
    watch.forget()
    read(theirs, 1_000)
    await until(lambda: True in told, lambda: "told")
    watch.listen(False)
    before = len(told)
    os.write(ours, b"x")
    read(theirs, 1)
    await until(watch.was_read, lambda: "the end of the reading")
    assert len(told) == before
    watch.close()


def test_a_pipe_tells_nothing() -> None:
    theirs, ours = os.pipe()
    with pytest.raises(OSError, match="epoll"):
        ReadWatch(asyncio.new_event_loop(), ours, lambda: None)
    os.close(theirs)
    os.close(ours)


async def test_a_terminal_that_answers_nothing_is_behind_until_it_has_read(ends: tuple[int, int]) -> None:
    theirs, ours = ends
    drained: list[int] = []
    writer = TerminalWriter(asyncio.get_running_loop(), ours, "utf-8", lambda: drained.append(1))

    def writes_a_frame() -> bool:
        """Whether it is behind, unless the system was too busy to tell."""
        while select.select([theirs], [], [], 0)[0]:
            os.read(theirs, 65_536)
        writer.write("x" * 4_000)
        writer.flush()
        return writer.is_behind()

    await until(writes_a_frame, lambda: "a frame that has to be waited for")
    drained.clear()
    while not drained:
        if select.select([theirs], [], [], 0)[0]:
            os.read(theirs, 500)
        await asyncio.sleep(0)
    assert not writer.is_behind()
    writer.stop(0.1)

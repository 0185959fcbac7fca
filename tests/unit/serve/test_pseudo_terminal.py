"""A pseudo-terminal that is closed while somebody waits for it."""

import asyncio
import os

from settling import until
from userdesk.serve.pseudo_terminal import PseudoTerminal


async def test_terminal_closed_while_it_takes_no_more_leaves_its_number_to_others() -> None:
    before = len(os.listdir("/dev/fd"))
    loop, terminal = asyncio.get_running_loop(), PseudoTerminal()
    writing = loop.create_task(terminal.write(b"x" * 1_000_000))  # which nobody reads
    await until(lambda: terminal._writable, lambda: "a terminal that is full")
    descriptor = terminal._ours
    terminal.close()
    assert not loop.remove_writer(descriptor)
    await writing
    assert len(os.listdir("/dev/fd")) == before


async def test_a_program_that_writes_on_and_on_is_not_waited_for() -> None:
    class Talking(PseudoTerminal):
        reads = 0

        def read(self) -> bytes:
            self.reads += 1
            assert self.reads < 1000, "it would never end"
            return b"more"

    terminal = Talking()
    terminal.drop()
    terminal.close()

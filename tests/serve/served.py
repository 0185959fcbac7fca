"""A run of `userdesk serve`: its address, what it says, what it has started."""

import asyncio
import signal
from pathlib import Path

from host_apart import wait_until

from descendants import descendants_of, is_running
from forks import Process

SHOWN = rb"essage (the demo|Acme)"
"""The empty input bar; on its first letter stands the cursor."""
ENDS_WITHIN = 30  # s


class Served:
    """A run of the command, whose lines are read as they come."""

    def __init__(self, process: Process, temporary: Path) -> None:
        self.process, self.temporary = process, temporary
        self.lines: list[str] = []
        self.address = self.invitation = ""
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout
        while line := await asyncio.to_thread(self.process.stdout.readline):
            self.lines.append(line.decode().rstrip("\n"))
            if "http" in self.lines[-1]:
                self.address, _, rest = self.lines[-1].split()[-1].partition("/?")
                self.invitation = f"/?{rest}"

    async def says(self, words: str) -> None:
        """Wait until a line has these words."""
        await wait_until(
            lambda: any(words in line for line in self.lines), f"{words!r} among the lines of the host"
        )

    async def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it, and wait for that: its exit status."""
        self.process.send_signal(number)
        status = await asyncio.to_thread(self.process.wait, ENDS_WITHIN)
        await self._reading
        return status

    @property
    def processes(self) -> set[int]:
        """What it has started and is still there."""
        return {process for process in descendants_of(self.process.pid) if is_running(process)}

    @property
    def visitors(self) -> set[int]:
        """The processes of visits."""
        return {process for process in self.processes if b"userdesk.tui.visitor" in arguments_of(process)}


def arguments_of(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()

"""The full-screen program for one visitor: process, pseudo-terminal, folder, what it tells the host."""

import asyncio
import os
import secrets
import signal
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from userdesk.files.atomic import write_atomically
from userdesk.serve.channel import Channel, Told
from userdesk.serve.pseudo_terminal import PseudoTerminal, signal_session
from userdesk.serve.visit_folders import VisitFolders
from userdesk.serve.visitor_environment import VisitorProgram, visitor_config, visitor_environment

ENDS_WITHIN = 2.0
"""Seconds that the program has to end by itself."""


class VisitorProcess:
    """One process of the program from its start to its end, whoever looks at its terminal."""

    def __init__(self, folders: VisitFolders) -> None:
        """Raises OSError."""
        self.token = secrets.token_urlsafe(24)
        """What it has in place of the API key; a secret, which opens nothing until it is granted access."""
        self.ended = asyncio.Event()
        """Set when nothing is left of it."""
        self._folders = folders
        self._process: Process | None = None
        self._channel: Channel | None = None
        self._gate = -1
        """Our end of a pipe: once it is closed, the program that waits at the other end begins."""
        self._ending: asyncio.Task[None] | None = None
        self.terminal = PseudoTerminal()
        """What the program writes to and reads from."""
        try:
            self.folder: Path = folders.new()
            """Where its files are."""
        except BaseException:
            self.terminal.close()
            raise

    async def start(self, program: VisitorProgram, *, waits: bool = False) -> None:
        """Start the program, perhaps one that waits to be told to `begin`.

        Raises OSError, and then nothing is left of it.
        """
        try:
            config = visitor_config(program.theme).encode("utf-8")
            write_atomically(self.folder / "config.toml", config, durable=False)
            if program.questions is not None:
                write_atomically(self.folder / "set.toml", program.questions, durable=False)
            handed_on: list[int] = []
            try:
                ours, channel = os.pipe()
                handed_on.append(channel)
                self._channel = Channel(ours)
                if waits:
                    gate, self._gate = os.pipe()
                    handed_on.append(gate)
                environment = visitor_environment(
                    program,
                    self.folder,
                    key=self.token,
                    channel=channel,
                    gate=gate if waits else None,
                    environ=os.environ,
                )
                self.terminal.resize(100, 30)
                self._process = await self.terminal.start(
                    program.command, environment, self.folder, handed_on
                )
            finally:
                for descriptor in handed_on:
                    os.close(descriptor)
        except BaseException:
            await self.end()
            raise

    def begin(self) -> None:
        """Tell the program that its visitor is there, if it waits for one."""
        if self._gate >= 0:
            os.close(self._gate)
            self._gate = -1

    @property
    def is_running(self) -> bool:
        """Whether the program was started, and has neither ended nor been told to."""
        return self._process is not None and self._process.returncode is None and not self.is_ending

    async def wait(self) -> int:
        """Wait until the program has ended; its exit status."""
        assert self._process
        return await self._process.wait()

    def listen(self, told: Callable[[Told], object]) -> None:
        """Have each message of the program's passed on."""
        assert self._channel
        self._channel.listen(told)

    async def throw_away(self) -> None:
        """Read what the program writes for nobody, until it has gone or somebody looks: then cancel this."""
        while True:
            self.terminal.watch()
            await self.terminal.readable.wait()
            self.terminal.readable.clear()
            if self.terminal.read() == b"":
                return

    def draw_anew(self) -> None:
        """Have the program take its terminal as one that knows nothing of it yet, and draw everything."""
        if self._process:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGCONT)

    @property
    def is_ending(self) -> bool:
        """Whether it was told to end, or has ended."""
        return self._ending is not None

    async def end(self) -> None:
        """End the program with all that it has started, and remove its files; returns when that is done.

        What fails of it is raised when all else is done.
        """
        if self._ending is None:
            self._ending = asyncio.get_running_loop().create_task(self._end())
        await asyncio.shield(self._ending)

    async def _end(self) -> None:
        async with AsyncExitStack() as steps:  # from the last to the first, also where one of them fails
            steps.callback(self.ended.set)
            steps.callback(self.begin)  # the pipe, when nobody waits there any more
            steps.push_async_callback(self._folders.remove, self.folder)
            steps.push_async_callback(self._end_program)
            steps.callback(self.terminal.close)
            if self._channel:
                steps.callback(self._channel.close)

    async def _end_program(self) -> None:
        if process := self._process:
            # Stopped, it would not see the first.
            signal_session(process, signal.SIGHUP)
            signal_session(process, signal.SIGCONT)
            with suppress(TimeoutError):
                async with asyncio.timeout(ENDS_WITHIN):
                    await process.wait()
            signal_session(process, signal.SIGKILL)  # and what it has started
            await process.wait()

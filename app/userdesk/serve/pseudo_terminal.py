"""A pseudo-terminal with a program on it, read and written without ever waiting for either."""

import asyncio
import fcntl
import os
import signal
import struct
import sys
import termios
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

READ_AT_ONCE = 65_536  # bytes
DROPS_AT_ONCE = 16  # reads; the kernel holds less than that of what nobody has read
COLUMNS = range(20, 501)
ROWS = range(5, 201)
"""Sizes that a browser may ask for."""
_LAUNCHER = Path(__file__).with_name("launcher.py")


class PseudoTerminal:
    """Our end of it. The program's end is closed here once the program has it."""

    def __init__(self) -> None:
        """Raises OSError."""
        self._ours, self._theirs = os.openpty()
        os.set_blocking(self._ours, False)
        attributes = termios.tcgetattr(self._theirs)
        # What is typed before the program takes the terminal waits for it: no echo, no Ctrl+C, no line ends.
        attributes[0] = 0
        attributes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        termios.tcsetattr(self._theirs, termios.TCSANOW, attributes)
        self._size = (0, 0)
        self._writing = asyncio.Lock()
        self._writable: asyncio.Future[None] | None = None
        self.readable = asyncio.Event()
        """Set when there is something to read, after `watch`."""
        self._is_watched = False
        self._is_closed = False

    async def start(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path, handed_on: Sequence[int]
    ) -> Process:
        """Start a program on it, in a session of its own, that has these descriptors. Raises OSError."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",  # nothing but what the launcher needs
            "-S",
            str(_LAUNCHER),
            *command,
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            env=environment,
            cwd=folder,
            pass_fds=handed_on,
            start_new_session=True,
        )
        os.close(self._theirs)
        self._theirs = -1
        return process

    def resize(self, columns: int, rows: int) -> None:
        """Set the size, brought into what is allowed; the program is told of a change."""
        size = (
            min(max(columns, COLUMNS[0]), COLUMNS[-1]),
            min(max(rows, ROWS[0]), ROWS[-1]),
        )
        if size != self._size and not self._is_closed:
            self._size = size
            with suppress(OSError):
                fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def watch(self) -> None:
        """Have `readable` set when there is something to read, or at the end."""
        if not self._is_watched and not self._is_closed:
            self._is_watched = True
            asyncio.get_running_loop().add_reader(self._ours, self._came)

    def read(self) -> bytes | None:
        """What the program has written; None for nothing yet, empty at the end."""
        if self._is_closed:
            return b""
        try:
            return os.read(self._ours, READ_AT_ONCE)
        except BlockingIOError:
            return None
        except OSError:  # EIO: nobody has the other end
            return b""

    def drop(self) -> None:
        """Throw away what the program has written so far, but wait for no program that writes on and on."""
        for _ in range(DROPS_AT_ONCE):
            if not self.read():
                return

    async def write(self, data: bytes) -> None:
        """Have the program read something; returns when its terminal has taken it, or has gone."""
        left = memoryview(data)
        async with self._writing:
            while left and not self._is_closed:
                try:
                    left = left[os.write(self._ours, left) :]
                except BlockingIOError:
                    await self._room()
                except OSError:
                    return

    def close(self) -> None:
        """Hang up: the kernel tells the program."""
        if self._is_closed:
            return
        self._unwatch()
        self._is_closed = True
        if self._writable:
            # Before the descriptor is closed: its number may be another one's by the time the writer runs.
            asyncio.get_running_loop().remove_writer(self._ours)
            _settle(self._writable)
        for descriptor in (self._ours, self._theirs):
            if descriptor >= 0:
                os.close(descriptor)
        self.readable.set()

    def _came(self) -> None:
        self._unwatch()
        self.readable.set()

    def _unwatch(self) -> None:
        if self._is_watched:
            self._is_watched = False
            asyncio.get_running_loop().remove_reader(self._ours)

    async def _room(self) -> None:
        loop = asyncio.get_running_loop()
        room = self._writable = loop.create_future()
        loop.add_writer(self._ours, _settle, room)
        try:
            await room
        finally:
            if not self._is_closed:
                loop.remove_writer(self._ours)


def _settle(room: asyncio.Future[None]) -> None:
    if not room.done():
        room.set_result(None)


def signal_session(process: Process, number: signal.Signals) -> None:
    """Send a signal to a program and to all that it has started and that is still in its group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)

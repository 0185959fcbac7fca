"""Runs a program that the user named: by no shell, without the API keys, with bounded time and output."""

import asyncio
import os
import shutil
import signal
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

from userdesk.domain.safe_text import clean_line

LARGEST_OUTPUT = 64_000
"""Bytes that it may print."""
_LAST_WORDS = 1.0  # s


class ProgramError(Exception):
    """It could not be run to a good end; the text says why, in a few words."""


class UserProgram:
    """A command, and where and with what it runs."""

    def __init__(
        self, command: Sequence[str], folder: Path, *, hidden: Collection[str] = (), seconds: float
    ) -> None:
        """It runs in `folder`, for `seconds` at most, without the environment variables in `hidden`."""
        self._command = command
        self._folder = folder
        self._hidden = hidden
        self._seconds = seconds

    @property
    def missing(self) -> str:
        """The name of a program that is not there, one safe line; empty where it is.

        A name with a slash is meant from the folder.
        """
        name = self._command[0]
        path = str(Path(self._folder, name)) if os.path.dirname(name) else name
        return "" if shutil.which(path) else clean_line(name, 120)

    async def run(self, given: bytes) -> bytes:
        """What it prints, given that on standard input. Raises ProgramError."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=self._folder,
                env={name: value for name, value in os.environ.items() if name not in self._hidden},
                start_new_session=True,  # Ctrl+C is for us; what it starts ends with it
            )
        except (OSError, ValueError) as error:
            raise ProgramError(f"could not be started: {getattr(error, 'strerror', None) or error}") from None
        try:
            async with asyncio.timeout(self._seconds):
                _, printed = await asyncio.gather(_give(process, given), _printed(process))
                status = await process.wait()
        except TimeoutError:
            raise ProgramError(f"took more than {self._seconds:g} s") from None
        finally:
            with suppress(OSError):  # it has ended, and so has what it started
                os.killpg(process.pid, signal.SIGKILL)
            await _ended(process)
        if status:
            raise ProgramError(f"crashed ({_named(status)})" if status < 0 else f"ended with status {status}")
        return printed


async def _give(process: asyncio.subprocess.Process, given: bytes) -> None:
    assert process.stdin
    with suppress(OSError):  # it does not want to know
        process.stdin.write(given)
        await process.stdin.drain()
    process.stdin.close()


async def _printed(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout
    printed = bytearray()
    while piece := await process.stdout.read(LARGEST_OUTPUT):
        printed += piece
        if len(printed) > LARGEST_OUTPUT:
            raise ProgramError(f"printed more than {LARGEST_OUTPUT // 1000} kB")
    return bytes(printed)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """A killed process has ended once what it printed is read; what left its session may hold that open."""
    assert process.stdout
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WORDS):
            while await process.stdout.read(LARGEST_OUTPUT):
                pass
            await process.wait()


def _named(status: int) -> str:
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"

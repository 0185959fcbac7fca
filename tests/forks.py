"""Runs of the program that cost a fork, not the time that its imports take.

    with start(environment, "send", "hello", stdout=subprocess.PIPE) as process:
        out, _ = process.communicate()

For what a process does and is told: signals, pipes, terminals, exit statuses. What the interpreter reads at
its start (the locale, variables of Python's) and what is imported when is for a process of its own:
`command_runs.command`.
"""

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO, Self

from fork_server import LENGTH, RECORD

LOOK = 0.02  # s; how long one thread listens while others may want to


class Server:
    """The process that forks; one for all tests of a run."""

    def __init__(self) -> None:
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("fork_server.py")), str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        self._statuses: dict[int, int] = {}
        self._one_at_a_time = threading.Lock()
        atexit.register(self.close)

    def close(self) -> None:
        """End the process."""
        self._channel.close()
        self._process.wait()

    def fork(self, request: Mapping[str, object], descriptors: list[int]) -> int:
        """The process of a new run."""
        packet = json.dumps(request).encode()
        with self._one_at_a_time:
            socket.send_fds(self._channel, [LENGTH.pack(len(packet))], descriptors)
            self._channel.sendall(packet)
            while (process := self._receive()) is None:
                pass  # another one ended
        return process

    def status(self, process: int, within: float | None) -> int | None:
        """How a run ended; None where it has not within so many seconds. None as a time is for ever."""
        end = None if within is None else time.monotonic() + within
        while True:
            left = LOOK if end is None else min(LOOK, end - time.monotonic())
            with self._one_at_a_time:
                while process not in self._statuses and self._is_told(max(0.0, left)):
                    self._receive()
            if process in self._statuses or left <= 0:
                return self._statuses.get(process)

    def _is_told(self, within: float) -> bool:
        return bool(select.select([self._channel], [], [], within)[0])

    def _receive(self) -> int | None:
        """A process that began; None where one ended."""
        is_end, process, status = RECORD.unpack(self._channel.recv(RECORD.size, socket.MSG_WAITALL))
        if is_end:
            self._statuses[process] = status
        return None if is_end else process


@cache
def server() -> Server:
    """The one server, started when first asked for."""
    return Server()


class Process:
    """A run, to be used as a `subprocess.Popen`."""

    def __init__(self, pid: int, stdin: IO[bytes] | None, stdout: IO[bytes] | None, stderr: IO[bytes] | None):
        self.pid = pid
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr
        self.returncode: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self.wait()

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None where the run goes on."""
        self.returncode = server().status(self.pid, 0.0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit status. Raises subprocess.TimeoutExpired after so many seconds."""
        self.returncode = server().status(self.pid, timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("userdesk", timeout or 0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # its end is known, and not told yet
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a power cut does."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[bytes, bytes]:
        """Standard output and error to their ends. Raises subprocess.TimeoutExpired after so many seconds."""
        if self.stdin:
            self.stdin.close()
        read = {"out": b"", "errors": b""}
        threads = [
            threading.Thread(target=lambda n=name, s=stream: read.update({n: s.read()}), daemon=True)
            for name, stream in (("out", self.stdout), ("errors", self.stderr))
            if stream
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout)
            if thread.is_alive():
                raise subprocess.TimeoutExpired("userdesk", timeout or 0)
        self.close()
        self.wait(timeout)
        return read["out"], read["errors"]

    def close(self) -> None:
        """Close our ends of its streams."""
        for stream in (self.stdin, self.stdout, self.stderr):
            if stream:
                stream.close()


def start(
    environment: Mapping[str, str],
    *arguments: str,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
    stderr: int | IO[bytes] = subprocess.DEVNULL,
    has_terminal: bool = False,
    defect: str = "",
) -> Process:
    """Run the program with these arguments; streams as for `subprocess.Popen`.

    `has_terminal`: standard input is a terminal, and to be that of a session of its own. `defect`: Python
    that changes the program before it begins.
    """
    at_start = {name for name in environment if name.startswith(("PYTHON", "LD_"))} - {
        "PYTHON_KEYRING_BACKEND"
    }
    assert not at_start, f"{at_start} are read when a process starts, which a fork does not"
    ours: list[IO[bytes] | None] = []
    theirs: list[int] = []
    opened: list[int] = []
    for number, stream in enumerate((stdin, stdout, stderr)):
        end: IO[bytes] | None = None
        if stream == subprocess.PIPE:
            reading, writing = os.pipe()
            mine, given = (writing, reading) if number == 0 else (reading, writing)
            end = open(mine, "wb" if number == 0 else "rb")  # noqa: SIM115
            opened.append(given)
        elif stream == subprocess.DEVNULL:
            given = os.open(os.devnull, os.O_RDWR)
            opened.append(given)
        else:
            given = stream if isinstance(stream, int) else stream.fileno()
        ours.append(end)
        theirs.append(given)
    request = {
        "environment": dict(environment),
        "arguments": arguments,
        "has_terminal": has_terminal,
        "folder": str(Path.cwd()),
        "defect": defect,
    }
    try:
        return Process(server().fork(request, theirs), *ours)
    finally:
        for descriptor in opened:
            os.close(descriptor)

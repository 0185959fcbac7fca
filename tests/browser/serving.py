"""`userdesk serve` as a process, and what it prints."""

import os
import re
import signal
import subprocess
from collections.abc import Mapping
from threading import Condition, Thread
from typing import Self

from command_runs import command
from descendants import descendants_of

LIMIT = 60.0  # s; only a hanging host reaches it
_INVITATION = re.compile(r"https?://\S+/\?token=[\w-]+")


class Serving:
    """One run of the command; a context manager that leaves no process behind."""

    def __init__(self, environment: Mapping[str, str], *arguments: str) -> None:
        self._printed = ""
        self._changed = Condition()
        self.process = subprocess.Popen(
            command("serve", *arguments),
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._changed:
                self._printed += line
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    @property
    def printed(self) -> str:
        """What it has printed."""
        return self._printed

    def invitation(self, after: str = "") -> str:
        """Wait for an address that invites; for another one than `after`."""

        def newest() -> str:
            return next((each for each in reversed(_INVITATION.findall(self._printed)) if each != after), "")

        with self._changed:
            assert self._changed.wait_for(lambda: newest() or not self._reader.is_alive(), LIMIT)
            assert newest(), self._printed
            return newest()

    def processes(self) -> set[int]:
        """All that it has started."""
        return descendants_of(self.process.pid)

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """End it, and wait; its exit status."""
        if self.process.poll() is None:
            os.kill(self.process.pid, how)
        try:
            status = self.process.wait(LIMIT)
        finally:
            self.process.kill()
            self._reader.join(LIMIT)
            assert self.process.stdout is not None
            self.process.stdout.close()
        return status

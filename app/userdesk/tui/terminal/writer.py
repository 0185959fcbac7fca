"""Writes to the terminal in a thread of its own: nothing else waits for a terminal that is slow or gone."""

import os
import select
import threading
from collections.abc import Callable
from contextlib import suppress

from userdesk.domain.plain_characters import PLAINLY

PIECE = 4_096  # bytes a write; what a slow terminal has not taken yet can be given up between two writes


class TerminalWriter(threading.Thread):
    """Writes what it is given, in order, to a file descriptor; what a terminal that has gone gets is dropped.

    Writing to the descriptor itself, past Python's file objects, holds none of their locks: a thread that
    a terminal blocks for ever must not keep the interpreter from ending.

    Args:
        descriptor: The terminal.
        encoding: How text is written; characters it does not have become plain ones.
        on_drained: Called in this thread, once after each `is_behind` that said yes, when all is written.
    """

    def __init__(self, descriptor: int, encoding: str, on_drained: Callable[[], None]) -> None:
        super().__init__(daemon=True, name="terminal-output")
        self._descriptor = descriptor
        self._encoding = encoding
        self._on_drained = on_drained
        self._changed = threading.Condition()
        self._waiting: list[str] = []
        self._is_writing = False
        self._wanted = False
        self._ends = False
        self._given_up = False

    def write(self, text: str) -> None:
        """Have text written; returns at once."""
        with self._changed:
            if not self._ends:
                self._waiting.append(text)
                self._changed.notify_all()

    def is_behind(self) -> bool:
        """Whether something is still to be written; if so, `on_drained` will be called."""
        with self._changed:
            self._wanted = self._is_busy
            return self._wanted

    def drain(self, within: float) -> bool:
        """Wait until all is written, `within` seconds at most; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._is_busy, within)

    def give_up(self) -> None:
        """Drop what is not written yet; it may end in the middle of a sequence."""
        with self._changed:
            self._waiting.clear()
            self._given_up = self._is_writing

    def stop(self, within: float) -> None:
        """Write what is left, but end within so many seconds."""
        with self._changed:
            self._ends = True
            self._changed.notify_all()
        self.join(within)

    @property
    def _is_busy(self) -> bool:
        return bool(self._waiting) or self._is_writing

    def run(self) -> None:
        """Write until it is told to end."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._ends)
                text = "".join(self._waiting)
                self._waiting.clear()
                if not text:
                    return
                self._is_writing = True
            with suppress(OSError):  # the terminal has gone
                self._write(text.encode(self._encoding, PLAINLY))
            with self._changed:
                self._is_writing = self._given_up = False
                self._changed.notify_all()
                if self._wanted and not self._waiting:
                    self._wanted = False
                    self._on_drained()

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left and not self._given_up:
            try:
                left = left[os.write(self._descriptor, left[:PIECE]) :]
            except BlockingIOError:  # another program has made the terminal so
                select.select((), (self._descriptor,), ())

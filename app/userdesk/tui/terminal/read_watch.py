"""Tells when what was written to a pseudo-terminal has been read from its other end.

Linux counts nothing of what a pseudo-terminal holds (TIOCOUTQ says 0, tcdrain returns at once), but each time
its reader has left next to nothing (128 bytes at most) it wakes whoever waits to write, also where there was
room all the time. An edge-triggered epoll sees that. It sees our own writes, too, which have to be forgotten,
and with them whatever was read until then.
"""

import asyncio
import os
import select
from collections.abc import Callable
from contextlib import suppress


class ReadWatch:
    """Watches one terminal.

    Args:
        loop: The event loop that everything is called in.
        descriptor: The terminal.
        on_read: Called when everything was read, while the watch listens.

    Raises:
        OSError: The system tells nothing.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, descriptor: int, on_read: Callable[[], None]) -> None:
        if not hasattr(select, "epoll") or not os.isatty(descriptor):
            raise OSError("only epoll of Linux tells when a terminal was read")
        self._loop = loop
        self._on_read = on_read
        self.listens = False
        """Whether `on_read` is called; else it is looked when it matters, which costs no turn of the loop."""
        self._edges = select.epoll()
        try:
            self._edges.register(descriptor, select.EPOLLOUT | select.EPOLLET)
        except OSError:
            self._edges.close()
            raise
        self.forget()

    def was_read(self) -> bool:
        """Whether everything has been read since this was asked last."""
        return any(event & select.EPOLLOUT for _, event in self._edges.poll(0))

    def forget(self) -> None:
        """What happened until now was a write."""
        self._edges.poll(0)

    def listen(self, wanted: bool) -> None:
        """Whether the loop should tell when everything was read."""
        if wanted == self.listens:
            return
        self.listens = wanted
        with suppress(RuntimeError, NotImplementedError):  # the loop is closed
            if wanted:
                self._loop.add_reader(self._edges.fileno(), self._on_read)
            else:
                self._loop.remove_reader(self._edges.fileno())

    def close(self) -> None:
        """Watch no more."""
        self.listen(False)
        self._edges.close()

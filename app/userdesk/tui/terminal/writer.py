"""Writes to the terminal without ever waiting for it."""

import asyncio
import os
import select
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from userdesk.domain.plain_characters import PLAINLY
from userdesk.tui.terminal.flow import Flow
from userdesk.tui.terminal.read_watch import ReadWatch

RETRY = 0.03  # s between two looks whether a terminal that took nothing takes more
MOMENT = 20e-6  # s from a write to the look behind it, within which hardly anybody has read what was written
ATTEMPTS = 3  # to write something that is not read in that moment, as another program had the processor
NOTHING = b"\0"  # terminals have always been sent it to pass the time, and show nothing of it


class TerminalWriter:
    """Writes what it is given, in order; what a terminal that has gone gets is dropped.

    It writes in the event loop, as much as the system takes, and goes on when the system takes more. A thread
    that waits would take its turns from the loop: each costs the time of some keys.

    Args:
        loop: The event loop that everything is called in.
        descriptor: The terminal. It is opened once more: to write without waiting is a property of an open
            file, which the shell shares with us.
        encoding: How text is written; characters it does not have become plain ones.
        on_drained: Called once after each `is_behind` that said yes, when the terminal has caught up.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        descriptor: int,
        encoding: str,
        on_drained: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._shared = descriptor
        self._descriptor = _opened_again(descriptor)
        self._encoding = encoding
        self._on_drained = on_drained
        self._flow = Flow()
        self._watch: ReadWatch | None = None
        with suppress(OSError):
            self._watch = ReadWatch(loop, self._descriptor, self._was_read)
        self._texts: list[str] = []
        self._left = b""
        self._question = b""
        self._soon: asyncio.Handle | None = None
        self._look: asyncio.TimerHandle | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._is_waiting = False
        self._wanted = False
        self._ends = False

    def write(self, text: str) -> None:
        """Have text written; returns at once."""
        if self._ends:
            return
        self._texts.append(text)
        if self._soon is None:
            self._soon = self._loop.call_soon(self.flush)

    def flush(self, question: str = "") -> None:
        """Write what was given so far, as far as the system takes it.

        Args:
            question: What the terminal answers; asked behind the text where an answer is worth it.
        """
        if self._soon:
            self._soon.cancel()
            self._soon = None
        texts, self._texts = self._texts, []
        data = "".join(texts).encode(self._encoding, PLAINLY)
        self._left += data
        self._question = question.encode() or self._question
        if question and self._flow.is_question_due(len(self._left)):
            self._left += self._question
            self._flow.asked(len(self._left), monotonic())
        if self._left and not self._is_waiting:
            self._send()

    def _send(self) -> None:
        self._look_whether_read()
        try:
            while self._left:
                size, is_sure = self._write(self._left)
                self._left = self._left[size:]
                self._flow.wrote(size, monotonic(), is_reading_sure=is_sure)
        except BlockingIOError:
            self._flow.blocked(monotonic())
            self._try_again()
        except OSError:  # the terminal has gone
            self._left = b""
        if bool(self._left) != self._is_waiting:
            self._is_waiting = bool(self._left)
            with suppress(RuntimeError, NotImplementedError):  # the loop is closed
                if self._is_waiting:
                    self._loop.add_writer(self._descriptor, self._send)
                else:
                    self._loop.remove_writer(self._descriptor)
        if not self._left:
            self._flow.caught_up(monotonic())
            if self._watch:
                self._watch.listen(self._flow.is_slow)
            self._tell()

    def _write(self, data: bytes) -> tuple[int, bool]:
        """How much the system took, and whether it will tell when that is read."""
        begun = monotonic()
        size = os.write(self._descriptor, data)
        if self._watch is None:
            return size, False
        self._watch.forget()  # at once: what is read before is missed
        return size, monotonic() - begun < MOMENT

    def _try_again(self) -> None:
        """Also without being told: of a pseudo-terminal the system tells late, after most was taken."""
        with suppress(RuntimeError):  # the loop is closed
            if self._retry is None:
                self._retry = self._loop.call_later(RETRY, self._retried)

    def _retried(self) -> None:
        self._retry = None
        if self._is_waiting:
            self._send()

    def _look_whether_read(self) -> None:
        if self._watch and self._watch.was_read() and not self._is_waiting:
            self._flow.was_read(monotonic(), is_late=not self._watch.listens)
            self._watch.listen(self._flow.is_slow)

    def _was_read(self) -> None:
        self._look_whether_read()
        self._tell()

    def _ask_reader(self) -> None:
        """Write a byte that says nothing: its reading is seen where the one before it was missed."""
        for _ in range(ATTEMPTS):
            try:
                size, is_sure = self._write(NOTHING)
            except OSError:  # it takes no more, or has gone
                return
            self._flow.asked_reader(size, monotonic(), is_reading_sure=is_sure)
            if is_sure:
                return

    def _ask_again(self) -> None:
        with suppress(OSError):  # it takes no more, or has gone
            self._flow.asked_again(os.write(self._descriptor, self._question), monotonic())

    def _stop_watching(self) -> None:
        watch, self._watch = self._watch, None
        if watch:
            watch.close()

    # who waits for it

    def is_behind(self) -> bool:
        """Whether the terminal has not taken yet what was written; if so, `on_drained` will be called."""
        self._wanted = self._is_behind()
        return self._wanted

    def _is_behind(self) -> bool:
        if self._left or self._texts:
            return True
        self._look_whether_read()
        if self._flow.asks_reader(monotonic()):
            self._ask_reader()
        if self._flow.asks_again(monotonic()):
            self._ask_again()
        if is_behind := self._flow.wait(monotonic()) > 0:
            if self._watch:
                self._watch.listen(True)
            if self._look is None:
                self._look = self._loop.call_later(self._flow.look_after(monotonic()), self._look_again)
        return is_behind

    def pause(self) -> float:
        """Seconds until an answer's frames have had no more than their share of a slow line."""
        return self._flow.pause(monotonic())

    def room(self) -> float:
        """Bytes that a frame may have, so that what is typed then does not wait for long."""
        return self._flow.room(monotonic())

    def rest(self) -> float:
        """Seconds until the terminal is thought to have taken what was written.

        If it is known sooner that it has, `on_drained` will be called.
        """
        self._wanted = True
        return self._flow.rest(monotonic())

    def _look_again(self) -> None:
        self._look = None
        self._tell()

    def taken_anew(self) -> None:
        """What was asked before is not waited for: another terminal may be there, or it was away for long."""
        self._flow.restart()

    def answered(self) -> None:
        """The terminal answered a question: it has taken what was before it."""
        self._stop_watching()  # it knows better: behind ssh the system tells of ssh alone
        self._flow.answered(monotonic())
        self._tell()

    def _tell(self) -> None:
        if self._wanted and not self._is_behind():
            self._wanted = False
            with suppress(RuntimeError):  # the loop is closed: the program ends
                self._loop.call_soon(self._on_drained)

    # the end

    def drain(self, within: float) -> bool:
        """Wait until all is written, `within` seconds at most; whether it is."""
        self.flush()
        deadline = monotonic() + within
        while self._left and (remaining := deadline - monotonic()) > 0:
            select.select((), (self._descriptor,), (), remaining)
            self._send()
        return not self._left

    def give_up(self) -> None:
        """Drop what is not written yet; it may end in the middle of a sequence."""
        self._texts.clear()
        self._left = b""
        self._send()

    def stop(self, within: float) -> None:
        """Write what is left, but end within so many seconds."""
        self.drain(within)
        self.give_up()
        self._ends = True
        self._stop_watching()
        for timer in filter(None, (self._look, self._retry)):
            timer.cancel()
        if self._descriptor != self._shared:
            os.close(self._descriptor)
        else:
            os.set_blocking(self._shared, True)


def _opened_again(descriptor: int) -> int:
    """Another opening of a terminal that never waits; itself, made so, where that may not be opened."""
    try:
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        os.set_blocking(descriptor, False)
        return descriptor

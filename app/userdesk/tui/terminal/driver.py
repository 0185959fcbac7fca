"""The screen's driver for terminals of Unix: takes the terminal, reads and writes it, gives it back.

Textual's own waits for a terminal that does not read, reads the end of one that has gone for ever,
starts second threads at a SIGCONT that followed no SIGTSTP, and leaves the screen blank after one.
"""

import asyncio
import fcntl
import logging
import os
import select
import shutil
import signal
import sys
import termios
import tty
from contextlib import suppress
from math import inf
from time import monotonic
from typing import Any, Protocol, cast

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from userdesk.tui.terminal import modes
from userdesk.tui.terminal.batching import BatchingDriver
from userdesk.tui.terminal.input_parser import InputParser
from userdesk.tui.terminal.reports import ClustersJoined, QuestionAnswered, WantedModeOff
from userdesk.tui.terminal.writer import TerminalWriter

_log = logging.getLogger("userdesk.tui")

READ_AT_ONCE = 65_536  # bytes
CONTINUED_WITHIN = 0.1
"""Seconds: of a SIGTSTP and a SIGCONT this close together nobody knows the order."""
STOPS_AFTER = 0.02
"""Seconds that a SIGTSTP waits for a SIGCONT that takes it back."""
LAST_WORDS = 0.5  # s that a terminal has, at the end, to take what is left for it


class TerminalOwner(Protocol):
    """What an application does when something happens to its terminal; called in its event loop."""

    may_stop: bool
    """Whether SIGTSTP stops the program: nobody would continue it where no shell has started it."""

    def terminal_gone(self) -> None:
        """Nobody will type or read any more."""

    def terminal_drained(self) -> None:
        """The terminal has taken all that was written, after `is_behind` said otherwise."""


class TerminalDriver(BatchingDriver):
    """Reads and writes in the event loop, and never waits for either.

    Signals are handled there, too: SIGWINCH, SIGTSTP, SIGCONT.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert sys.__stdin__ is not None and sys.__stderr__ is not None
        self._input = sys.__stdin__.fileno()
        self._output = sys.__stderr__.fileno()
        self._encoding = sys.__stderr__.encoding
        self._size = self._size or self._window_size()
        self._writer: TerminalWriter | None = None
        self._parser: InputParser | None = None
        """Reads what the terminal sends; None while nothing is read."""
        self._deadline: asyncio.TimerHandle | None = None
        self._attributes: list[Any] | None = None
        """The terminal's attributes as they were before it was first taken."""
        self._typed_before = 0
        """Bytes not read yet that were typed before the terminal was taken: Enter is a newline among them."""
        self._is_synchronized = False
        """Whether the terminal has said that it knows synchronized output."""
        self._set_modes: set[int] = set()
        """Modes that were not set before, and have to be reset in the end."""
        self._continued_at = -CONTINUED_WITHIN
        """When the last SIGCONT came (monotonic, s)."""
        self._loop.add_signal_handler(signal.SIGWINCH, self._tell_size)
        # Not the loop's handlers: a loop that is busy giving the terminal back would see a SIGCONT too late.
        signal.signal(signal.SIGTSTP, self._stop_came)
        signal.signal(signal.SIGCONT, self._continue_came)

    @property
    def _owner(self) -> TerminalOwner:
        return cast(TerminalOwner, self._app)

    # writing

    def write(self, data: str) -> None:
        """Have text written to the terminal; returns at once."""
        if self._writer:
            self._writer.write(data)

    def flush(self) -> None:
        """Write a frame at once."""
        if self._writer:
            self._writer.flush(modes.ASK_SYNCHRONIZED)

    def frame_pause(self) -> float:
        """Seconds until an answer's frames have had no more than their share of a slow line."""
        return self._writer.pause() if self._writer else 0.0

    def frame_room(self) -> float:
        """Bytes that a frame may have, so that what is typed then does not wait for long."""
        return self._writer.room() if self._writer else inf

    def frame_rest(self) -> float:
        """Seconds until the terminal is thought to have taken what was written.

        If it is known sooner that it has, the application is told by `terminal_drained`.
        """
        return self._writer.rest() if self._writer else 0.0

    def is_behind(self) -> bool:
        """Whether the terminal has not taken yet what was written.

        If so, the application is told by `terminal_drained` when it has.
        """
        return self._writer is not None and self._writer.is_behind()

    # taking the terminal and giving it back

    def start_application_mode(self) -> None:
        """Take the terminal."""
        if self._writer:
            return
        self._writer = TerminalWriter(self._loop, self._output, self._encoding, self._owner.terminal_drained)
        self._tell_size()
        self._enter()
        self._parser = InputParser()
        self._loop.add_reader(self._input, self._readable)

    def _enter(self) -> None:
        self._take_attributes()
        self.write(modes.ENTER)
        # Apple's terminal shows this question's last letter, and knows no synchronized output.
        if os.environ.get("TERM_PROGRAM") != "Apple_Terminal":
            self.write(modes.ASK)

    def _take_attributes(self) -> None:
        with suppress(termios.error, OSError):
            attributes = termios.tcgetattr(self._input)
            if self._attributes is None:
                self._attributes = [*attributes]
            made_newlines = attributes[tty.LFLAG] & termios.ICANON and attributes[tty.IFLAG] & termios.ICRNL
            attributes[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
            attributes[tty.IFLAG] &= ~(
                termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR | termios.ISTRIP
            )
            attributes[tty.CC][termios.VMIN] = 1
            attributes[tty.CC][termios.VTIME] = 0
            termios.tcsetattr(self._input, termios.TCSANOW, attributes)
            if made_newlines:
                waiting = fcntl.ioctl(self._input, termios.FIONREAD, bytes(4))
                self._typed_before = int.from_bytes(waiting, sys.byteorder)

    def disable_input(self) -> None:
        """Read no more."""
        if self._parser is None:
            return
        self.write(modes.MOUSE_OFF)
        self._stop_reading()
        with suppress(termios.error):
            termios.tcflush(self._input, termios.TCIFLUSH)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        if self._writer is None:
            return
        self.disable_input()
        if not self._writer.drain(LAST_WORDS):
            self._writer.give_up()
            with suppress(termios.error):  # what was written and not read makes room for the last words
                termios.tcflush(self._output, termios.TCOFLUSH)
            self.write(modes.CANCEL)
        self.write("".join(f"\x1b[?{mode}l" for mode in self._set_modes) + modes.LEAVE)
        self._set_modes.clear()
        if self._attributes is not None:
            with suppress(termios.error):
                termios.tcsetattr(self._input, termios.TCSANOW, self._attributes)

    def close(self) -> None:
        """Let the terminal take what is left, but not for ever."""
        writer, self._writer = self._writer, None
        if writer:
            writer.stop(LAST_WORDS)

    @property
    def can_suspend(self) -> bool:
        """The terminal can be lent to another program."""
        return True

    def has_gone(self) -> bool:
        """Whether the terminal has hung up; takes nothing of what was typed."""
        poll = select.poll()
        poll.register(self._input, 0)
        return any(events & select.POLLHUP for _, events in poll.poll(0))

    # signals

    def _tell_size(self) -> None:
        if self._writer:
            size = Size(*self._window_size())
            self._app.post_message(events.Resize(size, size))

    def _window_size(self) -> os.terminal_size:
        """Columns and rows of the terminal itself; COLUMNS and LINES count only where it does not tell."""
        for descriptor in (self._output, self._input):
            with suppress(OSError):
                if all(size := os.get_terminal_size(descriptor)):
                    return size
        return shutil.get_terminal_size()

    def _stop_came(self, *_: object) -> None:
        try:
            self._loop.call_soon_threadsafe(self._loop.call_later, STOPS_AFTER, self._stop_asked, monotonic())
        except RuntimeError:  # the loop is closed, and the terminal given back
            os.kill(os.getpid(), signal.SIGSTOP)

    def _continue_came(self, *_: object) -> None:
        self._continued_at = monotonic()
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._continued)

    def _stop_asked(self, at: float) -> None:
        """SIGTSTP: give the terminal back first, if we have it.

        A SIGCONT that came along with it or since has taken it back: stopped, nobody would continue us.
        """
        if self._is_continued_since(at) or not self._owner.may_stop:
            return
        if self._auto_restart:
            self.suspend_application_mode()
        if not self._is_continued_since(at):
            os.kill(os.getpid(), signal.SIGSTOP)

    def _is_continued_since(self, at: float) -> bool:
        return self._continued_at > at - CONTINUED_WITHIN

    def _continued(self) -> None:
        """SIGCONT, after SIGTSTP, after a SIGSTOP that nobody could see coming, or after nothing at all."""
        if not self._auto_restart:
            return  # another program has the terminal
        if not self._is_in_foreground():
            os.kill(os.getpid(), signal.SIGSTOP)  # continued in the background: its terminal is the shell's
            return
        if self._writer:
            self._writer.taken_anew()
            self._enter()
        else:
            self.start_application_mode()
            self._app.post_message(self.SignalResume())
        self._tell_size()
        # The terminal shows nothing of it. One of another size is drawn on once all is laid out for that.
        if self._app.screen.outer_size == Size(*self._window_size()):
            self._app.refresh(layout=True)

    def _is_in_foreground(self) -> bool:
        try:
            return os.tcgetpgrp(self._input) == os.getpgrp()
        except OSError:
            return True  # there is no terminal any more, as the reading thread will find

    # reading

    def _readable(self) -> None:
        try:
            self._take(self._read_some())
        except Exception as error:  # a defect: without its keys the program would be deaf
            self._loop.call_soon(self._app._handle_exception, error)

    def _take(self, data: bytes | None) -> None:
        """Act on what the terminal sent; None: it sent nothing until the parser's deadline."""
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None
        parser = self._parser
        if parser is None:
            return
        try:
            if data is None:
                came = parser.tick(monotonic())
            else:
                came = parser.feed(data, monotonic()) if data else parser.close()
        except Exception:  # a defect, which one sequence should not end the program by
            _log.exception("what the terminal sent could not be read")
            came, self._parser = (), InputParser()
        for message in came:
            self.process_message(message)
        self._hand_over()
        if data == b"":
            self._stop_reading()
            self._owner.terminal_gone()
        elif self._parser and (deadline := self._parser.deadline) is not None:
            self._deadline = self._loop.call_at(deadline, self._take, None)

    def _stop_reading(self) -> None:
        self._parser = None
        self._loop.remove_reader(self._input)
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _tell(self) -> None:
        """What came is handed over when all of a piece was read."""

    def process_message(self, message: Message) -> None:
        """Take each message that the terminal sent."""
        if isinstance(message, TerminalSupportsSynchronizedOutput | QuestionAnswered) and self._writer:
            self._writer.answered()
            if self._is_synchronized:
                return  # the answer behind a frame
        if isinstance(message, QuestionAnswered):
            return
        if isinstance(message, TerminalSupportsSynchronizedOutput):
            self._is_synchronized = True
        if isinstance(message, WantedModeOff):
            self._set_modes.add(message.mode)
            self.write(f"\x1b[?{message.mode}h")
            if message.mode == modes.JOINED_CLUSTERS:
                super().process_message(ClustersJoined())
        else:
            super().process_message(message)

    def _read_some(self) -> bytes:
        """What the terminal sent; nothing where it has gone."""
        try:
            data = os.read(self._input, READ_AT_ONCE)
        except OSError:
            return b""
        before, self._typed_before = self._typed_before, max(0, self._typed_before - len(data))
        return data[:before].replace(b"\n", b"\r") + data[before:] if before else data

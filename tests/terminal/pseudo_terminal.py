"""The program in a pseudo-terminal: what it writes, what a terminal makes of it, its keys.

    with Terminal(environment) as terminal:
        terminal.sees("Message Acme")
        terminal.type("Hello\\r")

Nothing sleeps: `sees` and `until` read what the program writes until a condition holds.
"""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

import pyte

from forks import Process, start

LIMIT = 60.0  # s; only a wrong program reaches it
PROGRAM = str(Path(sys.executable).with_name("userdesk"))
# A session leader has to take the terminal as its own, or no resize and no hang-up reaches it.
_TAKE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
# What the emulator would print as text: strings (DCS, APC, OSC, PM), private CSI, mode queries.
_FOREIGN = re.compile(
    rb"\x1b[P_^X\]][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[<=>][0-9;:]*[ -/]*[@-~]|\x1b\[\?[0-9;]*\$p"
)
_PARTIAL = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[P_^X\]][^\x07\x1b]*\x1b?)?$")
# A frame is drawn at once, as by the terminals that say they can: half of one is never looked at.
_ASKS_FOR_WHOLE_FRAMES, _WHOLE_FRAMES = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
_BEGINS, _ENDS = b"\x1b[?2026h", b"\x1b[?2026l"


def waits_until(condition: Callable[[], object], what: str, within: float = LIMIT) -> None:
    """Wait without reading what the program writes. Raises AssertionError."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"waited {within:g} s for {what}"
        time.sleep(0.02)


class Terminal:
    """One run of the program; a context manager that leaves no process behind."""

    def __init__(
        self,
        environment: Mapping[str, str],
        arguments: Sequence[str] = (),
        *,
        columns: int = 120,
        rows: int = 36,
        is_installed: bool = False,
        defect: str = "",
        under: Sequence[str] = (),
        instead: Sequence[str] = (),
        descriptors: Sequence[int] = (),
    ) -> None:
        """The program is a fork, which starts sooner, unless the installed one is asked for (`is_installed`),
        or a command that runs it by the whole path of its file (`under`). `defect` is Python that changes
        a fork. `instead` is a whole command that is run instead, which inherits `descriptors`.
        """
        self.screen = pyte.Screen(columns, rows)
        self._rows: dict[int, str] = {}
        self.written = bytearray()
        """Every byte that the program wrote."""
        self.answers = True
        """Whether the terminal answers questions."""
        self.rate = 0
        """Bytes a second that the line to the terminal carries; 0 where it carries any."""
        self._credit, self._credited_at = 0.0, 0.0
        self._parser = pyte.ByteStream(self.screen)
        self._rest = b""
        self._questions = 0
        self._sends = False
        self._ours, theirs = os.openpty()
        self.resize(columns, rows, tell=False)
        try:
            if is_installed or under or instead:
                self.process: Process | subprocess.Popen[bytes] = subprocess.Popen(
                    [sys.executable, "-ISc", _TAKE_TERMINAL, *(instead or (*under, PROGRAM, *arguments))],
                    stdin=theirs,
                    stdout=theirs,
                    stderr=theirs,
                    env=dict(environment),
                    start_new_session=True,
                    pass_fds=descriptors,
                )
            else:
                self.process = start(
                    environment,
                    *arguments,
                    stdin=theirs,
                    stdout=theirs,
                    stderr=theirs,
                    has_terminal=True,
                    defect=defect,
                )
        finally:
            os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._ours >= 0:
            os.close(self._ours)

    # what is seen

    def frames(self) -> Iterator[list[str]]:
        """The rows of the screen as they were after each frame, from the first on."""
        screen = pyte.Screen(self.screen.columns, self.screen.lines)
        emulator = pyte.ByteStream(screen)
        for frame in bytes(self.written).split(_ENDS):
            emulator.feed(_FOREIGN.sub(b"", frame))
            yield list(screen.display)

    @property
    def lines(self) -> list[str]:
        """The screen, row by row."""
        # Not pyte's own `display`: it fails on half a wide character, which a frame in the making may hold.
        cells, columns = self.screen.buffer, range(self.screen.columns)
        changed = {each for y in self.screen.dirty for each in (y - 1, y)}  # a mark may join the row before
        self.screen.dirty.clear()
        for y in changed & {*range(self.screen.lines)}:
            self._rows[y] = "".join(cells[y][x].data for x in columns).rstrip()
        return [self._rows[y] for y in range(self.screen.lines)]

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(self.lines)

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Read what the program writes until a condition holds. Raises AssertionError after LIMIT."""
        deadline = time.monotonic() + LIMIT
        while not condition():
            left = deadline - time.monotonic()
            assert left > 0, f"waited {LIMIT:g} s for {what}; the screen:\n{self.text}"
            if not self._read(min(left, 0.05)) and self.process.poll() is not None:
                assert condition(), f"the program ended before {what}; the screen:\n{self.text}"

    def sees(self, *words: str) -> None:
        """Wait until all of these words stand on the screen."""
        self.until(lambda: all(word in self.text for word in words), repr(words))

    def misses(self, *words: str) -> None:
        """Wait until none of these words stands on the screen."""
        self.until(lambda: not any(word in self.text for word in words), f"the end of {words!r}")

    def reads_all(self) -> None:
        """Read what the program has written so far, once it writes no more."""
        while self._read(0.05):
            pass

    # what is done

    def type(self, keys: str) -> None:
        """Press keys, as the bytes that a terminal sends for them."""
        self.send(keys.encode())

    def send(self, *steps: bytes | float) -> None:
        """Send any bytes, with pauses in seconds between them, as a slow line makes them."""
        self._sends = True
        for step in steps:
            if isinstance(step, bytes):
                os.write(self._ours, step)
                continue
            end = time.monotonic() + step
            while (left := end - time.monotonic()) > 0:
                self._read(left)
        self._sends = False
        self._answer()

    def _answer(self) -> None:
        """Answer what was asked, but never within something that is being sent."""
        if self.answers and not self._sends:
            os.write(self._ours, _WHOLE_FRAMES * self._questions)
            self._questions = 0

    def resize(self, columns: int, rows: int, *, tell: bool = True) -> None:
        """Make the terminal's window another size."""
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if tell:
            self.screen.resize(rows, columns)

    def ends(self) -> int:
        """Wait for the program's end; its exit status, negative for a signal."""
        self.until(lambda: self.process.poll() is not None, "its end")
        self.reads_all()
        return int(self.process.returncode)

    def kill(self) -> None:
        """End the program as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def hang_up(self) -> None:
        """Close the terminal's window."""
        os.close(self._ours)
        self._ours = -1

    def _carries(self) -> bool:
        """Whether a slow line has room for a byte by now; it makes up for nothing that it missed."""
        now = time.monotonic()
        self._credit = min(self.rate / 20, max(0.0, self._credit) + self.rate * (now - self._credited_at))
        self._credited_at = now
        return self._credit >= 1

    def _read(self, timeout: float) -> bool:
        if not select.select([self._ours], [], [], timeout)[0]:
            return False
        if self.rate and not self._carries():
            time.sleep(0.005)
            return True
        try:
            data = os.read(self._ours, int(self._credit) if self.rate else 65_536)
            self._credit -= len(data)
        except OSError:  # Linux says so where nobody holds the other end any more
            return False
        self.written += data
        data = self._rest + data
        self._questions += data.count(_ASKS_FOR_WHOLE_FRAMES)
        self._answer()
        cut = _PARTIAL.search(data)
        end = cut.start() if cut else len(data)
        if (begins := data.rfind(_BEGINS, 0, end)) > data.rfind(_ENDS, 0, end):
            end = begins
        data, self._rest = data[:end], data[end:]
        self._parser.feed(_FOREIGN.sub(b"", data))
        return bool(data or self._rest)


MODES_OFF = {
    "the alternate screen": b"\x1b[?1049l",
    "mouse reports": b"\x1b[?1000l",
    "mouse drag reports": b"\x1b[?1002l",
    "mouse reports as SGR": b"\x1b[?1006l",
    "bracketed paste": b"\x1b[?2004l",
}
CURSOR_SHOWN = b"\x1b[?25h"


def left_on(written: bytes) -> list[str]:
    """The modes that a program turned on and did not turn off after that."""
    left = [
        name
        for name, off in MODES_OFF.items()
        if written.rfind(off) < written.rfind(off[:-1] + b"h") or off not in written
    ]
    return left if written.rfind(CURSOR_SHOWN) > written.rfind(b"\x1b[?25l") else [*left, "a hidden cursor"]

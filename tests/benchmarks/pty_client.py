"""A program in a pseudo-terminal: its output stamped as it is read, its processor time and memory."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import threading
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

ROWS, COLUMNS = 36, 120
TICKS = os.sysconf("SC_CLK_TCK")
SEQUENCES = re.compile(rb"\x1b\[[0-9;?<>=:]*[$ ]?[a-zA-Z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>()][B0]?")
BLINK = 3500  # bytes a second that a blinking cursor may write
OVERLAP = 500  # bytes
ASKS, ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"  # whether it knows synchronized output
_UNKNOWN = re.compile(
    rb"\x1b[P_^X\]][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[<=>][0-9;:]*[ -/]*[@-~]|\x1b\[\?[0-9;]*\$p"
)
"""What the emulator would print as text."""
LOOKED_FOR = 60  # words that may appear in one frame
LIMIT = 60.0  # s; only a wrong program reaches it


class Client:
    """Starts a program; `seconds` are those of the monotonic clock."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str], *, answers: bool = True) -> None:
        """`answers`: whether the terminal answers questions."""
        self._answers = answers
        self._seen = bytearray()
        self._reads: list[tuple[float, int]] = []
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._parser = pyte.ByteStream(self._screen)
        self._looked_at = self._parsed = 0  # reads and bytes that the emulator had
        self._changed = threading.Condition()
        self.rate = 0
        """Bytes a second that the line to the terminal carries; 0 where it carries any."""
        self.started = time.monotonic()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execve(argv[0], list(argv), dict(environment))
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._ended = True
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self._reader.join()  # it would read what the next program writes, if that got the same descriptor
        os.close(self._fd)

    def _read(self) -> None:
        while not self._ended:
            if not select.select([self._fd], [], [], 0.2)[0]:
                continue
            try:
                data = self._read_slowly() if self.rate else os.read(self._fd, 65536)
            except OSError:
                return
            asked = (self._seen[1 - len(ASKS) :] + data).count(ASKS)
            if asked and self._answers:
                os.write(self._fd, ANSWER * asked)
            with self._changed:
                self._seen += data
                self._reads.append((time.monotonic(), len(self._seen)))
                self._changed.notify_all()

    def _read_slowly(self) -> bytes:
        """As much as a slow line carries in a hundredth of a second."""
        time.sleep(0.01)
        room, data = self.rate // 100, b""
        while len(data) < room and select.select([self._fd], [], [], 0)[0]:
            data += os.read(self._fd, room - len(data))
        return data

    # keys and output

    def type(self, keys: str) -> float:
        """Send keys; when."""
        at = time.monotonic()
        os.write(self._fd, keys.encode())
        return at

    @property
    def mark(self) -> int:
        """The number of bytes read so far."""
        with self._changed:
            return len(self._seen)

    def wait_for(self, words: str, since: int = 0) -> float:
        """When the words were there among the bytes read since a mark. Raises TimeoutError."""
        deadline, wanted = time.monotonic() + LIMIT, words.encode()
        with self._changed:
            read = bisect_right(self._reads, since, key=lambda each: each[1])
            before = since
            while True:
                for stamp, size in self._reads[read:]:
                    read += 1
                    # What a read brought, and a little before it: words may be cut by its begin.
                    fresh = self._seen[max(since, before - OVERLAP) : size] if size > since else b""
                    before = size
                    if wanted in SEQUENCES.sub(b"", fresh):
                        return stamp
                if not self._changed.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"no {words!r} within {LIMIT:g} s: {self._seen[-400:]!r}")

    def shown(self, words: str, since: int = 0) -> float:
        """When the words first stood on the screen, or were read in one piece. Raises TimeoutError.

        A program that sends only the cells that changed may never send them in one; of one that does not draw
        the emulator breaks them at the edge.
        """
        deadline, wanted = time.monotonic() + LIMIT, words.encode()
        while True:
            for stamp, size, text in self._frames():
                fresh = self._seen[max(since, size - 65_536 - OVERLAP) : size]
                if size > since and (words in text or wanted in SEQUENCES.sub(b"", fresh)):
                    return stamp
            with self._changed:
                is_news = self._changed.wait_for(
                    lambda: len(self._reads) > self._looked_at, deadline - time.monotonic()
                )
                if not is_news:
                    raise TimeoutError(f"no {words!r} within {LIMIT:g} s")

    def first_shown(self, words: Iterable[str], since: int) -> dict[str, float]:
        """When each of some words, in the order of the text, first stood on the screen."""
        missing, found = list(words), dict[str, float]()
        for stamp, size, text in self._frames():
            if size > since:
                for word in [word for word in missing[:LOOKED_FOR] if word in text]:
                    found[word] = stamp
                    missing.remove(word)
        return found

    def _frames(self) -> Iterator[tuple[float, int, str]]:
        """After each read that was not looked at before: its stamp, bytes so far, the screen."""
        with self._changed:
            reads = self._reads[self._looked_at :]
        for stamp, size in reads:
            self._looked_at += 1
            self._parser.feed(_UNKNOWN.sub(b"", self._seen[self._parsed : size]))
            self._parsed = size
            cells, columns = self._screen.buffer, range(COLUMNS)
            yield stamp, size, "\n".join("".join(cells[y][x].data for x in columns) for y in range(ROWS))

    def wait_until_quiet(self, quiet: float = 0.5) -> None:
        """Wait until next to nothing was written for so many seconds; a cursor may blink."""
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            time.sleep(quiet / 4)
            with self._changed:
                before = time.monotonic() - quiet
                recent = [size for stamp, size in self._reads if stamp >= before]
                earlier = max((size for stamp, size in self._reads if stamp < before), default=0)
            if before >= self.started and (not recent or recent[-1] - earlier < BLINK * quiet):
                return
        raise TimeoutError(f"still writing after {LIMIT:g} s")

    # what it cost

    @property
    def cpu(self) -> float:
        """Processor seconds so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def memory(self) -> float:
        """Resident memory in MB."""
        return self._status("VmRSS")

    @property
    def peak_memory(self) -> float:
        """The most resident memory so far in MB."""
        return self._status("VmHWM")

    def _status(self, name: str) -> float:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))

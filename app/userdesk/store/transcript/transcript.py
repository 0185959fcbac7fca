"""A transcript: an append-only file of messages, read line by line as they are asked for."""

import os
import threading
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from userdesk.domain.conversation import Conversation
from userdesk.domain.message import LONGEST_ANSWER, Message
from userdesk.domain.timestamps import moment_at
from userdesk.files.atomic import append_line
from userdesk.files.reading import open_to_read, read_at
from userdesk.store.problems import Problem, reason, saving
from userdesk.store.transcript.line_scan import scan_lines
from userdesk.store.transcript.lines import NOT_THERE, decode, encode, unreadable
from userdesk.store.transcript.long_line import shortened

LONGEST_LINE = 32 * 1024 * 1024
"""Bytes of the longest line that is parsed; a longer one shows as unreadable and stays in the file."""
_READ_TOGETHER = 256 * 1024  # bytes, where all messages are gone through
LONG = 4 * 1024 * 1024
"""Bytes from which on lines are better found in a thread: some 3 ms."""
_END = 256 * 1024  # bytes, some screens of text; their lines are found in less than a millisecond
_KEPT_MESSAGES = 64
_KEPT_BYTES = 4 * 1024 * 1024


class Transcript:
    """The messages of one conversation, for any thread; a write never holds up a reader."""

    def __init__(
        self,
        path: Path,
        trashed: Path | None = None,
        *,
        tell: Callable[[Problem], None] = lambda problem: None,
        may_write: Callable[[], None] = lambda: None,
        creating: Callable[[], AbstractContextManager[object]] = nullcontext,
        durable: bool = True,
    ) -> None:
        self._path = path
        self._trashed = trashed
        self._tell = tell
        self._may_write = may_write
        self.creating = creating
        """The context that the conversation's files are made in; raises StoreError where they must not be."""
        self._durable = durable
        self._index = threading.RLock()
        self._writing = threading.Lock()
        self._read_once = False
        self._told = False
        self._tried: set[int] = set()  # hashes of lines whose writing failed: they may be in the file
        self.rereads = 0
        """How often the file was found replaced, shortened or gone: indices mean something else since."""
        self._seen: tuple[int, int, int, int] | None = None
        self._forget()

    def _forget(self) -> None:
        self.rereads += self._seen is not None
        self._seen = None
        self._starts: array[int] = array("Q")
        self._ends: array[int] = array("Q")
        self._scanned = 0  # bytes up to which every line is finished and indexed
        self._has_open_line = False  # the last indexed line has no newline yet
        self.kept: OrderedDict[int, Message] = OrderedDict()
        """Messages read last, by their number."""
        self._kept_bytes = 0
        self._was_gone = False  # a message was looked for while the file could not be read

    @property
    def path(self) -> Path:
        """The file: in the trash while its conversation is there, so that what comes late comes along."""
        if self._trashed and not os.path.exists(self._path) and os.path.exists(self._trashed):
            return self._trashed
        return self._path

    def append(
        self,
        message: Message,
        turn_id: str | None = None,
        *,
        entry: Conversation | None = None,
        is_new: bool = False,
    ) -> int:
        """Append a message durably, once however often it is tried; its index. Raises StoreError.

        With `entry` the line carries what the list says of the conversation, from which a lost list is
        made again. `is_new`: the list has never had the conversation, so it cannot have been removed.
        """
        line = encode(message, turn_id, entry)
        self._may_write()
        with self._writing:
            with saving("The message", self.path):
                offset = self._append_line(line, is_new=is_new)
            with self._index:
                self.refresh()
                return bisect_left(self._starts, offset)

    def _append_line(self, line: bytes, *, is_new: bool) -> int:
        tried = hash(line)
        again = tried in self._tried
        self._tried.add(tried)
        try:
            offset = append_line(self.path, line, create=is_new, again=again, durable=self._durable)
        except FileNotFoundError:
            with self.creating():
                offset = append_line(self.path, line, again=again, durable=self._durable)
        self._tried.discard(tried)
        return offset

    @property
    def is_long(self) -> bool:
        """Whether finding its lines takes longer than a key may wait."""
        with suppress(OSError):
            return os.stat(self.path).st_size > LONG
        return False

    @property
    def is_read(self) -> bool:
        """Whether its lines were found before, so that only what came since is to be looked for."""
        return self._read_once

    def end(self) -> "Transcript":
        """Its last messages alone, numbered from the first of them: a glance while all lines are looked for.

        None where the last line is very long. Blocks on the disk.
        """
        end = Transcript(self._path, self._trashed)
        with suppress(OSError):
            end._skip_to_end()
            end.refresh()
        return end

    def _skip_to_end(self) -> None:
        """Take what lies before the last lines for read. Raises OSError."""
        descriptor = open_to_read(self.path)
        if descriptor is None:
            return
        try:
            begin = max(0, os.fstat(descriptor).st_size - _END)
            first = read_at(descriptor, _END, begin).find(b"\n") + 1
            self._scanned = begin + (first or _END) if begin else 0
        finally:
            os.close(descriptor)

    def refresh(self) -> bool:
        """Take in what was appended meanwhile, by anyone; whether anything changed."""
        with self._index:
            first, self._read_once = not self._read_once, True
            known = len(self._starts)
            try:
                descriptor = open_to_read(self.path)
                if descriptor is None:
                    self._forget()
                    return known > 0
                try:
                    return self._take_in(descriptor, first)
                finally:
                    os.close(descriptor)
            except OSError as error:
                self._forget()
                self._report(f"The transcript {self.path.name} could not be read: {reason(error)}")
                return known > 0

    def _take_in(self, descriptor: int, first: bool) -> bool:
        status = os.fstat(descriptor)
        seen = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        if seen == self._seen and not self._was_gone:
            return False
        if (
            self._seen
            and (
                self._was_gone  # what was read meanwhile says that nothing is there
                or seen[:2] != self._seen[:2]
                or status.st_size <= self._seen[2]
                or (self._scanned and read_at(descriptor, 1, self._scanned - 1) != b"\n")
            )
        ):
            self._forget()  # replaced, shortened or edited by hand: nothing known of it holds
        if self._has_open_line:
            self._starts.pop()
            self._ends.pop()
            self.kept.clear()
            self._kept_bytes = 0
        scan = scan_lines(descriptor, self._scanned)
        self._starts.extend(scan.starts)
        self._ends.extend(scan.ends)
        self._scanned, self._has_open_line, self._seen = scan.finished, scan.open_line, seen
        # A torn end found later may be a line that another process is just writing.
        if skipped := scan.unreadable + (first and scan.torn):
            lines = "One line" if skipped == 1 else f"{skipped} lines"
            self._report(
                f"{lines} of the transcript {self.path.name} can't be read and stayed unchanged", lasting=True
            )
        return True

    def _report(self, message: str, *, lasting: bool = False) -> None:
        if not self._told:
            self._told = True
            self._tell(Problem(self.path, message, lasting))

    def __len__(self) -> int:
        with self._index:
            if not self._read_once:
                self.refresh()
            return len(self._starts)

    def __iter__(self) -> Iterator[Message]:
        """All messages, and what is appended meanwhile: many are read together, none is kept."""
        index = 0
        while index < len(self):
            fallback = self._changed_at
            for line in self._lines_from(index):
                yield decode(line, fallback)
                index += 1
            try:
                yield self[index]  # one that was not read together with others
            except IndexError:
                return
            index += 1

    def _lines_from(self, first: int) -> list[bytes]:
        """The lines of messages from one on that one read brings; none where they can't be read so."""
        with self._index:
            begin = self._starts[first]
            count = bisect_right(self._ends, begin + _READ_TOGETHER, lo=first) - first
            places = [
                (self._starts[at] - begin, self._ends[at] - begin) for at in range(first, first + count)
            ]
            try:
                descriptor = open_to_read(self.path) if count else None
                if descriptor is None:
                    return []
                try:
                    data = read_at(descriptor, places[-1][1], begin)
                finally:
                    os.close(descriptor)
            except OSError:
                return []
        return [data[line:end] for line, end in places if end <= len(data)]

    def __getitem__(self, index: int) -> Message:
        """The message at an index, negative ones count from the end. Raises IndexError."""
        with self._index:
            index = self._position(index)
            if (message := self.kept.get(index)) is not None:
                self.kept.move_to_end(index)
                return message
            message = self._parse(index)
            self._keep(index, message)
            return message

    def size(self, index: int) -> int:
        """Bytes of a message's line. Raises IndexError."""
        with self._index:
            return self._size(self._position(index))

    def bytes_before(self, index: int) -> int:
        """Bytes between the first message's line and one's, to estimate heights by; all for one beyond."""
        with self._index:
            known = len(self)
            if not known:
                return 0
            return (self._starts[index] if index < known else self._ends[-1]) - self._starts[0]

    def _size(self, index: int) -> int:
        return self._ends[index] - self._starts[index]

    def tail(self, count: int) -> list[Message]:
        """The last messages, at most `count`, oldest first."""
        with self._index:
            known = len(self)
            return [self[index] for index in range(max(0, known - count), known)]

    def raw_line(self, index: int) -> bytes:
        """A message's line as it stands in the file, without its newline. Raises IndexError, OSError."""
        with self._index:
            index = self._position(index)
            descriptor = open_to_read(self.path)
            if descriptor is None:
                return b""
            try:
                return read_at(descriptor, self._size(index), self._starts[index])
            finally:
                os.close(descriptor)

    def _position(self, index: int) -> int:
        known = len(self)
        position = index + known if index < 0 else index
        if not 0 <= position < known:
            raise IndexError(f"no message {index} in a transcript of {known}")
        return position

    @property
    def _changed_at(self) -> datetime:
        """When the file was written to, for messages without a time."""
        return moment_at(self._seen[3] // 1_000_000_000 if self._seen else 0)

    def _parse(self, index: int) -> Message:
        fallback = self._changed_at
        size, why = self._size(index), NOT_THERE
        try:
            line = self._shortened(index) if size > LONGEST_ANSWER else None
            if line is None and size > LONGEST_LINE:
                message = f"This line of the transcript is too long to show ({size // 1_000_000} MB)"
                return unreadable(fallback, why=message)
            if line := line or self.raw_line(index):
                return decode(line, fallback)
        except OSError as error:
            why = f"The transcript could not be read: {reason(error)}"
        self._was_gone = True
        return unreadable(fallback, why=why)

    def _shortened(self, index: int) -> bytes | None:
        """A line of more bytes than the longest text has characters, where its text is beyond that."""
        descriptor = open_to_read(self.path)
        if descriptor is None:
            return None
        try:
            return shortened(partial(read_at, descriptor), self._starts[index], self._size(index))
        finally:
            os.close(descriptor)

    def _keep(self, index: int, message: Message) -> None:
        self.kept[index] = message
        self._kept_bytes += self._size(index)
        while len(self.kept) > _KEPT_MESSAGES or (len(self.kept) > 4 and self._kept_bytes > _KEPT_BYTES):
            self._kept_bytes -= self._size(self.kept.popitem(last=False)[0])

"""Brings the index up to date with the transcripts: what it lacks is read, what is no longer true goes.

Runs in a process of its own (`builder_process`), a segment at a time. Nothing that it does is waited for, and
a kill at any moment leaves an index that is right about what it has.
"""

import errno
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from userdesk.domain.conversation import ConversationKey
from userdesk.files.atomic import ensure_folder
from userdesk.files.reading import open_to_read, read_at
from userdesk.store.folder import DataFolder, is_safe_key
from userdesk.store.search.catalog import Catalog, check_of, remove_unfinished
from userdesk.store.search.fresh_segment import FreshSegment
from userdesk.store.search.segment import Indexed, Part, Seen, Segment
from userdesk.store.search.segment_writer import SegmentWriter
from userdesk.store.search.terms import terms_of
from userdesk.store.transcript.line_scan import Scan, scan_lines
from userdesk.store.transcript.lines import FORMAT
from userdesk.store.transcript.transcript import LONGEST_LINE

WORTHWHILE = 8 * 1024 * 1024
"""Bytes of transcripts that the index may lack: searches read them in some 30 ms."""
SEGMENT = 32 * 1024 * 1024
"""Bytes of transcripts that a segment is about, at most, but for a single longer line."""
PIECE = 4 * 1024
"""Bytes of lines that are found together, at least where there are more."""
SETTLED = 2.0
"""Seconds since its last change after which a file's time tells of the next one on any file system."""
LEFT_FREE = 512 * 1024 * 1024
"""Bytes that the index leaves free on the disk: messages need them more."""
_FEW = 4  # segments that are less than half full, after which they become fewer


class _Task(NamedTuple):
    """A transcript of which the index lacks the end, or all."""

    key: ConversationKey
    seen: Seen
    begin: int
    first_line: int
    check: int
    """Of the bytes before `begin`."""


@dataclass(slots=True)
class Progress:
    """How far the index has got."""

    total: int = 0
    """Bytes of all transcripts."""
    lacking: int = 0
    """Bytes of those that it lacks."""

    @property
    def percent(self) -> int:
        """What it has, in percent, rounded down."""
        return 100 if not self.total else int(100 * (self.total - self.lacking) / self.total)


class IndexBuilder:
    """Builds the index of one data folder. For one thread of one process at a time."""

    def __init__(
        self,
        folder: DataFolder,
        *,
        worthwhile: int = WORTHWHILE,
        segment_size: int = SEGMENT,
        settled: float = SETTLED,
    ) -> None:
        self._folder = folder
        self._worthwhile = worthwhile
        self._segment_size = segment_size
        self._settled = settled
        self._catalog = Catalog(folder.search)
        self.progress = Progress()
        """As of the last step."""

    def steps(self) -> Iterator[Progress]:
        """Do a part of the work at each step, about a second's, until nothing worthwhile is left.

        Raises OSError and StoreError where the disk refuses it.
        """
        ensure_folder(self._folder.search)
        remove_unfinished(self._folder.search)
        self._catalog.refresh()
        tasks, merged = self._plan()
        yield self.progress
        if self.progress.lacking < self._worthwhile and not merged:
            return
        while tasks:
            with FreshSegment(self._folder.search) as fresh:  # before anything is read
                writer, tasks = self._collected(tasks)
                if writer.parts:
                    self._commit(fresh, writer)
            if writer.parts:
                self.progress.lacking = max(0, self.progress.lacking - writer.size)
            yield self.progress
        for segment in merged:
            segment.path.unlink(missing_ok=True)

    # planning

    def _plan(self) -> tuple[list[_Task], list[Segment]]:
        """What is to be read, the newest first; segments that are of no more use once it is."""
        present = dict(self._present())
        dead = self._dead(present)
        for segment in dead:
            segment.path.unlink(missing_ok=True)
        self._catalog.refresh()
        small = [each for each in self._catalog.segments.values() if each.size < self._segment_size // 2]
        merged = small if len(small) > _FEW else []
        tasks, now = list[_Task](), time.time()
        self.progress = Progress(total=sum(seen.size for seen in present.values()))
        for key, seen in present.items():
            begin = first_line = check = 0
            for each in self._known(key, seen):
                if each.segment in merged:
                    break
                begin, first_line = each.part.end, each.part.first_line + each.part.lines
                check = each.part.check
            if begin < seen.size and abs(now - seen.modified / 1e9) >= self._settled:
                tasks.append(_Task(key, seen, begin, first_line, check))
            self.progress.lacking += seen.size - begin
        tasks.sort(key=lambda task: -task.seen.modified)
        return tasks, merged if tasks else []

    def _present(self) -> Iterator[tuple[ConversationKey, Seen]]:
        with suppress(FileNotFoundError), os.scandir(self._folder.transcripts) as entries:
            for entry in entries:
                name, ending = os.path.splitext(entry.name)
                if ending == ".jsonl" and is_safe_key(name):
                    with suppress(OSError):
                        yield name, Seen.of(entry.stat())

    def _known(self, key: ConversationKey, seen: Seen) -> Iterable[Indexed]:
        return self._catalog.known(key, str(self._folder.transcript(key)), seen)

    def _dead(self, present: dict[ConversationKey, Seen]) -> list[Segment]:
        """Segments with words that stand in no transcript any more, or that another one has, too."""
        dead: dict[str, Segment] = {}
        for key, places in self._catalog.parts.items():
            if not is_safe_key(key):  # nothing of ours
                dead.update((segment.path.name, segment) for segment, _ in places)
                continue
            path, seen = self._folder.transcript(key), present.get(key)
            if seen is None:  # deleted ones come back as they were
                path = self._folder.trashed_transcript(key)
                with suppress(OSError):
                    seen = Seen.of(path.stat())
            known = self._catalog.known(key, str(path), seen) if seen else ()
            parts = [each for each in self._catalog.parts_of(key) if each not in known]
            dead.update((each.segment.path.name, each.segment) for each in parts)
        return list(dead.values())

    # reading

    def _collected(self, tasks: list[_Task]) -> tuple[SegmentWriter, list[_Task]]:
        """As many of the first tasks as a segment takes, and the tasks that are left."""
        writer = SegmentWriter()
        for number, task in enumerate(tasks):
            rest = None
            with suppress(OSError):
                rest = self._read(writer, task)
            if rest is not None or writer.size >= self._segment_size or writer.is_full:
                return writer, [*([rest] if rest else []), *tasks[number + 1 :]]
        return writer, []

    def _read(self, writer: SegmentWriter, task: _Task) -> _Task | None:
        """Add a transcript to a segment; what is left of it where the segment is full. Raises OSError.

        One that is being written or was changed since is left for the next time.
        """
        descriptor = open_to_read(self._folder.transcript(task.key))
        if descriptor is None:
            return None
        before, part, left = writer.pieces, None, None
        try:
            if Seen.of(os.fstat(descriptor)) == task.seen:
                part, left = self._add_pieces(writer, task, descriptor)
                if Seen.of(os.fstat(descriptor)) != task.seen:
                    part = None
        finally:
            os.close(descriptor)
            if part is None:
                writer.take_back(before)
        if part is None:
            return None
        writer.add_part(part)
        return left

    def _add_pieces(
        self, writer: SegmentWriter, task: _Task, descriptor: int
    ) -> tuple[Part | None, _Task | None]:
        scan = scan_lines(descriptor, task.begin)
        count = len(scan.starts) - scan.open_line
        room = scan.finished - task.begin
        if room > self._segment_size // 4:  # else all of it: a conversation in two parts costs more
            room = max(1, self._segment_size - writer.size)
        before, line = writer.pieces, 0
        while line < count and not writer.is_full:
            after = _after_piece(scan, line, count)
            if line and scan.ends[after - 1] - task.begin > room:
                break
            terms = _terms(descriptor, scan, line, after)
            writer.add_piece((scan.starts[at] - task.begin for at in range(line, after)), terms)
            line = after
        end = scan.finished if line == count else scan.starts[line]
        if end == task.begin:
            return None, None
        check, added = check_of(descriptor, task.begin, end, task.check), writer.pieces - before
        part = Part(task.key, task.seen, task.begin, end, task.first_line, line, added, check)
        if line == count:
            return part, None
        return part, task._replace(begin=end, first_line=task.first_line + line, check=check)

    # writing

    def _commit(self, fresh: FreshSegment, writer: SegmentWriter) -> None:
        """Have a segment be part of the index, unless something was removed for good meanwhile."""
        data = writer.whole()
        if shutil.disk_usage(self._folder.search).free < LEFT_FREE + len(data):
            raise OSError(errno.ENOSPC, "what is free on the disk is left for messages")
        fresh.write(data)
        with self._folder.exclusive():  # what removes conversations for good holds it, too
            fresh.publish()


def _after_piece(scan: Scan, first: int, count: int) -> int:
    """The number of the line behind a piece that begins with a line."""
    after = first + 1
    while after < count and scan.ends[after] - scan.starts[first] <= PIECE:
        after += 1
    return after


def _terms(descriptor: int, scan: Scan, first: int, after: int) -> Iterable[bytes]:
    begin, end = scan.starts[first], scan.ends[after - 1]
    if end - begin > LONGEST_LINE:  # a single line, which is not looked through either
        return ()
    data = read_at(descriptor, end - begin, begin)
    lines = (data[scan.starts[at] - begin : scan.ends[at] - begin] for at in range(first, after))
    return terms_of("\n".join(FORMAT.text(line) or "" for line in lines))

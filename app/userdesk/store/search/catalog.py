"""Which lines of which transcripts the index knows, told from its segments: nothing else is kept of it."""

import logging
import os
import zlib
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from userdesk.domain.conversation import ConversationKey
from userdesk.files.atomic import TEMPORARY
from userdesk.files.reading import open_to_read, read_at
from userdesk.store.search.segment import ENDING, BrokenSegment, Indexed, Seen, Segment, SegmentTrouble

NEW = ".new"
"""How the names of segments end that are not in the index yet."""
_BLOCK = 1024 * 1024  # bytes

_log = logging.getLogger("userdesk.store")


class Catalog:
    """The segments in a folder, and by key the parts of transcripts that they have. For one thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.segments: dict[str, Segment] = {}
        """By file name."""
        self.parts: dict[ConversationKey, list[tuple[Segment, int]]] = {}
        """By key in which segments its parts are, and as which of their parts; in no order."""
        self._compared: dict[
            ConversationKey, tuple[Seen, int]
        ] = {}  # files that have grown: how many parts hold

    def refresh(self) -> None:
        """Take in what other processes wrote and removed meanwhile. Blocks on the disk, never raises."""
        names = set(segment_names(self.folder))
        for name in self.segments.keys() - names:
            self._drop(name)
        for name in sorted(names - self.segments.keys()):
            self.load(name)

    def load(self, name: str) -> None:
        """Take in one segment, if it can be."""
        try:
            segment = Segment(self.folder / name)
        except SegmentTrouble as error:
            self.forget(error)
            return
        self.segments[name] = segment
        self._compared.clear()
        for number, key in enumerate(segment.keys):
            self.parts.setdefault(key, []).append((segment, number))

    def forget(self, why: SegmentTrouble) -> None:
        """Go without a segment; a broken one is thrown away, and what it was about is indexed anew."""
        self._drop(why.name)
        if isinstance(why, BrokenSegment):
            _log.warning("the search index goes without %s", why)
            with suppress(OSError):
                (self.folder / why.name).unlink()

    def _drop(self, name: str) -> None:
        if (segment := self.segments.pop(name, None)) is not None:
            self._compared.clear()
            for key in set(segment.keys):
                self.parts[key] = [each for each in self.parts[key] if each[0] is not segment]
                if not self.parts[key]:
                    del self.parts[key]

    def parts_of(self, key: ConversationKey) -> list[Indexed]:
        """All that the index has of a transcript, true or not, in no order."""
        return [segment.at(number) for segment, number in self.parts.get(key, ())]

    def known(self, key: ConversationKey, path: str, seen: Seen) -> Sequence[Indexed]:
        """The parts that hold the beginning of a transcript as it is now, in order; none where nothing does.

        What was only appended to is known up to where it ended before: what stands there is compared.
        """
        parts = self.parts_of(key)
        if len(parts) == 1 and parts[0].part.seen == seen and not parts[0].part.begin:
            return parts
        chain = _chain(parts, seen)
        for count in range(len(chain), 0, -1):
            if chain[count - 1].part.seen == seen:
                return chain[:count]
        if (before := self._compared.get(key)) is None or before[0] != seen:
            before = self._compared[key] = seen, _holding_still(chain, path, seen)
        return chain[: before[1]]


def _chain(parts: Iterable[Indexed], seen: Seen) -> list[Indexed]:
    """Of the parts of a file those that follow one another from its beginning on, the longest ones."""
    chain: list[Indexed] = []
    end = 0
    of_file = [each for each in parts if each.part.seen.inode == seen.inode]
    while following := [each for each in of_file if each.part.begin == end and each.part.end > end]:
        chain.append(max(following, key=lambda each: (each.part.end, each.part.seen)))
        end = chain[-1].part.end
    return chain


def _holding_still(chain: Sequence[Indexed], path: str, now: Seen) -> int:
    """How many of the parts of a file, from its beginning on, stand in it as they did: all of it is read."""
    count, check, at = 0, 0, 0
    with suppress(OSError):
        if chain and (descriptor := open_to_read(Path(path))) is not None:
            try:
                for part in (each.part for each in chain):
                    before = part.seen
                    # Only appended to since, or it went somewhere else and came back.
                    if now.size < before.size or (
                        now.size == before.size and now.modified != before.modified
                    ):
                        break
                    check, at = check_of(descriptor, at, part.end, check), part.end
                    if check != part.check:
                        break
                    count += 1
            finally:
                os.close(descriptor)
    return count


def check_of(descriptor: int, begin: int, end: int, before: int = 0) -> int:
    """A checksum of a file up to an offset, where that up to its `begin` is known. Raises OSError."""
    for at in range(begin, end, _BLOCK):
        before = zlib.crc32(read_at(descriptor, min(_BLOCK, end - at), at), before)
    return before


def segment_names(folder: Path) -> list[str]:
    """The names of the segments in a folder; none where there is none, or a link in its place."""
    with suppress(OSError):
        if not folder.is_symlink():
            return [name for name in os.listdir(folder) if name.endswith(ENDING) and name[0] != "."]
    return []


def remove_with(folder: Path, keys: Collection[ConversationKey]) -> None:
    """Remove everything from the index that holds words of some conversations. Raises OSError."""
    for name in segment_names(folder):
        path = folder / name
        try:
            concerned = not set(keys).isdisjoint(Segment(path).keys)
        except SegmentTrouble:
            concerned = True
        if concerned:
            path.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Remove what another process is writing, or was when it was killed. Raises OSError."""
    if folder.is_symlink():
        return
    with suppress(FileNotFoundError, NotADirectoryError):
        for path in list(folder.iterdir()):
            if path.name.endswith((NEW, TEMPORARY)):
                path.unlink(missing_ok=True)

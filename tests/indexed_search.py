"""Builds the search index of a data folder in a test's process, and searches with it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from userdesk.domain.conversation import ConversationKey
from userdesk.store.folder import DataFolder
from userdesk.store.search.building import SEGMENT, IndexBuilder
from userdesk.store.search.query import SearchQuery
from userdesk.store.search.search import Finding, MessageSearch


def build(data_dir: Path, *, segment_size: int = SEGMENT) -> int:
    """Take in everything that there is, however little and fresh; how much is in the index, in percent."""
    builder = IndexBuilder(DataFolder(data_dir), worthwhile=0, segment_size=segment_size, settled=0)
    percent = 0
    for progress in builder.steps():
        percent = progress.percent
    return percent


def segments(data_dir: Path) -> list[Path]:
    """The files of the index."""
    return sorted((data_dir / "search").glob("*"))


def found(data_dir: Path, typed: str, *keys: str) -> list[tuple[str, int, str]]:
    """Where somebody finds what they type, and the line that shows it."""
    return places(MessageSearch(data_dir), typed, *keys)


def places(engine: MessageSearch, typed: str, *keys: str) -> list[tuple[str, int, str]]:
    """What an engine finds: key, message and line."""
    return [
        (finding.key, passage.index, passage.line)
        for slice_ in engine.find(SearchQuery(typed), keys)
        for finding in slice_
        for passage in finding.passages
    ]


def holding(engine: MessageSearch, typed: str, *keys: str) -> list[str]:
    """Those of some conversations that hold what is looked for."""
    query = SearchQuery(typed)
    return [key for key in keys if engine.holds(query, key)]


class IndexedSearch(MessageSearch):
    """A search for which the index has everything that was ever written."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self._data_dir = data_dir

    def find(self, query: SearchQuery, keys: Iterable[ConversationKey]) -> Iterator[list[Finding]]:
        """As without an index."""
        build(self._data_dir)
        return super().find(query, keys)

"""What is removed for good goes from the search index, too."""

import threading
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from indexed_search import build, found, places, segments
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message
from userdesk.files.reading import open_to_read
from userdesk.store.folder import DataFolder
from userdesk.store.prompt_history import PromptHistory
from userdesk.store.search import building
from userdesk.store.search.building import IndexBuilder
from userdesk.store.search.search import MessageSearch
from userdesk.store.search.segment_writer import SegmentWriter
from userdesk.store.search.terms import terms_of
from userdesk.store.store import Store


@pytest.fixture
def saved(store: Store, user: Callable[..., Message], conversation: Callable[..., Conversation]) -> Store:
    for key, text in (("k1", "the zanzibar secret"), ("k2", "what everybody knows")):
        store.add(conversation(key))
        store.transcript(key).append(user(text))
    return store


def words(data_dir: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (data_dir / "search").glob("**/*") if path.is_file())


@pytest.mark.parametrize("way", ["erased", "from the trash", "everything"])
def test_nothing_is_left_of_what_is_removed_for_good(data_dir: Path, saved: Store, way: str) -> None:
    from userdesk.store.purging import purge_everything

    build(data_dir)
    (data_dir / "search" / "half.new").write_bytes(b"zanzibar")
    (data_dir / "search" / ".half.new.00.tmp").write_bytes(b"zanzibar")
    assert b"zanzibar" in words(data_dir)
    if way == "erased":
        saved.erase(["k1"])
    elif way == "from the trash":
        saved.delete("k1")
        assert b"zanzibar" in words(data_dir), "it can be restored"
        saved.trash.empty()
    else:
        purge_everything(saved)
    assert b"zanzibar" not in words(data_dir) and b"k1" not in words(data_dir)
    if way != "everything":
        assert found(data_dir, "everybody", "k1", "k2") == [("k2", 0, "what everybody knows")]
        assert build(data_dir) == 100
        assert found(data_dir, "everybody", "k1", "k2") == [("k2", 0, "what everybody knows")]


def test_what_is_removed_while_it_is_indexed_stays_out(
    data_dir: Path, saved: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = SegmentWriter.whole

    def removed_meanwhile(writer: SegmentWriter) -> bytes:
        data = whole(writer)
        saved.erase(["k1"])
        return data

    monkeypatch.setattr(SegmentWriter, "whole", removed_meanwhile)
    build(data_dir)
    assert not segments(data_dir)


@pytest.mark.parametrize("moment", ["before it is read", "while it is read", "before it is written"])
def test_what_was_read_of_it_is_not_written_afterwards(
    data_dir: Path, saved: Store, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """A build that is killed before it takes the lock must leave nothing either."""
    seen = list[bytes]()

    class Watched(DataFolder):
        def exclusive(self) -> AbstractContextManager[None]:
            seen.append(words(data_dir))
            return super().exclusive()

    def erased_first(call: Callable[..., Any]) -> Callable[..., Any]:
        def act(*args: object) -> object:
            result = call(*args)
            saved.erase(["k1"])
            return result

        return act

    if moment == "before it is read":
        # Its segments are gone by then, its transcript is not.
        monkeypatch.setattr(building, "open_to_read", erased_first(open_to_read))
    elif moment == "while it is read":
        monkeypatch.setattr(building, "terms_of", erased_first(terms_of))
    else:
        monkeypatch.setattr(SegmentWriter, "whole", erased_first(SegmentWriter.whole))
    for _ in IndexBuilder(Watched(data_dir), worthwhile=0, settled=0).steps():
        pass
    assert seen and not [data for data in seen if b"zanzibar" in data]
    assert b"zanzibar" not in words(data_dir)


def test_what_is_read_while_it_goes_stays_out(
    data_dir: Path, saved: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build may begin when the index has nothing of it any more, and its transcript is still there."""
    written, forget = threading.Event(), saved.history.forget

    class Watched(DataFolder):
        def exclusive(self) -> AbstractContextManager[None]:
            written.set()
            return super().exclusive()

    def steps() -> None:
        for _ in IndexBuilder(Watched(data_dir), worthwhile=0, settled=0).steps():
            pass

    builder = threading.Thread(target=steps)

    def built_meanwhile(said: Collection[str]) -> None:
        builder.start()
        assert written.wait(10) and b"zanzibar" in words(data_dir)
        forget(said)

    monkeypatch.setattr(PromptHistory, "forget", lambda _, said: built_meanwhile(said))
    trash = Store(data_dir, durable=False)
    trash.open()
    trash.erase(["k1"])
    builder.join()
    assert b"zanzibar" not in words(data_dir)


def test_a_transcript_removed_by_hand_goes_from_the_index(data_dir: Path, write: Callable[..., Path]) -> None:
    write("k1", "zanzibar").unlink()
    path = write("k1", "zanzibar")
    write("k2", "apple")
    build(data_dir)
    path.unlink()
    assert not found(data_dir, "zanzibar", "k1", "k2")
    build(data_dir)
    assert b"zanzibar" not in words(data_dir) and b"apple" in words(data_dir)


def test_a_deleted_conversation_comes_back_as_it_was(data_dir: Path, saved: Store) -> None:
    build(data_dir)
    engine = MessageSearch(data_dir)
    saved.delete("k1")
    assert not places(engine, "zanzibar", "k1")
    build(data_dir)
    saved.restore("k1")
    assert places(engine, "zanzibar", "k1") == [("k1", 0, "the zanzibar secret")]

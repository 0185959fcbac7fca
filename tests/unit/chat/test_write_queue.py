"""What waits for the disk keeps its order where order matters, and holds up nothing else."""

import asyncio
import threading
from functools import partial
from pathlib import Path

import pytest

from userdesk.chat.write_queue import WriteQueue
from userdesk.domain.message import Message, Role, now
from userdesk.store import Store, StoreError


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store(tmp_path / "data")
    assert opened.open() == []
    return opened


def said(store: Store, key: str, text: str) -> partial[int]:
    return partial(store.transcript(key).append, Message(role=Role.USER, text=text, at=now()))


def texts(store: Store, key: str) -> list[str]:
    return [message.text for message in store.transcript(key)]


async def test_a_file_that_takes_nothing_holds_up_nothing_else(store: Store) -> None:
    troubles: list[str] = []
    written = asyncio.Event()
    write_queue = WriteQueue()
    write_queue.on_trouble = troubles.append
    write_queue.on_written = written.set
    blocked = store.folder.path / "transcripts" / "bad.jsonl"
    blocked.mkdir()
    assert "there is a folder where a file should be" in str(
        await write_queue.write(said(store, "bad", "1"), "bad")
    )
    assert await write_queue.write(said(store, "bad", "2"), "bad") is None
    assert await write_queue.write(said(store, "good", "1"), "good") is None
    assert await write_queue.write(partial(store.drafts.set, "bad", "old"), "bad", "draft bad") is None
    assert await write_queue.write(partial(store.drafts.set, "bad", "new"), "bad", "draft bad") is None
    assert (texts(store, "good"), len(write_queue), len(troubles)) == (["1"], 3, 1)
    assert store.drafts.get("bad") == ""  # what waits is written in its order
    assert await write_queue.flush() is False and len(write_queue) == 3
    blocked.rmdir()
    await asyncio.wait_for(written.wait(), 10)
    assert (texts(store, "bad"), store.drafts.get("bad"), len(write_queue)) == (["1", "2"], "new", 0)


async def test_what_is_removed_for_good_is_not_written_when_the_disk_is_back(store: Store) -> None:
    write_queue = WriteQueue()
    blocked = store.folder.path / "transcripts" / "gone.jsonl"
    blocked.mkdir()
    assert await write_queue.write(said(store, "gone", "a secret"), "gone")
    assert await write_queue.write(partial(store.drafts.set, "gone", "half of one"), "gone", "draft") is None
    assert await write_queue.erase(lambda: 1, ["gone"]) == 1
    blocked.rmdir()
    assert await write_queue.flush()
    assert (texts(store, "gone"), store.drafts.get("gone")) == ([], "")


async def test_what_could_not_be_removed_still_waits(store: Store) -> None:
    def remove() -> int:
        raise StoreError("no permission")

    write_queue = WriteQueue()
    blocked = store.folder.path / "transcripts" / "kept.jsonl"
    blocked.mkdir()
    assert await write_queue.write(said(store, "kept", "1"), "kept")
    with pytest.raises(StoreError):
        await write_queue.erase(remove, ["kept"])
    blocked.rmdir()
    assert await write_queue.flush()
    assert texts(store, "kept") == ["1"]


async def test_look_at_files_comes_behind_writes_but_not_behind_one_that_takes_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_queue, is_free, done = WriteQueue(), threading.Event(), list[str]()
    monkeypatch.setattr("userdesk.chat.write_queue.READ_WITHIN", 60.0)
    quick = asyncio.create_task(write_queue.write(lambda: done.append("written"), "a"))
    assert await write_queue.read(lambda: list(done)) == ["written"]
    monkeypatch.setattr("userdesk.chat.write_queue.READ_WITHIN", 0.01)
    slow = asyncio.create_task(write_queue.write(is_free.wait, "a"))
    try:
        assert await asyncio.wait_for(write_queue.read(lambda: "looked"), 10) == "looked"
        assert not slow.done()
    finally:
        is_free.set()
        await asyncio.gather(quick, slow)
    assert await write_queue.write(lambda: done.append("written"), "a") is None

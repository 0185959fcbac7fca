"""Writes that the disk did not take: kept in their order, told once, written when the disk is back."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from userdesk.chat import recording
from userdesk.chat import write_queue as write_queue
from userdesk.chat.recording import Recording
from userdesk.chat.write_queue import WriteQueue
from userdesk.store import ConversationGone, Store, StoreError


class Disk:
    """Takes writes, or none."""

    def __init__(self) -> None:
        self.is_full = True
        self.holds: list[str] = []

    def writing(self, what: str) -> Callable[[], None]:
        def write() -> None:
            if self.is_full:
                raise StoreError("no space left")
            self.holds.append(what)

        return write


async def test_nothing_overtakes_what_waits_and_trouble_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_queue, "TRY_AGAIN_EVERY", 1000.0)
    disk, waiting, told = Disk(), WriteQueue(), list[str]()
    waiting.on_trouble = told.append
    assert await waiting.write(disk.writing("one"), "k1") == "no space left"
    assert await waiting.write(disk.writing("draft: h"), "k1", "draft") is None
    assert await waiting.write(disk.writing("two"), "k1") is None
    assert await waiting.write(disk.writing("draft: hello"), "k1", "draft") is None
    assert (told, len(waiting)) == (["no space left"], 3)
    disk.is_full = False
    assert await waiting.write(disk.writing("three"), "k1") is None
    assert disk.holds == []
    assert await waiting.flush()
    assert disk.holds == ["one", "draft: hello", "two", "three"]
    assert waiting._retrying
    waiting._retrying.cancel()


async def test_what_another_window_deleted_is_not_written_again_and_again() -> None:
    def write() -> None:
        raise ConversationGone("deleted")

    waiting = WriteQueue()
    assert await waiting.write(write, "k1") is None
    assert len(waiting) == 0


async def test_a_checkpoint_that_fails_is_made_up_for_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "CHECKPOINT_EVERY", 0.005)
    store, answer = Store(tmp_path), Recording()
    store.open()
    in_flight = store.begin_answer("k1", "t1")
    failed, append = asyncio.Event(), in_flight.append
    loop = asyncio.get_running_loop()

    def appending(text: str, chunks: tuple[tuple[int, int], ...]) -> None:
        try:
            append(text, chunks)
        except StoreError:
            loop.call_soon_threadsafe(failed.set)
            raise

    monkeypatch.setattr(in_flight, "append", appending)
    file = tmp_path / "transcripts" / "k1.t1.answer"
    elsewhere = file.parent.rename(tmp_path / "elsewhere")
    file.parent.write_text("a file where the folder was")
    answer.add("first ")
    checkpoints = asyncio.create_task(answer.keep_checkpointing(in_flight))
    async with asyncio.timeout(10):
        await failed.wait()
        answer.add("second")
        file.parent.unlink()
        elsewhere.rename(file.parent)
        while b"second" not in file.read_bytes():
            await asyncio.sleep(0.005)
    checkpoints.cancel()
    assert file.read_bytes().count(b"first ") == 1

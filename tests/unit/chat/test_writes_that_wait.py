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


async def test_what_waits_is_written_when_the_disk_is_back_and_told_again_when_it_is_not(
    monkeypatch: pytest.MonkeyPatch, logged: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(write_queue, "TRY_AGAIN_EVERY", 0.001)
    disk, waiting, told, written = Disk(), WriteQueue(), list[str](), asyncio.Event()
    waiting.on_trouble, waiting.on_written = told.append, written.set
    for round_ in range(2):
        disk.is_full, told[:] = True, []
        assert await waiting.write(disk.writing(f"one {round_}"), "k1") == "no space left"
        assert await waiting.write(disk.writing(f"other {round_}"), "k2") == "no space left"
        assert (len(waiting), waiting.is_clean, told) == (2, False, ["no space left"] * 2)
        disk.is_full = False
        async with asyncio.timeout(10):
            await written.wait()
        written.clear()
        assert (len(waiting), waiting.is_clean, waiting.lost) == (0, True, "")
    assert disk.holds == ["one 0", "other 0", "one 1", "other 1"]
    assert "not written: no space left" in logged.text


async def test_a_lane_and_its_branches_belong_together_and_do_not_wait_for_each_other() -> None:
    disk, waiting = Disk(), WriteQueue()
    assert await waiting.write(disk.writing("entry"), "k1/entry")
    disk.is_full = False
    assert await waiting.write(disk.writing("message"), "k1") is None
    assert disk.holds == ["message"]
    assert [waiting.waits(lane) for lane in ("k1", "k1/entry", "k", "k1/other", "k12")] == [
        *(True, True, False, False, False)
    ]
    assert await waiting.erase(lambda: "gone", ["k1"]) == "gone"
    assert len(waiting) == 0


async def test_only_a_write_of_the_same_name_is_replaced() -> None:
    disk, waiting = Disk(), WriteQueue()
    for what, lane, name in (
        *(("one", "a", "n"), ("two", "a", ""), ("three", "a", "m"), ("four", "a", "n"), ("five", "a", "")),
    ):
        await waiting.write(disk.writing(what), lane, name)
    disk.is_full = False
    await waiting.flush()
    assert disk.holds == ["four", "two", "three", "five"]


async def test_a_write_that_fails_by_a_defect_waits_like_others_and_says_so() -> None:
    def broken() -> None:
        raise RuntimeError("secret")

    waiting = WriteQueue()
    assert await waiting.write(broken, "k1") == "Saving failed because of a bug in userdesk"
    assert len(waiting) == 1
    await waiting.erase(lambda: None, ["k1"])


async def test_what_is_lost_is_told_with_its_first_words() -> None:
    told: list[str] = []
    waiting = WriteQueue()
    waiting.on_trouble = told.append
    assert waiting.is_clean
    waiting.lose("one")
    waiting.lose("two")
    assert (waiting.lost, waiting.is_clean, told) == ("one", False, ["one", "two"])

    def gone() -> None:
        raise ConversationGone("deleted")

    other = WriteQueue()
    assert await other.write(gone, "k1") is None
    assert (other.lost, other.is_clean) == ("deleted", False)
    await other.write(gone, "k2")
    assert other.lost == "deleted"


async def test_where_another_process_keeps_the_lock_only_one_write_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(write_queue, "TRY_AGAIN_EVERY", 1000.0)
    tried: list[str] = []

    def locked(what: str) -> Callable[[], None]:
        def write() -> None:
            tried.append(what)
            raise StoreError("in use") from TimeoutError()

        return write

    waiting = WriteQueue()
    for what in ("one", "two"):
        await waiting.write(locked(what), what)
    await waiting.flush()  # behind the first attempt of those that are made without being asked for
    tried.clear()
    assert not await waiting.flush()
    assert tried == ["one"]

    disk, full = Disk(), WriteQueue()
    for what in ("one", "two"):
        await full.write(disk.writing(what), what)
    assert not await full.flush()
    disk.is_full = False
    assert await full.flush() and disk.holds == ["one", "two"]

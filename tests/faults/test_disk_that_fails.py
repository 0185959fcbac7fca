"""A full, read-only, closed or missing data folder: one clear toast, nothing lost, quitting warns."""

import contextlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from program_driver import ProgramDriver
from program_reader import transcript_lines
from settling import LIMIT
from userdesk.store import Store


def fill(place: Path) -> None:
    """Leave no byte free."""
    with (place / "filler").open("ab", buffering=0) as file:
        for size in (4096, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue


def remove(folder: Path) -> None:
    """Remove a folder that the program may be writing into."""
    with contextlib.suppress(FileNotFoundError):
        gone = folder.rename(folder.with_name(f"{folder.name}-gone"))
        shutil.rmtree(gone)


def remount(place: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(place)], check=True)


def full(place: Path) -> None:
    fill(place)


def not_full(place: Path) -> None:
    (place / "filler").unlink()


FAULTS: dict[str, tuple[Callable[[Path], None], Callable[[Path], None], str]] = {
    "full": (full, not_full, "no space left on the disk"),
    "read-only": (lambda place: remount(place, "ro"), lambda place: remount(place, "rw"), "read-only"),
}


async def _goes_on_in_memory(window: ProgramDriver, server, words: str) -> None:
    await window.say("Said while the disk takes nothing " + "x" * 5000)
    await window.toasts("Not saved", words)
    assert window.text.count("until the disk is back") == 1
    await window.idle()
    server.answer_next("Answered in memory " + "y" * 5000)
    await window.say("And once more")
    await window.idle()
    await window.write("a draft of that time")
    window.rename(window.current, "Renamed in memory")
    await window.command("pin")
    await window.sees("Renamed in memory")
    assert window.crash is None


@pytest.mark.parametrize("fault", FAULTS)
async def test_everything_goes_on_and_is_written_once_the_disk_is_back(
    open_window, server, small_disk: Path, fault: str
) -> None:
    fail, mend, words = FAULTS[fault]
    folder = small_disk / "data"
    async with open_window(server.base_url, folder=folder) as window:
        await window.sees("demo chatbot")
        await window.say("Said before")
        await window.idle()
        await window.saved()
        fail(small_disk)
        await _goes_on_in_memory(window, server, words)
        waiting = window.unsaved
        assert waiting > 0
        await window.quit()
        await window.sees("not saved yet", "Quit anyway?")
        await window.press("escape")
        mend(small_disk)
        await window.saved()
        await window.sees("Everything is saved")
        key = window.current
    again = Store(folder)
    assert again.open() == []
    texts = [line["text"] for line in transcript_lines(folder, key)]
    for text in ("Said before", "Said while the disk takes nothing " + "x" * 5000, "And once more"):
        assert texts.count(text) == 1
    assert "Answered in memory " + "y" * 5000 in texts
    kept = again.get(key)
    assert kept and (kept.title, kept.pinned) == ("Renamed in memory", True)
    assert again.drafts.get(key) == "a draft of that time"
    assert {"Said before", "And once more"} <= set(again.history.entries())


async def test_what_is_deleted_on_a_full_disk_stays_deleted(open_window, server, small_disk: Path) -> None:
    folder = small_disk / "data"
    fill(small_disk)
    async with open_window(server.base_url, folder=folder) as window:
        await window.toasts("Not saved")
        await window.say("Deleted for a moment")
        await window.idle()
        undone = window.current
        await window.command("delete")
        await window.until(lambda: window.current != undone, "another conversation")
        await window.command("undo")
        await window.sees("Deleted for a moment")
        await window.until(lambda: window.current == undone, "the conversation that was brought back")
        await window.command("new_conversation")
        await window.until(lambda: window.current != undone, "a new conversation")
        await window.say("Deleted for good")
        await window.idle()
        deleted = window.current
        await window.command("delete")
        await window.until(lambda: window.current == undone, "the conversation before")
        assert deleted not in window.order()
        not_full(small_disk)
        await window.saved()
        await window.until(lambda: undone in {each["key"] for each in window.index}, "what was undone")
        assert deleted not in {each["key"] for each in window.index}
        assert window.store.trash.keys() == [deleted]
        texts = [line["text"] for line in window.transcript(undone)]
        assert texts.count("Deleted for a moment") == 1


async def test_a_disk_full_from_the_start(open_window, server, small_disk: Path) -> None:
    folder = small_disk / "data"
    fill(small_disk)
    async with open_window(server.base_url, folder=folder) as window:
        await window.toasts("Not saved", "no space left on the disk")
        await window.say("Kept nevertheless")
        await window.idle()
        await window.sees("first text")
        not_full(small_disk)
        await window.saved()
        assert [line["text"] for line in window.transcript() if line["role"] == "user"] == [
            "Kept nevertheless"
        ]
        assert window.index[0]["id"]


async def test_a_folder_removed_while_running_comes_back(open_window, server, data_dir: Path) -> None:
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        await window.say("Said before")
        await window.idle()
        server.answer_next([b"first half, ", b"second half"])
        server.hold(1)
        await window.say("Said before the folder went")
        await window.sees("first half")
        remove(data_dir)
        server.release()
        await window.idle()
        await window.say("Said after it")
        await window.idle()
        await window.sees("Said before the folder went", "second half", "Said after it")
        await window.until(lambda: window.index, "the list of conversations")
        texts = [line["text"] for line in window.transcript()]
        assert "first half, second half" in texts and "Said after it" in texts
        assert [each["key"] for each in window.index] == [window.current]
        assert window.crash is None


async def test_a_folder_that_goes_and_is_brought_back_is_read_again(
    open_window, server, data_dir: Path
) -> None:
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        for number in range(12):
            await window.say(f"Question {number}")
            await window.idle()
        key = window.current
    async with open_window(server.base_url) as window:
        await window.until(lambda: window.current == key, "the conversation")
        data_dir.rename(data_dir.with_name("away"))
        await window.until(lambda: data_dir.is_dir(), "the list of conversations")
        window.log_view.action_to_start()
        await window.sees("This message is no longer in the transcript file")
        assert window.crash is None
        while data_dir.with_name("away").exists():
            remove(data_dir)
            with contextlib.suppress(OSError):  # the program may have made a new one in between
                data_dir.with_name("away").rename(data_dir)
        await window.misses("no longer in the transcript file")
        window.log_view.action_to_start()
        await window.sees("Question 0")


async def test_a_file_in_the_place_of_the_folder(open_window, server, data_dir: Path) -> None:
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        while not data_dir.is_file():
            remove(data_dir)
            with contextlib.suppress(OSError):  # the program may have made a new one in between
                data_dir.write_text("a file where the folder was")
        await window.write("Said while a file stands there")
        await window.toasts("Not saved", "there is a file where a folder should be")
        await window.press("enter")
        await window.sees("Not saved yet: can't write to the disk")
        await window.idle()
        data_dir.unlink()
        await window.saved()
        assert [line["text"] for line in window.transcript() if line["role"] == "user"] == [
            "Said while a file stands there"
        ]


def test_the_limit_is_longer_than_a_retry() -> None:
    from userdesk.chat.write_queue import TRY_AGAIN_EVERY

    assert TRY_AGAIN_EVERY < LIMIT / 3

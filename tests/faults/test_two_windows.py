"""Several processes on one data folder: nothing of anybody is lost, each sees the others' conversations."""

import asyncio
import contextlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from chatty_server import answer_to, chatty

from program_conditions import LOOKS_EVERY
from program_driver import ProgramDriver
from program_reader import saved_conversations, transcript_lines
from settling import LIMIT
from userdesk.domain.chatbot import Chatbot
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, now
from userdesk.store import ConversationGone, Store
from userdesk.tui.sidebar.rows import Mark

BUSY = Path(__file__).with_name("busy_child.py")


async def work_side_by_side(folder: Path, processes: int, messages: int) -> list[list[Any]]:
    """Let busy children work in one folder until each has sent so much; all they said."""
    async with chatty(0.01) as server:
        children = [
            await asyncio.create_subprocess_exec(
                sys.executable,
                str(BUSY),
                str(folder),
                server.base_url,
                str(number),
                stdout=asyncio.subprocess.PIPE,
            )
            for number in range(1, processes + 1)
        ]
        outputs = await asyncio.gather(*(_killed_after(child, messages) for child in children))
    return [json.loads(line) for output in outputs for line in output if line.endswith(b"\n")]


async def _killed_after(child: asyncio.subprocess.Process, messages: int) -> list[bytes]:
    assert child.stdout is not None
    lines: list[bytes] = []
    try:
        while sum(line.startswith(b'["sent"') for line in lines) < messages:
            lines.append(await asyncio.wait_for(child.stdout.readline(), 60))
            assert lines[-1], "a child ended by itself"
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        rest = await child.stdout.read()
        await child.wait()
    return [*lines, *rest.splitlines(keepends=True)]


def check(folder: Path, said: list[list[Any]]) -> int:
    """Every change that a process had made is there; how many messages were sent."""
    store = Store(folder)
    assert store.open() == []
    known = {each.key: each for each in store.conversations()}
    gone = {each.conversation.key: each.conversation for each in store.trash.list()}
    assert not known.keys() & gone.keys()
    for key in gone:
        store.restore(key)
    sent = 0
    for what, key, *rest in said:
        if what == "created":
            assert {**known, **gone}[key].id == rest[0]
        elif what == "sent":
            sent += 1
            assert [line["text"] for line in transcript_lines(folder, key)].count(rest[0]) == 1
        elif what == "answered":
            answers = [line for line in transcript_lines(folder, key) if line["text"] == answer_to(rest[0])]
            assert [line["status"] for line in answers] == ["complete"]
    ids = [each["id"] for each in saved_conversations(folder) if "id" in each]
    assert len(ids) == len(set(ids))
    return sent


async def test_two_processes_lose_nothing_of_each_other(data_dir: Path) -> None:
    said = await work_side_by_side(data_dir, 2, 4)
    assert check(data_dir, said) >= 8


@pytest.mark.torture
async def test_four_processes_lose_nothing_of_each_other(data_dir: Path) -> None:
    messages = int(os.environ.get("TORTURE_ROUNDS", "60"))
    said = await work_side_by_side(data_dir, 4, messages)
    assert check(data_dir, said) >= 4 * messages


def test_deleting_what_another_process_deleted_leaves_its_entry_in_the_trash(data_dir: Path) -> None:
    one, two = Store(data_dir), Store(data_dir)
    one.open()
    one.add(Conversation(key="k1", bot="acme", created=now()))
    one.transcript("k1").append(Message(role=Role.USER, text="Kept", at=now()))
    two.open()
    one.delete("k1")
    with pytest.raises(ConversationGone):
        two.delete("k1")
    assert one.trash.keys() == ["k1"]
    one.restore("k1")
    assert [message.text for message in Store(data_dir).transcript("k1")] == ["Kept"]


async def test_each_window_shows_what_the_other_did(open_window, server) -> None:
    async with open_window(server.base_url) as one, open_window(server.base_url) as two:
        await one.sees("demo chatbot")
        await one.say("Said in the first window")
        await one.idle()
        key = one.current
        await two.until(lambda: key in {each["key"] for each in two.index}, "the other window's conversation")
        await two.sees("Said in the first")  # in the sidebar, where the end of a title may be cut
        two.open(key)
        await two.sees("Said in the first window")
        await two.say("Said in the second window")
        await two.idle()
        await one.until(lambda: "Said in the second window" in one.text, "the other window's message")
        await two.service.change(key, title="Renamed in the second window")
        await one.sees("Renamed in the second window")
        await one.command("delete")
        await two.until(lambda: two.current != key, "another conversation")
        await two.misses("Renamed in the second window")
    assert key not in {each["key"] for each in one.index}


async def delete_elsewhere(window: ProgramDriver, key: str) -> Store:
    """Delete a conversation as another process does."""
    other = Store(window.data_dir)
    await asyncio.to_thread(other.open)
    await asyncio.to_thread(other.delete, key)
    return other


async def say_and_settle(window: ProgramDriver, text: str) -> str:
    await window.say(text)
    await window.idle()
    await window.until(lambda: window.store.get(window.current), "the conversation")
    return window.current


async def test_a_title_given_to_what_was_deleted_meanwhile_is_told_and_kept(open_window, server) -> None:
    async with open_window(server.base_url) as window:
        key = await say_and_settle(window, "Named later")
        await window.command("rename")
        other = await delete_elsewhere(window, key)
        await window.until(lambda: window.service.deleted() == [key], "the deletion")
        await window.press(*"New", "enter")
        await window.sees("was deleted in another window", "Ctrl+R restore it")
        await window.until(lambda: other.trash.list()[0].conversation.title == "New", "the title on disk")
        await window.command("undo")
        await window.until(lambda: key in {each["key"] for each in window.index}, "the conversation")
        await window.sees("New")
        assert next(each for each in window.index if each["key"] == key)["title"] == "New"


async def test_what_is_typed_when_another_window_deletes_stays_and_enter_brings_all_back(
    open_window, server
) -> None:
    async with open_window(server.base_url) as window:
        key = await say_and_settle(window, "Said before")
        await window.write("Still being typed")
        await delete_elsewhere(window, key)
        await window.sees("Deleted in another window", "Enter sends this and restores it")
        assert (window.current, window.draft) == (key, "Still being typed")
        window.input_bar.focus()
        await window.press("enter")
        await window.sees("your message restored it")
        await window.idle()
        texts = [line["text"] for line in window.transcript(key) if line["role"] == "user"]
        assert texts == ["Said before", "Still being typed"]
        assert [each["key"] for each in window.index] == [key]
    assert Store(window.data_dir).open() == []


async def test_a_message_right_after_the_deletion_brings_the_conversation_back(open_window, server) -> None:
    async with open_window(server.base_url) as window:
        key = await say_and_settle(window, "Said before")
        other = Store(window.data_dir)
        other.open()
        other.delete(key)
        window.send(key, "Sent before the deletion was seen")
        await window.idle()
        assert other.trash.keys() == []
        assert [each["key"] for each in window.index] == [key]
        texts = [line["text"] for line in window.transcript(key) if line["role"] == "user"]
        assert texts == ["Said before", "Sent before the deletion was seen"]


async def test_removed_for_good_elsewhere_is_said(open_window, server) -> None:
    async with open_window(server.base_url) as window:
        key = await say_and_settle(window, "Not for long")
        other = Store(window.data_dir)
        await asyncio.to_thread(other.open)
        await asyncio.to_thread(other.erase, [key])
        await window.sees("“Not for long” was removed for good in another window")
        assert window.current != key
        window.rename(key, "Too late")
        await window.sees("This conversation was removed for good in another window")
        assert window.crash is None


async def test_what_is_on_its_way_to_be_removed_for_good_is_not_offered_back(
    open_window, server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_window(server.base_url) as window:
        key = await say_and_settle(window, "Not for long")
        other = Store(window.data_dir)
        await asyncio.to_thread(other.open)
        is_seen, remove = threading.Event(), other.trash.remove

        def removing(keys: set[str]) -> int:  # it is in the trash alone now
            is_seen.wait(LIMIT)
            return remove(keys)

        monkeypatch.setattr(other.trash, "remove", removing)
        erasing = asyncio.create_task(asyncio.to_thread(other.erase, [key]))
        try:
            await window.until(lambda: window.current != key, "another conversation")
        finally:
            is_seen.set()
            await erasing
        await window.sees("“Not for long” was removed for good in another window")


async def test_a_look_at_a_slow_disk_comes_to_its_end(
    open_window, server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        answers, news, watched = threading.Event(), window.store.activity, 0

        def slow_news() -> int:
            answers.wait(LIMIT)
            return news()

        def watch() -> None:
            nonlocal watched
            watched += 1

        monkeypatch.setattr(window.store, "activity", slow_news)
        window.screen.set_interval(LOOKS_EVERY, watch)
        look = asyncio.create_task(window.look_at_folder())
        try:
            await window.until(lambda: watched >= 3, "the time for other looks")
        finally:
            answers.set()
        await look


async def test_a_long_conversation_deleted_while_its_answer_streams_can_still_be_read(
    open_window, server, data_dir: Path
) -> None:
    store = Store(data_dir)
    store.open()
    chatbot = Chatbot("env", "Acme support", "demo", server.base_url)
    long = Conversation.start(chatbot, now()).evolve(title="Long", pinned=True)
    store.add(long)
    for number in range(60):
        store.transcript(long.key).append(Message(role=Role.USER, text=f"line {number}", at=now()))
    async with open_window(server.base_url) as window:
        await window.sees("line 59")
        server.forget_conversations()
        server.answer_next([b"first half, ", b"second half"])
        server.hold(1)
        await window.say("Is this kept?")
        await asyncio.to_thread(server.wait_until_held)
        other = await delete_elsewhere(window, long.key)
        window.log_view.action_to_start()
        await window.sees("line 0")
        server.release()
        await window.until(lambda: window.current != long.key, "another conversation")
        await window.sees("“Long” was deleted in another window")
        assert window.crash is None
        await window.command("undo")
        await window.sees("second half")
    texts = [line["text"] for line in transcript_lines(window.data_dir, long.key)]
    assert len(texts) == 62 and texts[-2:] == ["Is this kept?", "first half, second half"]
    assert other.trash.keys() == []


async def test_each_window_shows_the_others_drafts_unread_answers_and_failures(open_window, server) -> None:
    async with open_window(server.base_url) as one, open_window(server.base_url) as two:
        key = await say_and_settle(one, "With a draft")
        await two.sees("With a draft")
        two.open(key)
        await two.until(lambda: two.view(key).has_user_message, "the other's message")
        two.start_conversation()
        await two.until(lambda: two.current != key, "a conversation of its own")
        await one.write("begun in the first window")
        one.start_conversation()
        await one.until(lambda: one.current != key and one.store.get(one.current), "a new conversation")
        await two.until(lambda: two.mark(key) is Mark.DRAFT, "the draft's mark")
        two.open(key)
        assert two.draft == "begun in the first window"
        await two.write("")
        await two.until(lambda: two.service.conversation(one.current), "the other's new conversation")
        two.open(one.current)
        await one.until(lambda: one.store.drafts.get(key) == "", "the draft's end")

        server.hold(1)
        one.send(key, "Answered while nobody looks")
        await asyncio.to_thread(server.wait_until_held)
        server.release()
        await two.until(lambda: two.mark(key) is Mark.UNREAD, "the unread answer's mark")
        one.open(key)
        await two.until(lambda: two.mark(key) is Mark.NONE, "that it was read")

        one.send(key, "/fail 500")
        await two.until(lambda: two.mark(key) is Mark.FAILED, "the failure's mark")
        one.send(key, "Mended")
        await two.until(lambda: two.mark(key) is not Mark.FAILED, "its end")


async def test_an_answer_that_arrives_in_another_window_is_no_failure(open_window, server) -> None:
    async with open_window(server.base_url) as one, open_window(server.base_url) as two:
        await one.sees("demo chatbot")
        server.answer_next([b"first half, ", b"second half"])
        server.hold(1)
        await one.say("Asked in the first window")
        await asyncio.to_thread(server.wait_until_held)
        await two.until(lambda: two.store.get(one.current), "the conversation")
        two.open(one.current)
        await two.sees("Asked in the first window", "the answer is arriving in another window")
        await two.command("remedy")
        await two.sees("The answer is arriving in another window")
        assert not two.service.busy_keys() and "Ctrl+R send again" not in two.text
        server.release()
        await two.sees("first half, second half")
        await two.misses("◌ the answer is arriving")
    roles = [line["role"] for line in transcript_lines(one.data_dir, one.current)]
    assert roles == ["assistant", "user", "assistant"]


async def test_what_another_process_says_while_our_answer_streams_is_shown_in_its_place(
    open_window, server
) -> None:
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        server.answer_next([b"first half, ", b"second half"])
        server.hold(1)
        await window.say("Asked in the window")
        await asyncio.to_thread(server.wait_until_held)
        other = Store(window.data_dir).transcript(window.current)
        other.append(Message(role=Role.USER, text="Asked in a shell", at=now()), "t1")
        other.append(Message(role=Role.ASSISTANT, text="Answered in the shell", at=now()), "t1")
        server.release()
        await window.sees("Asked in a shell", "Answered in the shell", "second half")
        await window.until(lambda: len(window.view(window.current)) == 5, "all of it, once")
        view = window.view(window.current)
        said = [view.entry(index).message.text for index in range(5)]
        assert said == [line["text"] for line in window.transcript()]


async def test_what_had_arrived_in_a_window_that_was_killed_is_seen_in_the_other(open_window, server) -> None:
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        await window.until(lambda: window.store.get(window.current), "the conversation")
        transcripts = window.data_dir / "transcripts"
        half = '{"turn": "t1"}\n{"text": "as far as it came"}\n'
        (transcripts / f"{window.current}.t1.answer").write_text(half)  # its owner's lock is nobody's
        question = Message(role=Role.USER, text="Asked by what was killed", at=now())
        Store(window.data_dir).transcript(window.current).append(question, "t1")
        await window.sees("Asked by what was killed", "as far as it came", "interrupted")
        await window.until(lambda: not list(transcripts.glob("*.answer")), "the end of the answer's file")


async def test_deleted_elsewhere_while_its_answer_streams(open_window, server) -> None:
    async with open_window(server.base_url) as one, open_window(server.base_url) as two:
        await one.sees("demo chatbot")
        server.answer_next([b"first half, ", b"second half"])
        server.hold(1)
        await one.say("Is this kept?")
        await asyncio.to_thread(server.wait_until_held)
        key = one.current
        await two.until(lambda: two.store.get(key), "the conversation")
        await asyncio.to_thread(two.store.delete, key)
        server.release()
        await one.idle()
        await asyncio.to_thread(two.store.restore, key)
    texts = [line["text"] for line in transcript_lines(one.data_dir, key)]
    assert "Is this kept?" in texts and "first half, second half" in texts

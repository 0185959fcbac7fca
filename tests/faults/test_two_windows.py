"""Several processes on one data folder: nothing of anybody is lost, each sees the others' conversations."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from chatty_server import answer_to, chatty
from window import saved_conversations, transcript_lines

from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, now
from userdesk.store import ConversationGone, Store

BUSY = Path(__file__).with_name("busy_child.py")


async def work_side_by_side(folder: Path, processes: int, seconds: float) -> list[list[Any]]:
    """Let busy children work in one folder; what all of them said before they were killed."""
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
        reading = [asyncio.create_task(child.stdout.read()) for child in children]  # type: ignore[union-attr]
        await asyncio.wait(reading, timeout=seconds)
        assert all(child.returncode is None for child in children), "a child ended by itself"
        for child in children:
            child.kill()
        outputs = await asyncio.gather(*reading)
        await asyncio.gather(*(child.wait() for child in children))
    return [json.loads(line) for output in outputs for line in output.split(b"\n")[:-1]]


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
    said = await work_side_by_side(data_dir, 2, 3.0)
    assert check(data_dir, said) > 2


@pytest.mark.torture
async def test_four_processes_lose_nothing_of_each_other(data_dir: Path) -> None:
    seconds = 0.75 * float(os.environ.get("TORTURE_ROUNDS", "60"))
    said = await work_side_by_side(data_dir, 4, seconds)
    assert check(data_dir, said) > seconds


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
        await two.sees("Said in the first window")
        key = one.key
        two.app.chat.open_conversation(key)
        await two.say("Said in the second window")
        await two.idle()
        await one.until(lambda: "Said in the second window" in one.text, "the other window's message")
        await two.app.desk.change(key, title="Renamed in the second window")
        await one.sees("Renamed in the second window")
        one.app.chat.action_delete()
        await two.until(lambda: two.key != key, "another conversation")
        await two.misses("Renamed in the second window")
    assert key not in {each["key"] for each in one.index()}


async def test_deleted_elsewhere_while_its_answer_streams(open_window, server) -> None:
    async with open_window(server.base_url) as one, open_window(server.base_url) as two:
        await one.sees("demo chatbot")
        server.answer_next([b"first half, ", b"second half"])
        server.hold(1)
        await one.say("Is this kept?")
        await asyncio.to_thread(server.wait_until_held)
        key = one.key
        await two.until(lambda: two.app.store.get(key), "the conversation")
        await asyncio.to_thread(two.app.store.delete, key)
        server.release()
        await one.idle()
        await asyncio.to_thread(two.app.store.restore, key)
    texts = [line["text"] for line in transcript_lines(one.data_dir, key)]
    assert "Is this kept?" in texts and "first half, second half" in texts

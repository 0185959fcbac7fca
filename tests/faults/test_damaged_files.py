"""Damaged files: what can be opened is, the rest is set aside and told once, nothing is deleted."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from program_reader import transcript_lines
from userdesk.domain.message import Message, Role, now
from userdesk.store import Store
from userdesk.store.transcript import transcript

CONVERSATION = """[[conversation]]
key = "k1"
bot = "env"
chatbot_id = "demo"
id = "e1"
title = "Kept"
base_url = "URL"
"""
LINE = json.dumps({"role": "user", "text": "Said before", "status": "complete"})
ANSWER = json.dumps({"role": "assistant", "text": "Answered before", "status": "complete"})


def sums(folder: Path) -> set[str]:
    """What every file holds."""
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def lay(data_dir: Path, url: str, index: str | bytes, transcript: bytes) -> set[str]:
    """Write the files of one conversation, whose chatbot is at that address."""
    (data_dir / "transcripts").mkdir(parents=True)
    data = index.encode() if isinstance(index, str) else index
    (data_dir / "conversations.toml").write_bytes(data.replace(b"URL", url.encode()))
    (data_dir / "transcripts" / "k1.jsonl").write_bytes(transcript)
    return sums(data_dir)


def opened(data_dir: Path) -> tuple[Store, list[str]]:
    """A store as a start opens it, and what it tells."""
    store = Store(data_dir, durable=False)
    return store, [problem.message for problem in store.open()]


ADDRESS = "http://127.0.0.1:9"
GOOD = f"{LINE}\n{ANSWER}\n".encode()
INDEXES: dict[str, tuple[str | bytes, str]] = {
    "broken TOML": ("version = 1\n" + CONVERSATION + '[[conversation]]\nkey = "half', "is damaged"),
    "wrong types": (CONVERSATION.replace('"Kept"', "5") + "created = true\n", "can't be used"),
    "duplicate keys": (CONVERSATION + CONVERSATION, "has the same key as another one"),
    "a version that is none": ('version = "two"\n' + CONVERSATION, "version should be a number"),
    "a newer version": ("version = 7\n" + CONVERSATION, "newer version of userdesk"),
    "NULs": (CONVERSATION.encode() + b"\x00\x00\x00", "is damaged"),
    "an id that leads elsewhere": (CONVERSATION + '[[conversation]]\nkey = "../../x"\n', "can't name a file"),
    "a transcript without an entry": ("version = 1\n", "had no entry"),
}


@pytest.mark.parametrize("name", INDEXES)
def test_damaged_list(data_dir: Path, name: str) -> None:
    index, words = INDEXES[name]
    before = lay(data_dir, ADDRESS, index, GOOD)
    store, told = opened(data_dir)
    assert any(words in each for each in told)
    assert store.get("k1") is not None
    assert [message.text for message in store.transcript("k1")] == ["Said before", "Answered before"]
    lost = before - sums(data_dir)
    # an entry that was added to a sound list is no loss
    assert not lost or name == "a transcript without an entry", sorted(map(str, data_dir.rglob("*")))
    if name not in ("a newer version", "a version that is none"):  # nothing is saved then: told each time
        assert opened(data_dir)[1] == []


TRANSCRIPTS: dict[str, tuple[bytes, bool]] = {
    "a torn last line": (GOOD + LINE[:30].encode(), True),
    "a garbage line": (GOOD + b"\xff\xfe garbage \x1b[2J\n" + GOOD, True),
    "NULs at the end": (GOOD + b"\x00" * 4096, True),
    "NULs in between": (GOOD + b"\x00" * 4096 + b"\n" + GOOD, True),
    "a line of another kind": (GOOD + b"[1, 2]\n" + GOOD, True),
    "wrong types": (GOOD + b'{"role": 5, "text": ["x"], "at": {}, "status": null}\n', False),
}


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_damaged_transcript(data_dir: Path, name: str) -> None:
    data, is_told = TRANSCRIPTS[name]
    lay(data_dir, ADDRESS, "version = 1\n" + CONVERSATION, data)
    store, told = opened(data_dir)
    messages = store.transcript("k1")
    assert [message.text for message in messages][:2] == ["Said before", "Answered before"]
    told += [each.message for each in store.told.untold(store.folder.take_problems())]
    assert is_told is any("can't be read" in each for each in told)
    messages.append(Message(role=Role.USER, text="Said afterwards", at=now()))
    after = (data_dir / "transcripts" / "k1.jsonl").read_bytes()
    assert after.startswith(data)
    assert b"Said afterwards" in after[len(data) :]
    again, told = opened(data_dir)
    texts = [message.text for message in again.transcript("k1")]
    assert (*texts[:2], texts[-1]) == ("Said before", "Answered before", "Said afterwards")
    assert told == [] == again.told.untold(again.folder.take_problems())


async def test_damage_is_told_on_the_screen_once_and_the_conversation_goes_on(
    open_window, server, data_dir: Path
) -> None:
    lay(data_dir, server.base_url, INDEXES["broken TOML"][0], TRANSCRIPTS["a garbage line"][0])
    async with open_window(server.base_url) as window:
        await window.until(lambda: "is damaged" in window.notices, "the list's damage")
        window.open("k1")
        await window.sees("Said before", "Answered before")
        await window.until(lambda: "can't be read" in window.notices, "the transcript's damage")
        server.forget_conversations()
        await window.say("Said afterwards")
        await window.idle()
        assert window.crash is None
    async with open_window(server.base_url) as window:
        window.open("k1")
        await window.sees("Said before", "Answered before", "Said afterwards")
        await window.look_at_folder()
        await window.until(lambda: not window.works_on("notices"), "notices")
        assert not window.notices


async def test_a_line_beyond_the_limit(
    open_window, server, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcript, "LONGEST_LINE", 1_000_000)
    line = b'{"role": "assistant", "text": "' + b"x" * 2_000_000 + b'"}\n'
    lay(data_dir, server.base_url, "version = 1\n" + CONVERSATION, GOOD + line)
    async with open_window(server.base_url) as window:
        window.open("k1")
        await window.sees("Answered before", "too long to show")
        await window.say("Still usable")
        await window.idle()
        assert window.crash is None
    assert line in (data_dir / "transcripts" / "k1.jsonl").read_bytes()


async def test_an_entry_without_a_transcript_is_an_empty_conversation(
    open_window, server, data_dir: Path
) -> None:
    data_dir.mkdir()
    entry = CONVERSATION.replace("URL", server.base_url)
    (data_dir / "conversations.toml").write_text("version = 1\n" + entry)
    async with open_window(server.base_url) as window:
        await window.sees("Kept")
        window.open("k1")
        await window.say("The first word")
        await window.idle()
    assert transcript_lines(data_dir, "k1")[0]["text"] == "The first word"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
async def test_a_pipe_in_place_of_a_transcript_stops_nothing(open_window, server, data_dir: Path) -> None:
    entry = CONVERSATION.replace("URL", server.base_url)
    other = entry.replace("k1", "k2").replace("e1", "e2").replace("Kept", "A pipe")
    (data_dir / "transcripts").mkdir(parents=True)
    (data_dir / "conversations.toml").write_text(f"version = 1\n{entry}{other}")
    os.mkfifo(data_dir / "transcripts" / "k2.jsonl")
    os.mkfifo(data_dir / "read.json")
    async with open_window(server.base_url) as window:
        window.open("k2")
        await window.until(
            lambda: "k2.jsonl could not be read: it is a folder or a pipe" in window.notices, "it"
        )
        await window.say("Into the pipe")
        await window.sees("Into the pipe", "Not saved yet: can't write to the disk")
        await window.idle()
        window.open("k1")
        await window.say("Beside it")
        await window.idle()
        assert transcript_lines(data_dir, "k1")[0]["text"] == "Beside it"
        (data_dir / "transcripts" / "k2.jsonl").unlink()
        await window.saved()
        assert transcript_lines(data_dir, "k2")[0]["text"] == "Into the pipe"


async def test_damaged_side_files_cost_only_themselves(open_window, server, data_dir: Path) -> None:
    lay(data_dir, server.base_url, "version = 1\n" + CONVERSATION, GOOD)
    (data_dir / "drafts").mkdir()
    (data_dir / "drafts" / "k1.txt").write_bytes(b"\xff\xfe a draft \x00 with damage")
    (data_dir / "read.json").write_bytes(b"\x00{[")
    (data_dir / "history.jsonl").write_bytes(
        b"garbage\n" + b'{"text": 5}\n{"text": "an earlier prompt"}\n\xff'
    )
    (data_dir / "transcripts" / "k1.t1.answer").write_bytes(b'{"turn": "t1"}\n{"text": "half an ans"}\n{"te')
    async with open_window(server.base_url) as window:
        await window.sees("Said before", "half an ans", "interrupted", "a draft")
        await window.until(lambda: window.prompts, "earlier prompts")
        assert window.prompts == ["an earlier prompt"]
        assert window.crash is None


async def test_a_broken_configuration_is_told_and_not_overwritten(
    open_window, server, tmp_path: Path
) -> None:
    text = 'theme = "userdesk-dark"\n[bots.x\nname = 5\n'
    async with open_window(server.base_url, config=text) as window:
        await window.until(lambda: "config.toml:2" in window.notices, "the words")
        await window.command("accessible")
        await window.sees("Kept until you quit")
    assert (tmp_path / "config.toml").read_text() == text


@pytest.mark.parametrize("text", ["", "version = 1\n"])
async def test_a_list_emptied_under_an_open_window_comes_back(
    open_window, server, data_dir: Path, text: str
) -> None:
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        await window.say("Said before")
        await window.idle()
        before = window.index
        assert before[0]["id"]
        (data_dir / "conversations.toml").write_text(text)
        await window.until(lambda: window.index == before, "the list with its ids")
        await window.until(lambda: "had lost entries" in window.notices, "a word about it")
        (aside,) = data_dir.glob("conversations.toml.short-*")
        assert aside.read_text() == text
        await window.say("Said afterwards")
        await window.idle()
    assert Store(data_dir).open() == []

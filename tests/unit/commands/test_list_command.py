"""`userdesk list`: which conversations it has, in which order, and that what it writes is safe to show."""

import json
import os
import pty
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import command_runs
from command_runs import LIMIT, Done, chatbot_at
from forks import start
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role
from userdesk.store import Store

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
KEY = "sk_live_51H8xAbCdEf"
Run = Callable[..., Done]


def talk(store: Store, key: str, seconds: int, *said: str, **fields: object) -> None:
    """A conversation in which something last happened so many seconds after it began."""
    conversation = Conversation(key=key, bot="acme", created=AT, title=f"About {key}", id=f"id-{key}")
    store.add(conversation.evolve(**fields))
    for text in said:
        store.transcript(key).append(Message(role=Role.USER, text=text, at=AT))
    path = store.folder.transcript(key)
    path.touch()
    os.utime(path, (0, AT.timestamp() + seconds))


@pytest.fixture
def run(login: dict[str, str]) -> Run:
    return lambda *arguments: command_runs.run(login, "list", *arguments)


@pytest.fixture
def store(data_dir: Path) -> Store:
    store = Store(data_dir, durable=False)
    store.open()
    talk(store, "first", 1, "Where is my parcel?")
    talk(store, "latest", 3, "Opening hours", bot="demo", id=None)
    talk(store, "second", 2, "the PARCEL is late", title="")
    return store


def keys(done: Done) -> list[str]:
    assert (done.returncode, done.stderr) == (0, "")
    return [line.split("\t")[0] for line in done.stdout.splitlines()]


def test_a_pipe_gets_a_line_each_the_newest_first(store: Store, run: Run) -> None:
    assert [line.split("\t") for line in run().stdout.splitlines()] == [
        ["latest", "", "the demo chatbot", "About latest", "2026-11-21T20:54:03Z"],
        ["second", "id-second", "acme", "the PARCEL is late", "2026-11-21T20:54:02Z"],
        ["first", "id-first", "acme", "About first", "2026-11-21T20:54:01Z"],
    ]


def test_programs_get_json(store: Store, run: Run) -> None:
    first, second = json.loads(run("--json", "--limit", "2").stdout)
    assert first == {
        "key": "latest",
        "id": None,
        "chatbot": "the demo chatbot",
        "title": "About latest",
        "last": "2026-11-21T20:54:03Z",
        "bot": "demo",
    }
    assert second["id"] == "id-second"
    assert json.loads(run("--json", "--search", "nowhere").stdout) == []


def test_words_are_looked_for_in_titles_and_messages(store: Store, run: Run) -> None:
    assert keys(run("--search", "parcel")) == ["second", "first"]
    assert keys(run("--search", "PARCEL", "my")) == ["first"]
    assert keys(run("--search", "about latest", "--limit", "1")) == ["latest"]
    none = run("--search", "nowhere")
    assert (none.returncode, none.stdout) == (0, "")
    assert none.stderr == "userdesk: no saved conversations were found\n"


def test_a_chatbot_that_is_not_configured_keeps_its_conversations(store: Store, run: Run) -> None:
    assert keys(run("--bot", "acme")) == ["second", "first"]
    assert keys(run("--demo")) == ["latest"]
    assert run("--bot", "nobody").stderr == "userdesk: no saved conversations were found\n"


def test_errors_are_json_too(run: Run) -> None:
    done = run("--json")
    assert done.returncode == 2
    assert json.loads(done.stdout) == json.loads(done.stderr)
    assert "no saved conversations" in json.loads(done.stdout)["error"]["message"]
    assert "--limit" in json.loads(run("--json", "--limit", "0").stdout)["error"]["message"]


def test_hostile_titles_are_cleaned_and_keys_masked(login: dict[str, str], store: Store) -> None:
    talk(store, "hostile", 9, bot="a\tb", title=f"\x1b[31mred\tand\u202e {KEY}\nmore", id=f"{KEY}\x07")
    login |= chatbot_at("http://127.0.0.1:9", KEY)
    for flags in ((), ("--json",), ("--search", "red")):
        done = command_runs.run(login, "list", "--limit", "1", *flags)
        assert "hostile" in done.stdout and KEY not in done.stdout
        assert not set(done.stdout) & {"\x1b", "\x07", "\u202e"} and done.stdout.count("\n") == 1
    assert done.stdout.count("\t") == 4


@pytest.mark.parametrize(("columns", "header"), [(80, "KEY ID CHATBOT TITLE LAST"), (30, "KEY TITLE")])
def test_the_table_fits_the_terminal(login: dict[str, str], store: Store, columns: int, header: str) -> None:
    login |= chatbot_at("http://127.0.0.1:9", KEY)
    for letter in "ab":
        talk(store, f"0123456789{letter}", 8, title="退款 and deliveries " * 9, id=f"{letter}{KEY}")
    ours, theirs = pty.openpty()
    arguments = ("list", "--limit", "2", "--data-dir", str(store.folder.path))
    process = start(login | {"COLUMNS": str(columns)}, *arguments, stdout=theirs)
    os.close(theirs)
    written = b""
    while written.count(b"\n") < 3:
        written += os.read(ours, 10_000)
    assert process.wait(LIMIT) == 0
    os.close(ours)
    lines = written.decode().replace("\r", "").splitlines()
    assert lines[0].split() == header.split()
    assert {line.split()[0] for line in lines[1:]} == {"0123456789a", "0123456789b"}
    assert all("退款" in line and "…" in line and KEY[:9] not in line for line in lines[1:])
    assert all(len(line) + line.count("退") + line.count("款") <= columns for line in lines)

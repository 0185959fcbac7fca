"""Removing for good: nothing of it is left, nothing else is touched, a kill in between leaves no half."""

from pathlib import Path

import pytest

from command_runs import Done, login_environment, run
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, now
from userdesk.store import ConversationGone, Store
from userdesk.store.purging import conversations_of, purge_chatbot, purge_everything


@pytest.fixture
def store(data_dir: Path) -> Store:
    store = Store(data_dir)
    store.open()
    for bot, key in (("acme", "a1"), ("acme", "a2"), ("acme", "a3"), ("other", "o1")):
        store.add(Conversation(key=key, bot=bot, created=now(), title=f"title of {key}"))
        store.transcript(key).append(Message(role=Role.USER, text=f"words of {key}", at=now()))
        store.drafts.set(key, f"draft of {key}")
        store.read_marks.set(key, 1)
        store.history.append(f"words of {key}")
    store.delete("a3")
    store.history.append("an earlier prompt")
    return store


def purge(data_dir: Path, *arguments: str) -> Done:
    """The command `purge`."""
    return run(login_environment(data_dir.parent, data_dir), "purge", *arguments)


def words_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_chatbots_conversations_go_the_others_stay(store: Store, data_dir: Path) -> None:
    assert sorted(conversations_of(store, "acme")) == ["a1", "a2", "a3"]
    assert store.erase(conversations_of(store, "acme")) == 3
    left = words_in(data_dir)
    for key in ("a1", "a2", "a3"):
        assert f"of {key}".encode() not in left
    assert b"words of o1" in left and b"draft of o1" in left
    again = Store(data_dir)
    assert again.open() == []
    assert [each.key for each in again.conversations()] == ["o1"] and again.trash.keys() == []
    assert again.read_marks.all() == {"o1": 1}
    assert again.history.entries() == ["words of o1", "an earlier prompt"]


def test_the_trash_goes_the_rest_stays(store: Store, data_dir: Path) -> None:
    assert store.trash.empty() == 1
    left = words_in(data_dir)
    assert b"of a3" not in left
    assert b"words of a1" in left and b"draft of a2" in left
    assert Store(data_dir).history.entries() == [
        "words of a1",
        "words of a2",
        "words of o1",
        "an earlier prompt",
    ]


def test_the_embedded_chatbot_forgets_too(store: Store, data_dir: Path) -> None:
    (data_dir / "demo").mkdir()
    remembered = data_dir / "demo" / "e1.jsonl"
    remembered.write_text("words to the demo")
    assert purge_chatbot(store, "acme") == 3
    assert remembered.exists()
    store.add(Conversation(key="d1", bot="demo", created=now(), id="e1"))
    assert purge_chatbot(store, "demo") == 1
    assert not remembered.exists()


def test_erasing_what_is_not_there_changes_nothing(store: Store, data_dir: Path) -> None:
    before = words_in(data_dir)
    assert store.erase(["nobody", "../../x"]) == 0
    assert words_in(data_dir) == before


def test_everything_goes_but_what_is_not_ours(store: Store, data_dir: Path) -> None:
    for name in (
        *(
            "conversations.toml.broken-1",
            "userdesk.log",
            "userdesk.log.1",
            "crash-1.txt",
            ".read.json.1.tmp",
            "told.json",
        ),
        *("transcripts/a1.t1.answer", "transcripts/lost.jsonl", "transcripts/a1.t1.owner"),
        *(
            "drafts/nobody.txt",
            "drafts/.a1.txt.2.tmp",
            "trash/rest.jsonl",
            "trash/no key.toml",
            "trash/.a3.toml.3.tmp",
        ),
        "demo/e1.jsonl",
    ):
        (data_dir / name).parent.mkdir(exist_ok=True)
        (data_dir / name).write_text("words of a1")
    outside = data_dir.parent / "outside"
    outside.write_text("words of somebody else")
    (data_dir / "transcripts" / "link.jsonl").symlink_to(outside)
    (data_dir / "notes.txt").write_text("mine")
    assert purge_everything(store) == 4
    assert outside.read_text() == "words of somebody else"
    left = {path.name for path in data_dir.rglob("*") if path.is_file()}
    # Whether a lock that nobody holds stays is the library's affair.
    assert left - {".lock"} == {"notes.txt", "conversations.toml"}
    assert Store(data_dir).open() == []


@pytest.mark.parametrize(
    ("arguments", "words", "left"),
    [
        (["chatbot", "acme", "--yes"], "Removed 3 conversations", 1),
        (["chatbot", "demo", "--yes"], "Nothing to remove", 3),
        (["everything", "--yes"], "Removed 4 conversations", 0),
        (["trash", "--yes"], "Removed 1 conversation", 3),
    ],
)
def test_command(store: Store, data_dir: Path, arguments: list[str], words: str, left: int) -> None:
    done = purge(data_dir, *arguments)
    assert done.returncode == 0 and words in done.stdout
    store.reload()
    assert len(store.conversations()) == left


@pytest.mark.parametrize("arguments", [["chatbot"], ["trash", "acme"], ["chatbot", "acme"]])
def test_command_asks_for_what_it_needs(store: Store, data_dir: Path, arguments: list[str]) -> None:
    done = purge(data_dir, *arguments)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert len(store.conversations()) == 3


@pytest.mark.parametrize("ends", ["finished", "killed"])
@pytest.mark.parametrize("deleted", [False, True], ids=["saved", "in the trash"])
def test_an_answer_that_still_arrives_in_another_process_brings_nothing_back(
    store: Store, data_dir: Path, ends: str, deleted: bool
) -> None:
    other = Store(data_dir)
    other.open()
    answer = other.begin_answer("a1", "t1")
    answer.append("what it said ")
    if deleted:
        store.delete("a1")
    assert store.erase(["a1"]) == 1
    with pytest.raises(ConversationGone):
        answer.append("before it was removed")
    if ends == "finished":
        with pytest.raises(ConversationGone):
            answer.finish(Message(role=Role.ASSISTANT, text="what it said, whole", at=now()))
    with pytest.raises(ConversationGone):
        other.transcript("a1").append(Message(role=Role.USER, text="and what was said to it", at=now()))
    again = Store(data_dir)
    assert again.open() == []
    assert b"said" not in words_in(data_dir)
    assert {each.key for each in again.conversations()} == {"a2", "o1"}


async def test_while_another_window_streams(open_window, server, data_dir: Path) -> None:
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        server.answer_next([b"first half, ", b"second half"])
        server.hold(1)
        await window.say("A secret of mine")
        await window.sees("first half")
        key = window.current
        other = Store(data_dir)
        other.open()
        assert purge_everything(other) == 1
        server.release()
        await window.idle()
        await window.until(lambda: window.current and window.current != key, "another conversation")
        await window.sees("was removed for good in another window")
        assert key not in {each["key"] for each in window.index}
        assert not window.service.write_queue and window.crash is None
    again = Store(data_dir)
    assert again.open() == []
    assert key not in {each.key for each in again.conversations()}
    assert not list((data_dir / "transcripts").glob(f"{key}.*"))


async def test_in_the_program_after_two_questions(open_window, server) -> None:
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        await window.say("A secret of mine")
        await window.idle()
        key = window.current
        deleted = Conversation(key="gone", bot="env", created=now())
        window.store.add(deleted)
        window.store.transcript("gone").append(Message(role=Role.USER, text="Thrown away", at=now()))
        window.store.history.append("Thrown away")
        window.store.delete("gone")
        window.remember_prompts()
        await window.until(lambda: "Thrown away" in window.prompts, "both prompts")
        await window.command("purge")
        await window.sees("the trash (1)")
        await window.pilot.press("1", *"remove", "enter")
        await window.until(lambda: window.prompts == ["A secret of mine"], "one prompt")
        await window.write("half a secret")
        await window.command("purge")
        await window.sees("Remove for good", "all conversations with Acme support (1)")
        await window.pilot.press("2")
        await window.sees("confirm with “remove”")
        await window.pilot.press("escape")
        assert window.transcript(key)
        await window.command("purge")
        await window.pilot.press("3", "enter")
        await window.sees("Type something first")
        assert window.transcript(key), "Enter alone removes nothing"
        await window.pilot.press(*"remove", "enter")
        await window.sees("Removed 1 conversation")
        await window.until(lambda: window.current and window.current != key, "another conversation")
        await window.misses("A secret of mine", "half a secret")
        assert not window.draft_of(key)
        await window.idle()
        await window.flush_draft()
        assert not window.unsaved
        await window.until(lambda: not window.prompts, "the end of the earlier prompts")
        left = words_in(window.data_dir)
        assert b"A secret of mine" not in left and b"half a secret" not in left

"""What is said to be saved outlives a power cut: bytes are synced before their name is, and names after."""

import os
import sys
from pathlib import Path

import pytest

from userdesk.domain.chatbot import Chatbot
from userdesk.settings.write import add_bot
from userdesk.store.trash.trash import join

Steps = list[tuple[str, int]]


@pytest.fixture
def steps(monkeypatch) -> Steps:
    """What is done to the disk from now on: the step, and the inode it is done to."""
    done: Steps = []
    write, sync, replace = os.write, os.fsync, os.replace

    def writing(descriptor, data):
        done.append(("write", os.fstat(descriptor).st_ino))
        return write(descriptor, data)

    def syncing(descriptor):
        done.append(("sync", os.fstat(descriptor).st_ino))
        sync(descriptor)

    def replacing(source, target):
        done.append(("name", os.stat(source).st_ino))
        replace(source, target)

    monkeypatch.setattr(os, "write", writing)
    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(os, "replace", replacing)
    return done


def file_steps(path, steps: Steps) -> list[str]:
    """The steps that concern a file or its folder, in their order."""
    names = {path.stat().st_ino: "", path.parent.stat().st_ino: " folder"}
    found = [f"{what}{names[inode]}" for what, inode in steps if inode in names]
    steps.clear()
    return found


synced_by_fsync = pytest.mark.skipif(sys.platform == "darwin", reason="syncs by another call")


@synced_by_fsync
def test_what_is_saved_is_synced_before_it_is_said_to_be(store, data_dir, steps, conversation, user):
    atomic = ["write", "sync", "name", "sync folder"]
    store.add(conversation("k1"))
    assert file_steps(data_dir / "conversations.toml", steps) == atomic
    store.drafts.set("k1", "half a thought")
    assert file_steps(data_dir / "drafts/k1.txt", steps) == atomic
    transcript = data_dir / "transcripts/k1.jsonl"
    store.transcript("k1").append(user())
    assert file_steps(transcript, steps) == ["write", "sync", "sync folder"]
    store.transcript("k1").append(user())
    assert file_steps(transcript, steps) == ["write", "sync"]
    answer = store.begin_answer("k1", "t1")
    assert file_steps(data_dir / "transcripts/k1.t1.answer", steps) == ["write", "sync", "sync folder"]
    answer.append("a piece")
    assert file_steps(data_dir / "transcripts/k1.t1.answer", steps) == ["write", "sync"]
    answer.finish(user("whole"))
    assert file_steps(transcript, steps)[:2] == ["write", "sync"]
    store.delete("k1")
    assert file_steps(data_dir / "trash/k1.toml", steps)[:4] == atomic


@synced_by_fsync
@pytest.mark.parametrize("is_there", [False, True], ids=["moved", "joined"])
def test_a_moved_transcript_is_in_its_new_folder_before_it_has_left_the_old_one(
    tmp_path: Path, steps: Steps, is_there: bool
) -> None:
    source, target = tmp_path / "live" / "k1.jsonl", tmp_path / "trash" / "k1.jsonl"
    for path, text in ((source, "new\n"), (target, "old\n")):
        path.parent.mkdir()
        if is_there or path == source:
            path.write_text(text)
    folders = {path.parent.stat().st_ino: path.parent.name for path in (source, target)}
    steps.clear()
    join(target, source, target)
    assert target.read_text() == ("old\nnew\n" if is_there else "new\n") and not source.exists()
    named = {**folders, target.stat().st_ino: "file"}
    done = [(what, named[inode]) for what, inode in steps if inode in named]
    written = [("write", "file"), ("sync", "file")] if is_there else []
    replaced = [("name", "file"), *([("sync", "trash")] if is_there else [])]
    assert done == [*written, *replaced, ("sync", "trash"), ("sync", "live")]


@synced_by_fsync
def test_a_configuration_that_was_changed_is_synced_with_its_folder(tmp_path: Path, steps: Steps) -> None:
    path = tmp_path / "config.toml"
    path.write_text('theme = "userdesk-dark"\n')
    add_bot(path, Chatbot("acme", "Acme support", "123456"))
    assert file_steps(path, steps) == ["write", "sync", "name", "sync folder"]

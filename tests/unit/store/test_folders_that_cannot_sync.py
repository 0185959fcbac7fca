"""A folder whose fsync fails: a line is in its file once, nothing that was set aside goes, and it is told."""

import errno
import json
import os
import stat
from pathlib import Path

import pytest

from userdesk.domain.message import Role
from userdesk.files import atomic
from userdesk.store import StoreError
from userdesk.store.store import Store
from userdesk.store.trash.trash import join


class Disk:
    """Lets fsync fail: of folders, of files, or of both."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folders = self.files = 0
        self._fsync = os.fsync
        monkeypatch.setattr(os, "fsync", self._sync)

    def _sync(self, descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        if number := self.folders if is_folder else self.files:
            raise OSError(number, os.strerror(number))
        self._fsync(descriptor)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def texts(data_dir: Path, key: str) -> list[str]:
    lines = (data_dir / "transcripts" / f"{key}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF])
def test_a_file_system_that_cannot_sync_is_no_failing_disk(tmp_path, disk, conversation, user, number):
    disk.folders = disk.files = number
    store = Store(tmp_path / "data")
    assert store.open() == []
    store.add(conversation("k1"))
    store.transcript("k1").append(user("once"))
    store.delete("k1")
    store.restore("k1")
    assert texts(tmp_path / "data", "k1") == ["once"]


@pytest.mark.parametrize("what", ["folders", "files"])
def test_a_line_that_is_tried_again_is_in_its_file_once(
    store, data_dir, disk, conversation, user, what, monkeypatch
):
    monkeypatch.setattr(os, "ftruncate", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "no")))
    store.add(conversation("k1"))
    transcript = store.transcript("k1")
    setattr(disk, what, errno.EIO)
    for _ in range(3):
        with pytest.raises(StoreError, match="the disk reported an error"):
            transcript.append(user("once"), "t1")
    disk.folders = disk.files = 0
    Store(data_dir).transcript("k1").append(user("another process"))
    assert transcript.append(user("once"), "t1") == 0
    assert texts(data_dir, "k1") == ["once", "another process"]
    transcript.append(user("once"), "t2")  # a message that says the same is another one
    assert texts(data_dir, "k1") == ["once", "another process", "once"]


def test_an_answer_that_is_tried_again_is_in_its_file_once(store, data_dir, disk, conversation, user):
    store.add(conversation("k1"))
    answer = store.begin_answer("k1", "t1")
    disk.folders = errno.EIO
    with pytest.raises(StoreError):
        answer.finish(user("whole", role=Role.ASSISTANT))
    disk.folders = 0
    answer.finish(user("whole", role=Role.ASSISTANT))
    assert texts(data_dir, "k1") == ["whole"]
    assert not list((data_dir / "transcripts").glob("*.answer"))


def test_a_piece_of_an_answer_that_is_there_twice_is_read_once(
    store, data_dir, disk, conversation, user, monkeypatch
):
    store.add(conversation("k1"))
    store.transcript("k1").append(user("asked"), "t1")
    answer = store.begin_answer("k1", "t1")
    answer.append("first ", [(10, 6)])
    monkeypatch.setattr(os, "ftruncate", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "no")))
    disk.files = errno.EIO
    with pytest.raises(StoreError):
        answer.append("second ", [(20, 7)])
    disk.files = 0
    answer.append("second third", [(20, 7), (30, 5)])
    answer.owner.release()  # as a kill does
    again = Store(data_dir)
    again.open()
    found = list(again.transcript("k1"))[-1]
    assert (found.text, found.chunks) == ("first second third", ((10, 6), (20, 7), (30, 5)))


def test_a_list_that_was_replaced_keeps_its_original_and_its_deletion(
    store, data_dir, disk, conversation, user
):
    store.add(conversation("k1", id="e1"))
    store.transcript("k1").append(user())
    file = data_dir / "conversations.toml"
    file.write_text(file.read_text() + "\n[[conversation]]\nbot = 'nameless'\n")
    disk.folders = errno.EIO
    with pytest.raises(StoreError):
        store.add(conversation("k2"))
    (aside,) = data_dir.glob("conversations.toml.set-aside-*")
    assert "nameless" in aside.read_text()
    assert {each.key for each in store.conversations()} == {"k1", "k2"}  # what the file says by now
    with pytest.raises(StoreError):
        store.add(conversation("k2"))  # still not confirmed, though nothing is to be written
    disk.folders = 0
    store.add(conversation("k2"))
    assert [each.key for each in Store(data_dir).conversations()] == []
    again = Store(data_dir)
    assert again.open() == []
    assert {each.key for each in again.conversations()} == {"k1", "k2"}


@pytest.mark.parametrize("at", range(1, 8))
def test_a_deletion_whose_sync_fails_loses_no_id(store, data_dir, conversation, user, monkeypatch, at):
    store.add(conversation("k1", id="e1"))
    store.transcript("k1").append(user("kept"))
    left, fsync = at, os.fsync

    def sync(descriptor):
        nonlocal left
        left -= 1
        if not left:
            raise OSError(errno.EIO, "no")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    try:
        store.delete("k1")
    except StoreError as error:
        assert "the disk reported an error" in error.message
    monkeypatch.setattr(os, "fsync", fsync)
    again = Store(data_dir)
    again.open()
    if again.get("k1") is None:
        again.restore("k1")
    assert again.get("k1").id == "e1"
    assert [each.text for each in again.transcript("k1")] == ["kept"]


def test_a_file_that_changes_its_folder_is_synced_into_the_new_one_first(tmp_path, monkeypatch):
    synced: list[Path] = []
    monkeypatch.setattr("userdesk.store.trash.trash.sync_folder", synced.append)
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "k.jsonl").write_text("{}\n")
    older, newer = tmp_path / "two" / "k.jsonl", tmp_path / "one" / "k.jsonl"
    join(older, newer, older)
    assert synced == [tmp_path / "two", tmp_path / "one"]


def test_the_folders_own_names_are_synced_once(tmp_path, monkeypatch):
    synced: list[Path] = []
    sync = atomic.sync_folder
    monkeypatch.setattr(atomic, "sync_folder", lambda path: (synced.append(path), sync(path)))
    monkeypatch.setattr("userdesk.store.folder.sync_folder", atomic.sync_folder)
    data_dir = tmp_path / "above" / "data"
    Store(data_dir).open()
    assert synced == [tmp_path, tmp_path / "above", data_dir]
    Store(data_dir).open()
    assert len(synced) == 3

import errno
import os
import shutil
import stat
import subprocess

import pytest

from userdesk.domain.message import Role
from userdesk.store.problems import StoreError
from userdesk.store.store import Store
from userdesk.store.transcript.in_flight import interrupted


def modes(folder):
    paths = [folder, *folder.rglob("*")]
    return {path.relative_to(folder).as_posix(): stat.S_IMODE(path.lstat().st_mode) for path in paths}


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_files_and_folders_are_for_their_owner_alone(tmp_path, mask, conversation, user):
    before = os.umask(mask)
    try:
        store = Store(tmp_path / "above" / "data")
        store.open()
        store.add(conversation("k1"))
        store.add(conversation("k2"))
        store.transcript("k1").append(user())
        store.begin_answer("k1", "t1").append("x")
        store.drafts.set("k1", "draft")
        store.read_marks.set("k1", 1)
        store.history.append("x")
        store.delete("k2")
        found = modes(tmp_path / "above")
    finally:
        os.umask(before)
    assert len(found) > 10
    for name, mode in found.items():
        folder = (tmp_path / "above" / name).is_dir()
        assert mode == (0o700 if folder else 0o600), name


def test_the_mode_of_a_folder_that_was_there_is_left_alone(tmp_path, conversation):
    tmp_path.chmod(0o750)
    store = Store(tmp_path)
    store.open()
    store.add(conversation("k1"))
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


def test_nothing_is_written_through_a_symbolic_link(store, data_dir, tmp_path, conversation, user):
    outside = tmp_path / "outside"
    outside.write_text("untouched")
    (data_dir / "transcripts/k1.jsonl").symlink_to(outside)
    (data_dir / "conversations.toml").symlink_to(outside)
    (data_dir / "drafts/k1.txt").symlink_to(outside)
    (data_dir / "history.jsonl").symlink_to(outside)
    (data_dir / "read.json").symlink_to(outside)
    with pytest.raises(StoreError) as caught:
        store.transcript("k1").append(user())
    assert "symbolic link" in caught.value.message
    with pytest.raises(StoreError):
        store.history.append("x")
    store.drafts.set("k1", "draft")
    store.read_marks.set("k1", 1)
    store.add(conversation("k1"))
    assert outside.read_text() == "untouched"


def test_a_data_folder_removed_while_running_comes_back_with_the_next_write(
    store, data_dir, conversation, user
):
    store.add(conversation("k1"))
    shutil.rmtree(data_dir)
    assert store.reload() is False
    store.add(conversation("k2"))
    store.transcript("k2").append(user("hello"))
    shutil.rmtree(data_dir)
    answer = store.begin_answer("k2", "t1")
    answer.append("some")
    shutil.rmtree(data_dir)
    answer.append(" more")
    store.transcript("k2").append(user("again"))
    answer.finish(user("some more", role=Role.ASSISTANT))
    store.drafts.set("k1", "draft")
    store.history.append("x")
    store.update("k1", lambda c: c.evolve(title="back"))
    again = Store(data_dir)
    assert again.open() == []
    assert [(c.key, c.title) for c in again.conversations()] == [("k1", "back"), ("k2", "again")]
    assert [m.text for m in again.transcript("k2")] == ["again", "some more"]
    assert modes(data_dir)["transcripts"] == 0o700


def test_a_place_that_can_not_be_a_folder_is_told_and_every_write_says_why(tmp_path, conversation, user):
    (tmp_path / "file").write_text("I am a file")
    store = Store(tmp_path / "file" / "data")
    troubles = store.open()
    assert any("a file where a folder should be" in problem.message for problem in troubles)
    assert all(problem.located.count(str(tmp_path)) == 1 for problem in troubles)
    for write in (
        lambda: store.add(conversation("k1")),
        lambda: store.transcript("k1").append(user()),
        lambda: store.begin_answer("k1", "t1"),
        lambda: store.drafts.set("k1", "x"),
        lambda: store.read_marks.set("k1", 1),
        lambda: store.history.append("x"),
    ):
        with pytest.raises(StoreError) as caught:
            write()
        assert isinstance(caught.value.__cause__, OSError)
        assert "a file where a folder should be" in caught.value.message
    assert (store.conversations(), store.recencies(), store.drafts.keys()) == ([], {}, set())


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 96 kB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(place)]
    if (
        os.geteuid() != 0
        or shutil.which("mount") is None
        or subprocess.run(mount, capture_output=True).returncode
    ):
        pytest.skip("needs the right to mount a small file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place):
    with (place / "filler").open("ab", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def test_a_full_disk_is_said_and_loses_nothing(small_disk, conversation, user):
    store = Store(small_disk / "data")
    assert store.open() == []
    store.add(conversation("k1", title="kept"))
    transcript = store.transcript("k1")
    transcript.append(user("kept"))
    store.drafts.set("k1", "kept")
    answer = store.begin_answer("k1", "t1")
    answer.append("start ")
    fill(small_disk)
    large = "y" * 20_000
    for write in (
        lambda: store.add(conversation("k2", title=large)),
        lambda: store.update("k1", lambda c: c.evolve(title=large)),
        lambda: store.delete("k1"),
        lambda: transcript.append(user(large)),
        lambda: answer.append(large),
        lambda: answer.finish(user(large)),
        lambda: store.drafts.set("k1", large),
        lambda: store.history.append(large),
    ):
        with pytest.raises(StoreError) as caught:
            write()
        assert "no space left on the disk" in caught.value.message
    again = Store(small_disk / "data")
    again.open()
    assert [c.title for c in again.conversations()] == ["kept"]
    assert again.trash.list() == []
    assert [m.text for m in again.transcript("k1")] == ["kept"]
    assert again.drafts.get("k1") == "kept"
    (small_disk / "filler").unlink()
    answer.append("end")
    sidecar = (small_disk / "data/transcripts/k1.t1.answer").read_bytes()
    assert interrupted(sidecar, conversation().created).text == "start end"
    assert transcript.append(user(large)) == 1
    assert answer.finish(user("the answer", role=Role.ASSISTANT)) == 2
    store.update("k1", lambda c: c.evolve(title="written later"))
    last = Store(small_disk / "data")
    assert last.open() == []
    assert [c.title for c in last.conversations()] == ["written later"]
    assert [m.text for m in last.transcript("k1")] == ["kept", large, "the answer"]
    assert not [path for path in (small_disk / "data").rglob("*") if path.name.endswith(".tmp")]


def test_a_read_only_disk_can_be_read_and_says_why_nothing_is_saved(small_disk, conversation, user):
    store = Store(small_disk / "data")
    store.open()
    store.add(conversation("k1"))
    store.transcript("k1").append(user("kept"))
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    again = Store(small_disk / "data")
    again.open()
    assert [c.key for c in again.conversations()] == ["k1"]
    assert [m.text for m in again.transcript("k1")] == ["kept"]
    for write in (lambda: again.add(conversation("k2")), lambda: again.transcript("k1").append(user())):
        with pytest.raises(StoreError) as caught:
            write()
        assert "the disk is read-only" in caught.value.message
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    again.add(conversation("k2"))
    assert [c.key for c in again.conversations()] == ["k1", "k2"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EDQUOT, "the disk quota is used up"),
        (errno.EACCES, "no permission"),
        (errno.EIO, "the disk reported an error"),
    ],
)
def test_a_write_that_breaks_off_says_why_and_leaves_no_half(
    store, data_dir, conversation, user, monkeypatch, number, words
):
    """A disk that takes half of what is written, and then no more."""
    store.add(conversation("k1"))
    store.transcript("k1").append(user("kept"))
    answer = store.begin_answer("k1", "t1")

    def held():
        return {path: path.read_bytes() for path in data_dir.rglob("*") if path.is_file()}

    before, write, has_room = held(), os.write, True

    def writing(descriptor, data):
        nonlocal has_room
        has_room = not has_room
        if has_room:
            raise OSError(number, os.strerror(number))
        return write(descriptor, bytes(data)[: len(data) // 2])

    monkeypatch.setattr(os, "write", writing)
    for save in (
        lambda: store.add(conversation("k2")),
        lambda: store.transcript("k1").append(user("lost")),
        lambda: answer.append("lost"),
        lambda: store.drafts.set("k1", "lost"),
        lambda: store.history.append("lost"),
        lambda: store.read_marks.set("k1", 1),
    ):
        with pytest.raises(StoreError, match=words):
            save()
    monkeypatch.undo()
    assert {path: data for path, data in held().items() if data} == {p: d for p, d in before.items() if d}


def test_half_written_files_of_killed_processes_are_swept_when_they_are_old(store, data_dir):
    old, young = data_dir / ".conversations.toml.aa.tmp", data_dir / "drafts" / ".k1.txt.bb.tmp"
    for path in (old, young):
        path.write_text("half")
    os.utime(old, (0, 0))
    Store(data_dir).open()
    assert not old.exists() and young.exists()

"""Files that a visit may deliver: those in its folder, as they were when it said so."""

import os
from pathlib import Path

import pytest

from userdesk.serve.deliveries import KEPT, Deliveries


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (folder := tmp_path / "visit").mkdir()
    (folder / "inner").mkdir()
    (folder / "inner/talk.md").write_bytes(b"words" * 50_000)
    (tmp_path / "secret").write_bytes(b"secret")
    return folder


@pytest.fixture
def deliveries(folder: Path) -> Deliveries:
    return Deliveries(folder)


async def content(deliveries: Deliveries, key: str | None) -> bytes:
    assert key
    file = deliveries.get(key)
    assert file
    return b"".join([piece async for piece in file.pieces()])


async def test_file_in_the_folder_is_delivered(deliveries: Deliveries, folder: Path) -> None:
    key = deliveries.add(str(folder / "inner/talk.md"), "Talk.md")
    assert await content(deliveries, key) == b"words" * 50_000
    assert await content(deliveries, key) == b"words" * 50_000  # a browser may ask again
    assert [*(folder / "inner").iterdir()] == []  # it takes room no longer than it is kept
    assert key
    assert len(key) > 20


def escapes(folder: Path) -> dict[str, str]:
    outside = folder.parent / "secret"
    (folder / "link").symlink_to(outside)
    (folder / "inner link").symlink_to(folder / "inner")
    (folder / "linked folder").symlink_to(folder.parent)
    os.link(outside, folder / "hard link")
    os.mkfifo(folder / "fifo")
    (folder.parent / "visit2").mkdir()
    (folder.parent / "visit2/talk.md").write_bytes(b"another's")
    return {
        "outside": str(outside),
        "dots": str(folder / "../secret"),
        "inner dots": str(folder / "inner/../../secret"),
        "link": str(folder / "link"),
        "folder behind a link": str(folder / "linked folder/secret"),
        "inside behind a link": str(folder / "inner link/talk.md"),
        "hard link": str(folder / "hard link"),
        "fifo": str(folder / "fifo"),
        "folder": str(folder / "inner"),
        "itself": str(folder),
        "neighbour with its name": str(folder.parent / "visit2/talk.md"),
        "relative": "inner/talk.md",
        "missing": str(folder / "missing"),
        "device": "/dev/zero",
        "process": "/proc/self/environ",
        "nul": f"{folder}/inner/talk.md\0",
        "empty": "",
        "surrogate": f"{folder}/\ud800",
        "long": f"{folder}/{'x' * 100_000}",
    }


def test_nothing_else_is(deliveries: Deliveries, folder: Path) -> None:
    paths = escapes(folder)
    before = {*folder.rglob("*"), *folder.parent.iterdir()}
    delivered = {why for why, path in paths.items() if deliveries.add(path, "x")}
    assert delivered == set()
    assert {*folder.rglob("*"), *folder.parent.iterdir()} == before


async def test_it_is_the_file_that_was_there_then(deliveries: Deliveries, folder: Path) -> None:
    path = folder / "inner/talk.md"
    key = deliveries.add(str(path), "x")
    path.symlink_to(folder.parent / "secret")
    assert await content(deliveries, key) == b"words" * 50_000


async def test_cut_file_ends_early(deliveries: Deliveries, folder: Path) -> None:
    path = folder / "inner/talk.md"
    with path.open("r+b") as file:
        key = deliveries.add(str(path), "x")
        file.truncate(3)
    assert await content(deliveries, key) == b"wor"


def test_few_files_are_kept_and_none_after_the_visit(deliveries: Deliveries, folder: Path) -> None:
    before = len(os.listdir("/dev/fd"))
    keys = []
    for number in range(KEPT + 3):
        (file := folder / str(number)).touch()
        keys.append(deliveries.add(str(file), "x"))
    assert [bool(key and deliveries.get(key)) for key in keys] == [False] * 3 + [True] * KEPT
    assert len(os.listdir("/dev/fd")) == before + KEPT
    deliveries.close()
    assert not any(key and deliveries.get(key) for key in keys)
    assert len(os.listdir("/dev/fd")) == before


def test_folder_behind_a_link_of_the_system_is_the_same(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "short").symlink_to(tmp_path)
    by_link = tmp_path / "short/visit"
    assert Deliveries(by_link).add(str(folder / "inner/talk.md"), "x")
    (folder / "inner/talk.md").touch()
    assert Deliveries(by_link).add(str(by_link / "inner/talk.md"), "x")


async def test_all_together_are_bounded_and_the_newest_is_never_forgotten(
    deliveries: Deliveries, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("userdesk.serve.deliveries.KEPT_BYTES", 1000)
    keys = []
    for name, size in (("a", 400), ("b", 400), ("c", 400), ("d", 5000), ("e", 100)):
        (folder / name).write_bytes(b"x" * size)
        keys.append(deliveries.add(str(folder / name), name))
        there = "".join("abcde"[at] for at, key in enumerate(keys) if key and deliveries.get(key))
        assert there == {"a": "a", "b": "ab", "c": "bc", "d": "d", "e": "e"}[name]
    assert deliveries.size == 100

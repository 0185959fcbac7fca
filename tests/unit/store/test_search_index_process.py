"""The process that builds the search index: one at a time, ended with the program, killed at any moment."""

import asyncio
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from indexed_search import build, found, segments
from userdesk.store.folder import DataFolder
from userdesk.store.search import building
from userdesk.store.search.background import IndexProcess, needs_index

BUILD = """
import sys
from pathlib import Path
from userdesk.store.search import builder_process, building
building.SEGMENT = 1
builder_process.IndexBuilder = lambda folder: building.IndexBuilder(
    folder, worthwhile=0, segment_size=2000, settled=0)
builder_process.main(Path(sys.argv[1]))
"""


def started(child: Callable[..., "subprocess.Popen[str]"], data_dir: Path) -> "subprocess.Popen[str]":
    return child(BUILD, data_dir)


def test_one_builds_at_a_time(
    data_dir: Path, write: Callable[..., Path], child: Callable[..., "subprocess.Popen[str]"]
) -> None:
    write("k1", "an apple")
    first = started(child, data_dir)
    assert first.stdin and first.stdout
    first.stdin.write("\n")
    first.stdin.flush()
    assert first.stdout.readline() == "0\n"
    second = started(child, data_dir)
    assert second.communicate("\n" * 20)[0] == "" and second.returncode == 0
    first.stdin.write("\n" * 20)
    first.stdin.flush()
    assert first.stdout.readline() == "100\n"
    assert first.wait(20) == 0
    assert found(data_dir, "apple", "k1")


def test_killed_while_it_builds(
    data_dir: Path, write: Callable[..., Path], child: Callable[..., "subprocess.Popen[str]"]
) -> None:
    keys = [f"c{number}" for number in range(60)]
    for number, key in enumerate(keys):
        write(key, *[f"apple {number} {'filler ' * number}"] * 3)
    for steps in (1, 3, 6):
        process = started(child, data_dir)
        assert process.stdin and process.stdout
        process.stdin.write("\n" * (steps + 1))
        process.stdin.flush()
        for _ in range(steps):
            process.stdout.readline()
        process.kill()
        process.wait()
        assert found(data_dir, "apple 58", *keys)[0] == found(data_dir, "58", "c58")[0]
        assert len(found(data_dir, "apple", *keys)) == 3 * 60
    assert build(data_dir, segment_size=2000) == 100
    assert {path.suffix for path in segments(data_dir)} == {".words"}
    assert len(found(data_dir, "apple", *keys)) == 3 * 60


async def test_it_inherits_no_key_and_ends_with_us(
    data_dir: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USERDESK_API_KEY", "a-secret-key-123")
    write("k1", "an apple")
    process = IndexProcess(DataFolder(data_dir))
    assert await process.step() == 0
    assert process.child
    environment = Path(f"/proc/{process.child.pid}/environ")
    if environment.exists():
        assert b"a-secret-key" not in environment.read_bytes()
    assert await process.step() is None, "so little needs no index"
    await process.end()
    again = IndexProcess(DataFolder(data_dir))
    assert await again.step() == 0
    assert again.child and again.child.stdin
    again.child.stdin.close()
    assert await again.child.wait() == 0


async def test_who_is_cancelled_while_it_ends_leaves_nothing_open(
    data_dir: Path, write: Callable[..., Path]
) -> None:
    write("k1", "an apple")
    process = IndexProcess(DataFolder(data_dir))
    assert await process.step() == 0
    ending = asyncio.create_task(process.end())
    for _ in range(2):
        await asyncio.sleep(0)
        ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert process.child and process.child.stdout
    assert process.child.returncode is not None and process.child.stdout.at_eof()


def test_a_small_folder_needs_none(data_dir: Path, write: Callable[..., Path]) -> None:
    folder = DataFolder(data_dir)
    assert not needs_index(folder)
    path = write("k1", "an apple")
    assert not needs_index(folder)
    os.truncate(path, building.WORTHWHILE)
    assert needs_index(folder)


@pytest.mark.parametrize("what", ["a file", "a link", "another folder's"])
def test_nothing_is_written_where_the_index_cannot_be(
    data_dir: Path, write: Callable[..., Path], child: Callable[..., "subprocess.Popen[str]"], what: str
) -> None:
    write("k1", "an apple")
    outside = data_dir.parent / "outside"
    outside.mkdir()
    if what == "a file":
        (data_dir / "search").write_text("")
    elif what == "a link":
        (data_dir / "search").symlink_to(outside)
    else:
        (data_dir / "search").mkdir()
        (data_dir / "search" / "other.words").symlink_to(write("k2", "somebody's"))
    process = started(child, data_dir)
    process.communicate("\n" * 20)
    assert process.returncode == 0
    assert not list(outside.iterdir())
    assert found(data_dir, "apple", "k1") == [("k1", 0, "an apple")]
    assert found(data_dir, "somebody", "k2") or what != "another folder's"

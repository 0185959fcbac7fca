"""The longest step of the event loop over folders of years, by what is done."""

import gc
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from large_folders import large_folder
from results_table import Table

from loop_steps import Step
from saved_conversations import save
from step_walk import walking

LONGEST = 16  # ms
MORE = 10  # ms more than over a small folder, of what takes so long there: imports, styles, all of the screen
WALKS = 3
"""What is slow is so each time; what is so once was another process's doing, or a collection of garbage."""
PARAGRAPH = "Where the parcel of order Größe 東京 is, and when it comes. " * 16


def long_conversation(data_dir: Path, count: int = 200_000) -> None:
    """A conversation of about 200 MB."""
    save(data_dir, ((("user", "assistant")[at % 2], f"{at}: {PARAGRAPH}") for at in range(count)))
    short_conversation(data_dir)


def long_message(data_dir: Path, size: int = 21_000_000) -> None:
    """A conversation whose answer has so many characters."""
    save(data_dir, [("user", "long?"), ("assistant", (f"{PARAGRAPH}\n\n" * (size // len(PARAGRAPH)))[:size])])
    short_conversation(data_dir)


def short_conversation(data_dir: Path) -> None:
    """The one that a start opens."""
    save(data_dir, [("user", "refund?"), ("assistant", "It is on its way.")], key="short")


FOLDERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "20,000 conversations": ("c7", lambda data: large_folder(data, 20_000, 2)),
    "a conversation of 200,000 messages": ("id-saved", long_conversation),
    "a message of 21 million characters": ("id-saved", long_message),
}
"""By what is in them: the id of the conversation that is looked at, and how they are made."""


async def longest_steps(folder: Path, conversation_id: str) -> dict[str, Step]:
    """By what was done, over a copy of a folder; what is over is not in it any more."""
    copy = folder.with_name(f"{folder.name}-walked")
    shutil.copytree(folder, copy)
    try:
        async with walking(copy, conversation_id) as (walk, _):
            started = walk.longest
        async with walking(copy) as (walk, pilot):
            await walk.attach(conversation_id)
            await walk.in_sidebar()
            await walk.elsewhere(copy)
            await walk.in_switcher()
            await walk.in_conversation()
            await walk.in_dialogs()
            await walk.look(pilot)
            await walk.remove()
            return started | walk.longest
    finally:
        shutil.rmtree(copy)


async def shortest_of(walks: int, folder: Path, conversation_id: str) -> dict[str, Step]:
    """The longest step of what was done, in the walk in which it was the shortest."""
    every = [await longest_steps(folder, conversation_id) for _ in range(walks)]
    return {done: min((walk[done] for walk in every), key=lambda step: step.held) for done in every[0]}


Large = tuple[str, Path, str]


@pytest.fixture(params=FOLDERS)
def large(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Large:
    """What is in it, the folder, and the id of the conversation that is looked at."""
    gc.collect()
    monkeypatch.chdir(tmp_path)  # exports go there
    clipboard = tmp_path / "bin/pbcopy"
    clipboard.parent.mkdir()
    clipboard.write_text("#!/bin/sh\nexec cat > /dev/null\n", "utf-8")
    clipboard.chmod(0o700)
    monkeypatch.setenv("PATH", f"{clipboard.parent}:{os.environ['PATH']}")
    conversation_id, make = FOLDERS[request.param]
    make(tmp_path / "data")
    return request.param, tmp_path / "data", conversation_id


@pytest.mark.benchmark
async def test_longest_steps(large: Large, table: Table) -> None:
    what, folder, conversation_id = large
    for done, step in (await shortest_of(WALKS, folder, conversation_id)).items():
        table.add(f"{what}: longest step, {done}, ms", "userdesk", 1000 * step.held, str(LONGEST))


@pytest.mark.torture
async def test_no_step_takes_long_whatever_the_folder_holds(large: Large, tmp_path: Path) -> None:
    _, folder, conversation_id = large
    floors = await shortest_of(WALKS, large_folder(tmp_path / "small", 2, 50), "c0")
    late = {
        done: str(step)
        for done, step in (await shortest_of(WALKS, folder, conversation_id)).items()
        if 1000 * step.held > max(LONGEST, 1000 * floors[done].held + MORE)
    }
    assert not late, late

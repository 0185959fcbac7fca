"""The longest step of the event loop over folders of years, by what is done."""

import gc
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
MAY = frozenset(("copy the conversation",))
"""What takes longer than that over 200 MB: the system takes 20 ms to have so much memory back."""
PARAGRAPH = "Where the parcel of order Größe 東京 is, and when it comes. " * 16


def long_conversation(data_dir: Path, count: int = 200_000) -> None:
    """A conversation of about 200 MB."""
    save(data_dir, ((("user", "assistant")[at % 2], f"{at}: {PARAGRAPH}") for at in range(count)))


def long_message(data_dir: Path, size: int = 21_000_000) -> None:
    """A conversation whose answer has so many characters."""
    save(data_dir, [("user", "long?"), ("assistant", (f"{PARAGRAPH}\n\n" * (size // len(PARAGRAPH)))[:size])])


FOLDERS: dict[str, Callable[[Path], object]] = {
    "20,000 conversations": lambda data: large_folder(data, 20_000, 2),
    "a conversation of 200,000 messages": long_conversation,
    "a message of 21 million characters": long_message,
}


async def longest_steps(folder: Path, *, stacks: bool = False) -> dict[str, Step]:
    """By what was done, over a folder; what is over is not in it any more."""
    async with walking(folder, stacks=stacks) as (walk, pilot):
        await walk.in_sidebar()
        await walk.elsewhere(folder)
        await walk.in_switcher()
        await walk.in_conversation()
        await walk.look(pilot)
        return walk.longest


@pytest.fixture(params=FOLDERS)
def large(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, Path]:
    """What is in it, and the folder."""
    gc.collect()
    monkeypatch.chdir(tmp_path)  # exports go there
    FOLDERS[request.param](tmp_path / "data")
    return request.param, tmp_path / "data"


@pytest.mark.benchmark
async def test_longest_steps(large: tuple[str, Path], table: Table) -> None:
    what, folder = large
    for done, step in (await longest_steps(folder)).items():
        table.add(f"{what}: longest step, {done}, ms", "userdesk", 1000 * step.seconds, str(LONGEST))


@pytest.mark.torture
async def test_no_step_takes_long_whatever_the_folder_holds(large: tuple[str, Path], tmp_path: Path) -> None:
    _, folder = large
    floors = await longest_steps(large_folder(tmp_path / "small", 2, 50))
    late = {
        done: f"{1000 * step.seconds:.0f} ms in {step.name}: {step.stack[-300:]}"
        for done, step in (await longest_steps(folder, stacks=True)).items()
        if done not in MAY and 1000 * step.seconds > max(LONGEST, 1000 * floors[done].seconds + MORE)
    }
    assert not late, late

"""A start and `userdesk send` over folders of any size, against an empty one and a single conversation."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from large_folders import large_folder, last_word
from pty_client import Client
from results_table import Table
from run_size import rounds

pytestmark = pytest.mark.benchmark

ROUNDS = rounds(5)
FOLDERS = {"20,000 conversations, 1,000,000 messages": (20_000, 50), "100,000 conversations": (100_000, 2)}
KEYS = "бвгджзиклмнпрстуфцчшщэюяБГДЖЗИЛПФЦЧШЩЭЮЯ"  # none of which a folder or the screen has
KEYS_FOR = 1.2  # s from the first sight of the input bar, in which all of it is read


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("large")
    return {what: large_folder(root / str(size[0]), *size) for what, size in FOLDERS.items()}


def key_times(client: Client) -> tuple[float, float]:
    """Milliseconds to the echo of the first key, and the longest echo of those typed one after the other."""
    shown = client.wait_for("Message ")
    first, longest = 0.0, 0.0
    for key in KEYS * 4:
        since = client.mark
        typed = client.type(key)
        seen = client.wait_for(key, since)
        first = first or seen - client.started
        longest = max(longest, seen - typed)
        if time.monotonic() - shown > KEYS_FOR:
            break
        time.sleep(0.015)  # as somebody who types fast; sooner is a paste
    return 1000 * first, 1000 * longest


def test_start_over_large_folders(
    start: Callable[..., Any], table: Table, large: dict[str, Path], tmp_path: Path
) -> None:
    empty = tmp_path / "nothing"
    empty.mkdir()
    cases = {"an empty folder": empty, **large}
    for number in range(ROUNDS + 1):
        of_empty = 0.0
        for what, data in cases.items():
            shutil.rmtree(data / "drafts", ignore_errors=True)
            with start("userdesk", data, in_place=True) as client:
                first, longest = key_times(client)
                if data != empty:
                    word = last_word(FOLDERS[what][0] - 1)
                    opened = 1000 * (client.wait_for(word) - client.started)
                memory = client.peak_memory
            if not number:  # the first round fills the caches
                continue
            of_empty = of_empty or first
            table.add(f"start to a typed key's echo, {what}, ms", "userdesk", first, "1.3 x an empty folder")
            table.add(f"longest echo of a key while it is read, {what}, ms", "userdesk", longest)
            if data != empty:
                table.add(f"start to the newest conversation, {what}, ms", "userdesk", opened)
                table.add(f"the same in starts of an empty folder, {what}", "userdesk", opened / of_empty)
            table.add(f"most memory, {what}, MB", "userdesk", memory, "100 MB")


def test_send_over_large_folders(
    send_environment: dict[str, str], table: Table, large: dict[str, Path], tmp_path: Path
) -> None:
    for number in range(ROUNDS + 1):
        alone = 0.0
        for what, data in {"an empty folder": tmp_path / f"none-{number}", **large}.items():
            for flags in ([], ["--continue"]):
                begun = time.monotonic()
                subprocess.run(
                    [str(Path(sys.executable).parent / "userdesk"), "send", *flags, "say 1 0 1 end"],
                    env={**send_environment, "USERDESK_DATA_DIR": str(data)},
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
                taken = 1000 * (time.monotonic() - begun)
                alone = alone or taken
                command = " ".join(["userdesk send", *flags])
                if number:
                    ratio = f"{command}, in sends into an empty folder, {what}"
                    table.add(f"{command}, {what}, ms", "userdesk", taken)
                    table.add(ratio, "userdesk", taken / alone, "2 x")

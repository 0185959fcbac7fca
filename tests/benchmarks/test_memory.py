"""Memory of what grows: what is out of view stays on the disk, and an export holds a message at a time."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from paced_server import PacedServer
from results_table import Table
from seeded_answer import last_word

from conftest import write_conversations

pytestmark = pytest.mark.benchmark

TURNS = 1500
CHUNKS = 85  # about 1 kB
EARLY = 100  # turns after which caches are filled
SHORT, LONG = 1_000, 200_000  # messages


def test_memory_of_many_turns(start: Any, server: PacedServer, table: Table) -> None:
    with start("userdesk") as client:
        client.wait_for("Message ")
        client.wait_until_quiet(1.0)
        for turn in range(1, TURNS + 1):
            client.type(f"say {CHUNKS} 0 {turn} t{turn}")
            time.sleep(0.03)  # an Enter right behind other keys is taken for a line break
            since = client.mark
            client.type("\r")
            server.sent(f"t{turn}")
            client.shown(last_word(f"t{turn}"), since)
            time.sleep(0.02)
            if turn in (EARLY, TURNS):
                client.wait_until_quiet(0.5)
                table.add(f"memory after {turn:,} turns, MB", "userdesk", client.memory, "65 MB")


@pytest.mark.parametrize("kind", ["md", "json"])
def test_memory_of_an_export(kind: str, tmp_path: Path, table: Table) -> None:
    for count in (SHORT, LONG):
        data = write_conversations(tmp_path / str(count), [count])
        command = [str(Path(sys.executable).parent / "userdesk"), "export", "--last", "--format", kind]
        environment = {**os.environ, "HOME": str(tmp_path), "USERDESK_DATA_DIR": str(data)}
        begun = time.monotonic()
        child = subprocess.Popen([*command, "--output", str(tmp_path / f"{count}.{kind}")], env=environment)
        most = 0.0
        while child.poll() is None:
            most = peak_memory(child.pid) or most
            time.sleep(0.01)
        seconds, program = time.monotonic() - begun, f"{count:,} messages"
        assert child.returncode == 0
        table.add(f"export as {kind}, most memory, MB", program, most, "1.3 x of 1,000")
        table.add(f"export as {kind}, s", program, seconds)


def peak_memory(pid: int) -> float:
    """The most resident memory of a process so far in MB; what its end reports is its parent's, too."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)

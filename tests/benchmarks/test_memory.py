"""Resident memory while a conversation grows: what is out of view stays on the disk."""

import time
from typing import Any

import pytest
from paced_server import PacedServer
from results_table import Table
from seeded_answer import last_word

pytestmark = pytest.mark.benchmark

TURNS = 1500
CHUNKS = 85  # about 1 kB
EARLY = 100  # turns after which caches are filled


def test_memory_of_many_turns(start: Any, server: PacedServer, table: Table) -> None:
    with start("userdesk") as client:
        client.wait_for("Message ")
        client.wait_until_quiet(1.0)
        for turn in range(1, TURNS + 1):
            client.type(f"say {CHUNKS} 0 {turn} t{turn}")
            time.sleep(0.03)  # an Enter right behind other keys is taken for a line break
            since = client.mark
            client.type("\r")
            server.sent()
            client.wait_for(last_word(f"t{turn}"), since)
            time.sleep(0.02)
            if turn in (EARLY, TURNS):
                client.wait_until_quiet(0.5)
                table.add(f"memory after {turn:,} turns, MB", "userdesk", client.memory, "65 MB")

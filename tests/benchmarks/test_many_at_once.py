"""30 conversations streaming at once: how many answers overlap, and how keys feel meanwhile."""

import time
from statistics import median, quantiles
from typing import Any

import pytest
from paced_server import PacedServer, Sent
from results_table import Table
from seeded_answer import KEYS

pytestmark = pytest.mark.benchmark

CONVERSATIONS = 30
CHUNKS, RATE = 450, 30
KEYS_TYPED, KEY_EVERY = 50, 0.1  # s
NEW = "\x0e"  # Ctrl+N


def test_many_at_once(start: Any, server: PacedServer, table: Table) -> None:
    with start("userdesk") as client:
        client.wait_for("Message ")
        client.wait_until_quiet(1.0)
        for number in range(CONVERSATIONS):
            if number:
                client.type(NEW)
                time.sleep(0.06)
            client.type(f"say {CHUNKS} {RATE} {number} m{number}")
            time.sleep(0.06)
            client.type("\r")
            time.sleep(0.06)
        time.sleep(1)
        typed: list[tuple[float, int, str]] = []
        for key in KEYS[:KEYS_TYPED]:
            mark = client.mark
            typed.append((client.type(key), mark, key))
            time.sleep(max(0.0, typed[-1][0] + KEY_EVERY - time.monotonic()))
        echoes = [1000 * (client.wait_for(key, mark) - at) for at, mark, key in typed]
        answers = [server.sent(f"m{number}") for number in range(CONVERSATIONS)]
        most = overlapping(answers)
        table.add("30 conversations at once, answers that overlap", "userdesk", most, "30")
        table.add("key echo meanwhile, median, ms", "userdesk, 30 answers", median(echoes))
        table.add("key echo meanwhile, p95, ms", "userdesk, 30 answers", quantiles(echoes, n=20)[-1], "15 ms")
        assert most == CONVERSATIONS


def overlapping(answers: list[Sent]) -> int:
    """How many were under way at one time at most."""
    return max(sum(each.first <= at.first <= each.last for each in answers) for at in answers)

"""From the start of the process to a typed key on the screen, and what opening a long conversation adds."""

from pathlib import Path
from typing import Any

import pytest
from pty_client import Client
from results_table import FLOOR, Table
from run_size import rounds

pytestmark = pytest.mark.benchmark

ROUNDS = rounds(7)
ECHO = "start to a typed key's echo, ms"


def echo_time(client: Client) -> float:
    """Milliseconds from the start to the echo of a key typed as soon as the program asks for one."""
    client.wait_for("Message ")
    since = client.mark
    client.type("q")
    return 1000 * (client.wait_for("q", since) - client.started)


def test_startup(start: Any, table: Table, folders: dict[str, Path]) -> None:
    cases: list[tuple[str, str, Path | None]] = [
        (ECHO, FLOOR, None),
        (ECHO, "userdesk", None),
        *(
            (f"the same with {what}", "userdesk", data)
            for what, data in folders.items()
            if what != "50 messages"
        ),
    ]
    for number in range(ROUNDS + 1):
        of_floor = 0.0
        for measure, name, data in cases:
            with start(name, data) as client:
                taken = echo_time(client)
            assert taken > 0
            of_floor = taken if name == FLOOR else of_floor
            if number:  # the first round fills the caches
                table.add(measure, name, taken, "1.3 x an empty folder" if data else "1.10 x the minimal app")
                if data:  # the floor has no conversations: the same start is the measure
                    table.add(measure, FLOOR, of_floor)


def test_opening_by_length(start: Any, table: Table, folders: dict[str, Path]) -> None:
    for number in range(ROUNDS + 1):
        for what, last in (("50 messages", 49), ("10,000 messages", 9999)):
            with start("userdesk", folders[what]) as client:
                shown = client.wait_for(f"Message {last}:") - client.started
                client.wait_until_quiet()
                assert shown > 0
                if number:
                    table.add(f"start to the last of {what}, ms", "userdesk", 1000 * shown, "1.1 x of 50")
                    table.add(f"memory with {what} open, MB", "userdesk", client.memory, "1.3 x of 50")

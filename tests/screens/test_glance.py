"""A long conversation: its end is on the screen before its lines are counted."""

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.events import MouseScrollUp

from demo_server import DemoServer
from saved_conversations import long_talk, save
from userdesk.store.transcript import transcript
from userdesk.store.transcript.line_scan import Scan, scan_lines

COUNT = 6_000


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Lines of a long file are looked for from the first one on only once this is set."""
    goes_on = threading.Event()

    def scan(descriptor: int, begin: int) -> Scan:
        assert begin or os.fstat(descriptor).st_size < transcript.LONG or goes_on.wait(20)
        return scan_lines(descriptor, begin)

    monkeypatch.setattr(transcript, "scan_lines", scan)
    monkeypatch.setattr(transcript, "LONG", 100_000)
    return goes_on


@pytest.fixture
def two_conversations(tmp_path: Path) -> None:
    """A long one, and a short one that is opened first."""
    data = tmp_path / "data"
    save(data, long_talk(COUNT), key="long")
    os.utime(data / "transcripts/long.jsonl", (1_740_000_000, 1_740_000_000))
    save(data, [("user", "A question"), ("assistant", "an answer")], key="short")


@pytest.mark.usefixtures("two_conversations")
async def test_the_end_is_shown_first_and_stays_where_one_scrolls_to(
    server: DemoServer, open_ui: Callable[..., Any], counting: threading.Event
) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        log = ui.log_view
        opening = asyncio.create_task(ui.read_and_open("long"))
        await ui.sees(f"answer {COUNT - 1:05d}")
        assert ui.current == "short" and len(log.view) < COUNT, "only the end is known"
        x, y = log.region.x + 5, log.region.y + 5
        at_end = ui.log_rows
        ui.post(MouseScrollUp(None, x, y, 0, -1, 0, False, False, False, x, y))
        await ui.until(lambda: ui.log_rows[3:] == at_end[:-3], "three rows up")
        await ui.pilot.click(offset=(x, y))
        log.action_move(-1)
        assert log.cursor is None and log.chosen() is None, "nothing is done with it yet"
        rows = ui.log_rows

        counting.set()
        await opening
        assert ui.current == "long" and len(log.view) == COUNT
        assert ui.log_rows == rows, "what is in view stays"
        assert log.chosen().index == COUNT - 1
        log.action_to_start()
        await ui.sees("question 00000")


@pytest.mark.usefixtures("two_conversations")
async def test_a_view_at_the_end_stays_there(
    server: DemoServer, open_ui: Callable[..., Any], counting: threading.Event
) -> None:
    async with open_ui(server.base_url, greeted=False) as ui:
        opening = asyncio.create_task(ui.read_and_open("long"))
        await ui.sees(f"answer {COUNT - 1:05d}")
        rows = ui.log_rows
        counting.set()
        await opening
        assert ui.log_rows == rows and ui.log_view.following

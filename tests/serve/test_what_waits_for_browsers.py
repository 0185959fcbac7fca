"""What waits for a browser that does not read: little, and nothing of it once the visit is over."""

import asyncio
import json
from typing import Any

from host_apart import Browser, Host

from userdesk.serve.channel import LONGEST
from userdesk.serve.visit import BYTES_KEPT, FRAMES_KEPT


class Busy:
    """A browser that reads when a test says so."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.told: list[Any] = []

    async def send_bytes(self, data: bytes) -> None:
        await self.reads.wait()

    async def send_str(self, data: str) -> None:
        self.told.append(json.loads(data))

    def leave(self, code: int, reason: str) -> None:
        """It is gone."""


async def test_of_copies_the_newest_waits(host: Host, browser: Browser) -> None:
    visit, busy = host.only, Busy()
    visit.attach(busy, 80, 24)
    for number in range(FRAMES_KEPT):
        visit.tell("copy", str(number))
    visit.tell("pong", 1)
    visit.tell("copy", "last")
    busy.reads.set()
    await host.wait(lambda: len(busy.told) >= 2)
    visit.tell("pong", 2)
    await host.wait(lambda: ["pong", 2] in busy.told)
    assert busy.told == [["pong", 1], ["copy", "last"], ["pong", 2]]


async def test_longest_copy_has_room_and_many_messages_have_none(host: Host, browser: Browser) -> None:
    visit, busy = host.only, Busy()
    visit.attach(busy, 80, 24)
    visit.tell("copy", "é" * (LONGEST // 2))
    for _ in range(FRAMES_KEPT):
        visit.tell("open_url", {"url": "x" * LONGEST})
    busy.reads.set()
    await host.wait(lambda: busy.told)
    visit.tell("pong", 1)
    await host.wait(lambda: ["pong", 1] in busy.told)
    assert busy.told[0] == ["copy", "é" * (LONGEST // 2)]
    assert sum(len(json.dumps(told)) for told in busy.told[:-1]) <= BYTES_KEPT


async def test_nothing_waits_when_the_visit_is_over_or_its_browser_gone(host: Host, browser: Browser) -> None:
    visit = host.only
    for leaves in (visit.detach, lambda _: visit.end("idle")):
        busy = Busy()
        visit.attach(busy, 80, 24)
        visit.tell("copy", "x")
        assert visit.outbox
        if left := leaves(busy):
            await left
        assert not visit.outbox

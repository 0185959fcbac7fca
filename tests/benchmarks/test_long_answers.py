"""An answer of 4 million characters: the longest that keys wait while it is opened and looked through."""

import asyncio
import gc
import time
from collections.abc import Iterator
from typing import Any

import pytest
from results_table import Table
from seeded_answer import Writer
from textual.app import App, ComposeResult

from step_walk import as_started
from userdesk.domain.message import LONGEST_ANSWER, Message, Role, now
from userdesk.store.search.query import SearchQuery
from userdesk.tui.garbage import GarbageCollector
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.log_view import PAUSE
from userdesk.tui.message_log.message_log import MessageLog

pytestmark = pytest.mark.benchmark

LONGEST = 16  # ms
WORDS = Writer(1)
KINDS = {
    "prose": ("", f"{WORDS.words(12)} **{WORDS.words(2)}** {WORDS.words(20)}.\n\n"),
    "code": ("```python\n", f"    total = call(item)  # {WORDS.words(5)}\n"),
    "table": ("| part | note |\n| --- | --- |\n", f"| {WORDS.words(2)} | {WORDS.words(6)} |\n"),
    "list": ("", f"- {WORDS.words(8)}\n"),
    "one paragraph": ("", f"{WORDS.words(12)} "),
}


class Saved(list[Message]):
    def bytes_before(self, index: int) -> int:
        return sum(len(each.text) for each in self[:index])


def view_of(text: str) -> ConversationView:
    return ConversationView(Saved([Message(role=Role.ASSISTANT, text=text, at=now())]))


class LogAlone(App[None]):
    CSS = "MessageLog { height: 1fr }"

    def compose(self) -> ComposeResult:
        self.log_view: Any = MessageLog()
        yield self.log_view
        yield self.log_view.markers


class Waits:
    """The processor time of the longest turn of the event loop, in ms."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def measure(self) -> None:
        begun = time.thread_time()
        while True:
            await asyncio.sleep(0)
            ended = time.thread_time()
            self.longest = max(self.longest, 1000 * (ended - begun))
            begun = ended

    def take(self) -> float:
        longest, self.longest = self.longest, 0.0
        return longest


async def completed(log: Any) -> None:
    while not all(bubble.is_complete for bubble in log.visible_bubbles()):
        await asyncio.sleep(0.01)


@pytest.fixture
def _garbage() -> Iterator[None]:
    """Garbage is looked for, and threads have their turns, as in the program: not in what the tests hold."""
    gc.collect()
    collector = GarbageCollector()
    with as_started():
        collector.begin()
        yield
        collector.end()
    gc.unfreeze()


@pytest.mark.usefixtures("_garbage")
@pytest.mark.parametrize("kind", KINDS)
async def test_keys_wait_for_no_long_answer(kind: str, table: Table) -> None:
    head, unit = KINDS[kind]
    text = (head + unit * (LONGEST_ANSWER // len(unit)))[:LONGEST_ANSWER]
    app, waits, found = LogAlone(), Waits(), {}
    async with app.run_test(size=(120, 36)) as pilot:
        log = app.log_view
        log.show(view_of("what is needed for any answer\n\n" + text[:1000]))
        await pilot.pause()
        measuring = asyncio.create_task(waits.measure())
        await asyncio.sleep(0)
        waits.take()
        log.show(view_of(text))
        await asyncio.sleep(0)
        found["opened"] = waits.take()
        log.action_page(-1)
        await completed(log)
        found["laid out"] = waits.take()
        log.scroll_rows(-len(log.visible_bubbles()[0]) // 2)
        await pilot.resize_terminal(90, 36)
        await completed(log)
        found["laid out at another width"] = waits.take()
        query = SearchQuery("the")
        log.highlight(query.phrase_spans)
        for _ in log.matches(query, query.phrase_spans):
            await asyncio.sleep(PAUSE)
        log.show_first_match(0)
        await asyncio.sleep(0)
        found["looked through"] = waits.take()
        measuring.cancel()
    for what, longest in found.items():
        measure = f"4,000,000 characters, {kind}: wait of keys while it is {what}, ms"
        table.add(measure, "userdesk", longest, str(LONGEST))

"""One answer of 200,000 characters, for each kind of Markdown: what its end costs against its beginning."""

import gc
import time
from statistics import median

import pytest
from results_table import Table
from rich.style import Style
from seeded_answer import Writer

from userdesk.domain.message import Message, Role, now
from userdesk.markdown.document import Document
from userdesk.markdown.highlight.syntax import syntax_of
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import LiveAnswer, ViewEntry
from userdesk.tui.message_log.painter import Painter

pytestmark = pytest.mark.benchmark

LENGTH, PIECE, WINDOW = 200_000, 250, 36
WORDS = Writer(1)
KINDS = {
    "paragraph": lambda n: f"{WORDS.words(12)} ",
    "list": lambda n: f"- {WORDS.words(8)}\n",
    "nested list": lambda n: f"{'  ' * (n % 4)}- {WORDS.words(8)}\n",
    "table": lambda n: f"| {WORDS.words(2)} | {WORDS.words(6)} | {n} |\n",
    "fence": lambda n: f"    total_{n} = call(item)  # {WORDS.words(5)}\n",
    "quote": lambda n: f"> {WORDS.words(12)}\n",
}
HEADS = {"table": "| part | note | n |\n| --- | --- | --- |\n", "fence": "```python\n"}
MARKS = (
    "http://a.b ",
    "[a](b",
    "[a](b) ",
    "![a](b) ",
    "a@b.co ",
    "*a* ",
    "`a` ",
    "[",
    "www.a.b ",
    "\\(- ",
    "a-a-a-",
    "a\n",
    "> a\n",
)
MARKS += ("$" + "1." * 700 + "\n\n", "| a |\n|---|\n| " + "`" * 1900 + "\n\n")
"""What costs the most to read, over and over."""


def test_nothing_costs_ten_times_what_prose_costs(table: Table) -> None:
    prose = " ".join(WORDS.words(12) for _ in range(600))[:40_000]
    of_prose = min(streaming_cost(prose) for _ in range(3))
    for marks in MARKS:
        ratio = min(streaming_cost((marks * 40_000)[:40_000]) for _ in range(2)) / of_prose
        table.add(f"{marks[:20]!r} over and over, times prose", "userdesk", ratio, "10")
        assert ratio <= 10, marks


def streaming_cost(text: str) -> float:
    """Processor time in s for a text in pieces of 100 characters."""
    document = Document()
    begun = time.process_time()
    for at in range(0, len(text), 100):
        document.append(text[at : at + 100])
        document.layout(100)
    document.finish()
    document.layout(100)
    return time.process_time() - begun


@pytest.mark.parametrize("kind", KINDS)
def test_cost_grows_with_the_text(kind: str, table: Table) -> None:
    text, number = HEADS.get(kind, ""), 0
    while len(text) < LENGTH:
        text += KINDS[kind](number)
        number += 1
    live = LiveAnswer()
    bubble = Bubble(ViewEntry(Message(role=Role.ASSISTANT, text="", at=now()), live=live), 0)
    painter = Painter(lambda name: Style(bold=name == "strong"), Style(), 100)
    costs: list[float] = []
    syntax_of("python").result()  # before it the fence's beginning would be plain, and cheap
    gc.collect()
    gc.disable()
    try:
        for at in range(0, LENGTH, PIECE):
            begun = time.process_time()
            live.add(text[at : at + PIECE])
            rows = bubble.lay_out(99, is_last=True, frame=1)
            for row in range(max(0, rows - WINDOW), rows):
                if row not in bubble.painted:
                    bubble.painted[row] = painter.line(bubble, row)
            costs.append(time.process_time() - begun)
    finally:
        gc.enable()
    assert bubble.source == text[:LENGTH]
    per_thousand = 1000 * 1000 / PIECE
    first, last = (per_thousand * median(part) for part in (costs[8:88], costs[-80:]))
    table.add(f"{kind}: 1,000 characters at the beginning, ms", "userdesk", first)
    table.add(f"{kind}: 1,000 characters after 200,000, ms", "userdesk", last, "1.2 x the beginning")

"""Search over 2,000 conversations with 100,000 messages: how soon results come, how keys feel meanwhile.

`SEARCH_CONVERSATIONS` makes it other than 2,000: with 20,000 it is a million messages.
"""

import asyncio
import json
import os
import random
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from results_table import Table
from run_size import rounds
from textual.widgets import Input

from indexed_search import build
from loop_steps import LoopSteps, steps_watched
from step_walk import as_started
from userdesk.domain.chatbot import Chatbot
from userdesk.settings import Settings
from userdesk.store.search.query import SearchQuery
from userdesk.store.search.search import MessageSearch
from userdesk.tui.app import UserdeskApp
from userdesk.tui.switcher.result_list import ResultList
from userdesk.tui.switcher.screen import SwitcherScreen

pytestmark = pytest.mark.benchmark

CONVERSATIONS = int(os.environ.get("SEARCH_CONVERSATIONS", "2000"))
EXCHANGES = 25
FIRST_RESULTS = "100 ms"
ROUNDS = rounds(3)
LONGEST_STEP = "16"
"""Milliseconds that the event loop may be away while a search runs."""
WORDS = (
    *("refund", "policy", "order", "invoice", "delivery", "customer", "please", "account", "password"),
    *("reset", "shipping", "update", "country", "card", "payment", "error", "page", "click", "button"),
    *("answer", "question", "help", "support", "team", "week", "price", "plan", "cancel", "Größe“"),
)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("year")
    (folder / "transcripts").mkdir()
    dice = random.Random(1)
    index = ["version = 1\n"]

    def words(count: int) -> str:
        return " ".join(dice.choices(WORDS, k=count))

    def line(role: str, text: str, **more: object) -> str:
        at = "2025-03-01T10:00:00Z"
        record = {"role": role, "text": text, "at": at, "status": "complete", **more}
        return json.dumps(record, ensure_ascii=False)

    for number in range(CONVERSATIONS):
        key = f"{number:016x}"
        lines = []
        for exchange in range(EXCHANGES):
            lines.append(line("user", words(12) + "?"))
            oldest = number == 0 and exchange == 3
            text = "\n\n".join(words(30) for _ in range(3)) + (" zanzibar" if oldest else "")
            lines.append(line("assistant", text, chunks=[[37 * i, 10] for i in range(60)]))
        path = folder / "transcripts" / f"{key}.jsonl"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        os.utime(path, (1_740_000_000 + 3600 * number,) * 2)
        index.append(
            f'\n[[conversation]]\nkey = "{key}"\nid = "c{number}"\nbot = "acme"\nchatbot_id = "1"\n'
            f'base_url = "http://127.0.0.1:9"\ntitle = "{words(6)}"\ncreated = 2025-01-01T00:00:00Z\n'
        )
    (folder / "conversations.toml").write_text("".join(index), "utf-8")
    return folder


async def until_told(screen: SwitcherScreen, found: bool, before: object = None) -> float:
    begun = time.perf_counter()
    async with asyncio.timeout(20):
        while any(worker.group == "search" for worker in screen.workers):
            if found and (rows := screen.query_one(ResultList).rows) and rows is not before:
                break
            await asyncio.sleep(0.001)
    return time.perf_counter() - begun


@pytest.mark.parametrize("has_index", [False, True], ids=["without an index", "with an index"])
async def test_results_come_soon_and_keys_never_wait(year: Path, table: Table, has_index: bool) -> None:
    if has_index:
        build(year)
    elif CONVERSATIONS > 2_000:
        pytest.skip("so many are what the index is for")
    acme = Chatbot("acme", "Acme", "1", "http://127.0.0.1:9")
    settings = Settings(
        config_file=year / "config.toml", data_dir=year, chatbots={"acme": acme}, start_bot="acme"
    )
    app = UserdeskApp(settings)
    with as_started(), steps_watched() as steps:
        async with app.run_test(size=(120, 36)) as pilot:
            while not app.chat.state.current:
                await pilot.pause(0.01)
            await look_for_words(app, steps, table, "with an index" if has_index else "without an index")


async def look_for_words(app: UserdeskApp, steps: LoopSteps, table: Table, how: str) -> None:
    """Open the switcher and type words; what is waited for wakes the loop each millisecond."""
    begun = time.perf_counter()
    await app.chat.commands.run("switch")
    while not isinstance(app.screen, SwitcherScreen) or not app.screen.is_mounted:
        await asyncio.sleep(0.001)
    screen = app.screen
    async with asyncio.timeout(20):
        while not screen.query_one(
            ResultList
        ).rows:  # a search that has not begun looks like one that is over
            await asyncio.sleep(0.001)
    print(f"\nopen, {CONVERSATIONS:,} titles listed: {1000 * (time.perf_counter() - begun):.0f} ms")
    while any(worker.group == "search" and worker.is_running for worker in screen.workers):
        await asyncio.sleep(0.001)  # as while one thinks of a word
    field = screen.query_one(Input)
    for typed in ("re", "refund", "refund größe", "zanzibar", "assistant", "nowhere"):
        steps.take()
        begun = time.perf_counter()
        before, is_there = screen.query_one(ResultList).rows, typed not in ("assistant", "nowhere")
        screen.typed(Input.Changed(field, typed))
        await until_told(screen, is_there, before)
        first = time.perf_counter() - begun
        await until_told(screen, False)
        whole = time.perf_counter() - begun
        longest = steps.take()
        times = f"{1000 * first:.0f} ms, {1000 * whole:.0f} ms"
        print(f"{typed!r}: first, all: {times}; longest step: {longest}")
        measure = f"typed in the switcher, {how}, “{typed}”"
        if is_there:
            table.add(f"{measure}: first results, ms", "userdesk", 1000 * first, FIRST_RESULTS)
        table.add(f"{measure}: longest step, ms", "userdesk", 1000 * longest.held, LONGEST_STEP)


QUERIES = {
    "a rare word": "zanzibar",
    "a common word": "refund",
    "two words": "refund größe",
    "no such word": "nowherefound",
    "no such words together": "zanzibar zebra",
    "two letters": "re",
}


def test_first_results_beside_ripgrep_and_sqlite(year: Path, table: Table, tmp_path: Path) -> None:
    shutil.rmtree(year / "search", ignore_errors=True)
    size = sum(path.stat().st_size for path in (year / "transcripts").iterdir())
    begun = time.process_time()
    build(year)
    took = time.process_time() - begun
    used = sum(path.stat().st_size for path in (year / "search").iterdir())
    print(f"\n{size / 1e6:.0f} MB, index {used / size:.0%}, {1e9 * took / size:.0f} s of processor time a GB")
    assert used < size / 2
    fts = fts5(year, tmp_path / "fts.db", size)
    keys = [f"{number:016x}" for number in reversed(range(CONVERSATIONS))]
    for what, typed in QUERIES.items():
        measure = f"search for {what}: first results, ms"
        for _ in range(ROUNDS):
            engine = MessageSearch(year)
            for _ in engine.read_ahead(keys):
                pass
            begun = time.perf_counter()
            next((slice_ for slice_ in engine.find(SearchQuery(typed), keys) if slice_), None)
            table.add(measure, "userdesk", 1000 * (time.perf_counter() - begun), FIRST_RESULTS)
            if shutil.which("rg"):
                begun = time.perf_counter()
                command = ["rg", "-li", "-e", typed.split()[0], str(year / "transcripts")]
                subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
                table.add(measure, "ripgrep, all", 1000 * (time.perf_counter() - begun))
            begun = time.perf_counter()
            fts.execute("SELECT rowid FROM said WHERE said MATCH ? LIMIT 200", (typed,)).fetchall()
            table.add(measure, "SQLite FTS5, whole words", 1000 * (time.perf_counter() - begun))


def fts5(year: Path, path: Path, size: int) -> sqlite3.Connection:
    """All messages in an index of SQLite's, as it comes."""
    begun = time.process_time()
    database = sqlite3.connect(path)
    database.execute("CREATE VIRTUAL TABLE said USING fts5(text)")
    for each in sorted((year / "transcripts").iterdir()):
        with each.open(encoding="utf-8") as lines:
            database.executemany("INSERT INTO said VALUES (?)", ((json.loads(x)["text"],) for x in lines))
    database.commit()
    took = time.process_time() - begun
    print(f"FTS5: {path.stat().st_size / size:.0%}, {1e9 * took / size:.0f} s of processor time per GB")
    return database

"""Visitors of `userdesk serve`: keys in a browser while all of them stream, what each costs, the start."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest
from paced_server import PacedServer
from results_table import Table
from run_size import rounds

from conftest import environment_of

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from browsing import Tab
from serving import Serving

pytestmark = pytest.mark.benchmark

VISITORS = 10
CHUNKS, RATE = 450, 30
KEYS, KEY_EVERY = "zqxjvkzxqvjkxzvqkjzxvkqjxzkvjqxkzvqjxkvzqjkxvzq", 0.2  # s
ROUNDS = rounds(5)
REST = 0.3  # s
WITH_A_BROWSER = "userdesk serve, in a browser"

# From the key's arrival in the page until its letter is drawn.
MEASURES_ECHOES = """() => {
  window.echoes = [];
  let typed = "│ ", pressed = 0;
  document.addEventListener("keydown", (event) => {
    typed += event.key;
    pressed = performance.now();
  }, true);
  window.bundle.terminal.onRender(() => {
    if (!pressed || !window.shownRows().some((it) => it.includes(typed))) return;
    window.echoes.push(performance.now() - pressed);
    pressed = 0;
  });
}"""


@pytest.fixture
def launched() -> Iterator[Any]:
    """This machine's browser."""
    from shutil import which

    from playwright.sync_api import sync_playwright

    path = which("chromium") or which("google-chrome")
    if not path:
        pytest.skip("no browser")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, args=["--no-sandbox"]) as browser,
    ):
        yield browser


@contextmanager
def others(invitation: str) -> Iterator[subprocess.Popen[str]]:
    """The visitors beside the one with a browser, once all see the program."""
    script = str(Path(__file__).with_name("visiting_clients.py"))
    command = [sys.executable, script, invitation, str(VISITORS - 1)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            assert running.stdout.readline() == "ready\n"
            yield running
        finally:
            running.kill()


def test_keys_while_all_stream(server: PacedServer, table: Table, tmp_path: Path, launched: Any) -> None:
    with Serving(environment_of(server, tmp_path), "--visitors", str(VISITORS)) as serving:
        tab = Tab(launched.new_context(viewport={"width": 1200, "height": 800}))
        tab.open(serving.invitation())
        tab.sees("Message")
        with others(serving.invitation()) as clients:
            assert clients.stdin
            tab.send(f"say {CHUNKS} {RATE} 99 m99")
            clients.stdin.write(f"say {CHUNKS} {RATE} {{0}} m{{0}}\n")
            clients.stdin.flush()
            time.sleep(1)
            tab.page.evaluate(MEASURES_ECHOES)
            for key in KEYS:
                tab.press(key)
                time.sleep(KEY_EVERY)
            tab.until("(count) => window.echoes.length >= count", len(KEYS) - 3)
            echoes = tab.page.evaluate("window.echoes")
            visitors = memory_of_visitors(serving)
        assert len(visitors) == VISITORS
    what = f"{VISITORS} visitors stream at once"
    table.add(f"{what}: key echo in a browser, median, ms", WITH_A_BROWSER, median(echoes))
    table.add(f"{what}: key echo in a browser, p95, ms", WITH_A_BROWSER, quantiles(echoes, n=20)[-1], "60 ms")
    for measure, bound in (("Rss", ""), ("Pss", "60 MB")):
        for memory in visitors:
            table.add(
                f"memory of each visitor, {measure.upper()}, MB", WITH_A_BROWSER, memory[measure], bound
            )


def test_first_screen(start: Any, server: PacedServer, table: Table, tmp_path: Path, launched: Any) -> None:
    """Of a visitor for whom a process is ready, and of one who comes right after."""
    measure = "start to the first screen"
    with Serving(environment_of(server, tmp_path), "--visitors", str(2 * ROUNDS + 3)) as serving:
        for number in range(ROUNDS + 1):
            with start("userdesk") as client:
                in_terminal = 1000 * (client.wait_for("Message ") - client.started)
            tabs = [Tab(launched.new_context(viewport={"width": 1200, "height": 800})) for _ in range(2)]
            wait_for_a_spare(serving, 2 * number)  # the browser has made its empty tabs meanwhile
            first, second = (first_screen(serving, tab) for tab in tabs)
            if number:
                table.add(f"{measure}, ms", "userdesk", in_terminal)
                table.add(f"{measure}, ms", WITH_A_BROWSER, first)
                table.add(f"{measure} of a second visitor right after, ms", WITH_A_BROWSER, second)
                to_terminal = f"{measure}, to the terminal's, x"
                table.add(to_terminal, WITH_A_BROWSER, first / in_terminal, "1.5 x")
                table.add(
                    f"{to_terminal}, of a second visitor right after", WITH_A_BROWSER, second / in_terminal
                )


def first_screen(serving: Serving, tab: Tab) -> float:
    """Milliseconds from the address until a new visitor sees the program, in an empty tab."""
    begun = time.monotonic()
    tab.open(serving.invitation())
    tab.until(
        "() => document.body.classList.contains('shown') && "
        "window.shownRows().some((it) => it.includes('Message '))"
    )
    seconds = time.monotonic() - begun
    tab.page.context.close()
    return 1000 * seconds


def wait_for_a_spare(serving: Serving, visits: int) -> None:
    """Wait until there is one process more than visits, and it has nothing to do but wait."""
    used, before = -1.0, -2.0
    while len(visitors := visitors_of(serving)) <= visits or used != before:
        time.sleep(REST)
        newest = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in visitors]
        before, used = used, sum(int(field) for fields in newest for field in fields[11:13])


def memory_of_visitors(serving: Serving) -> list[dict[str, float]]:
    """Resident and proportional memory in MB of each visitor's process."""
    found = []
    for process in visitors_of(serving):
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
        sizes = dict(re.findall(r"^(\w+): +(\d+) kB", text, re.M))
        found.append({name: int(sizes[name]) / 1024 for name in ("Rss", "Pss")})
    return found


def visitors_of(serving: Serving) -> list[int]:
    """Visitors' processes, and the spare one."""
    return [
        process
        for process in sorted(serving.processes())
        if b"userdesk.tui.visitor" in Path(f"/proc/{process}/cmdline").read_bytes()
    ]

"""500 chunks a second of every kind of Markdown: how soon text is shown, how keys feel, what it costs."""

import time
from statistics import median, quantiles
from typing import Any

import pytest
from paced_server import PacedServer
from pty_client import Client
from results_table import FLOOR, Table
from run_size import rounds
from seeded_answer import KEYS, first_word, last_word

pytestmark = pytest.mark.benchmark

ROUNDS = rounds(3)
CHUNKS, RATE = 2000, 500
SLOW_CHUNKS, SLOW_RATE = 332, 83  # a fast model's pace
PROCESSOR_TIME = {RATE: 0.35, SLOW_RATE: 0.37}  # of the minimal app's, promised
KEY_EVERY = 0.1  # s
LINE = 20_000  # bytes a second
CLEAR = "\x15"  # Ctrl+U
PROGRAMS = ("bare httpx", FLOOR, "userdesk")


def ask(client: Client, chunks: int, rate: int, seed: int, end: str) -> int:
    """Ask for an answer; the mark before the request."""
    client.type(f"say {chunks} {rate} {seed} {end}")
    client.wait_until_quiet(0.3)
    since = client.mark
    client.type("\r")
    return since


def test_streaming(start: Any, server: PacedServer, table: Table) -> None:
    for seed in range(1, ROUNDS + 1):
        for name in PROGRAMS:
            with start(name) as client:
                client.wait_for("Message ")
                client.wait_until_quiet(1.0)
                warm_up(client, server)
                measure_text(client, server, table, name, seed)
                if name != "bare httpx":  # there the kernel echoes keys
                    measure_keys(client, server, table, name, seed + 10)
                    for chunks, rate in ((CHUNKS, RATE), (SLOW_CHUNKS, SLOW_RATE)):
                        measure_lag(client, server, table, name, seed + 20, chunks, rate)
                measure_rest(client, table, name)


def warm_up(client: Client, server: PacedServer) -> None:
    since = ask(client, 30, 0, 99, "warm")
    server.sent("warm")
    client.shown(last_word("warm"), since)
    client.wait_until_quiet(0.8)


def measure_text(client: Client, server: PacedServer, table: Table, name: str, seed: int) -> None:
    size = client.mark
    since = ask(client, CHUNKS, RATE, seed, str(seed))
    sent = server.sent(str(seed))
    begun = client.shown(first_word(str(seed)), since)
    shown = client.shown(last_word(str(seed)), since)
    client.wait_until_quiet()
    assert begun >= sent.first and shown >= sent.last - 1
    table.add("first byte to first text, ms", name, 1000 * (begun - sent.first), "20 ms")
    table.add("last byte to last word, ms", name, 1000 * (shown - sent.last), "10 ms")
    table.add("sent to the terminal, kB", name, (client.mark - size) / 1000, "600 kB")


def measure_lag(
    client: Client, server: PacedServer, table: Table, name: str, seed: int, chunks: int, rate: int
) -> None:
    """How late each word is on the screen; the processor time is that of the stream alone."""
    cpu = client.cpu
    since = ask(client, chunks, rate, seed, f"lag{seed}")
    sent = server.sent(f"lag{seed}")
    client.wait_until_quiet()
    promised = f"{PROCESSOR_TIME[rate]} x the minimal app"
    table.add(f"processor time, {rate} chunks/s, s", name, client.cpu - cpu, promised)
    shown = client.first_shown([*sent.marks, last_word(f"lag{seed}")], since)
    assert shown.pop(last_word(f"lag{seed}"), None), "the last word was never shown"
    lags = [1000 * (at - sent.marks[word]) for word, at in shown.items()]
    assert len(lags) > len(sent.marks) / 2, "words were never shown"
    table.add(f"lag of a word, {rate} chunks/s, median, ms", name, median(lags), "20 ms")
    table.add(f"lag of a word, {rate} chunks/s, p95, ms", name, quantiles(lags, n=20)[-1], "45 ms")


def typed_keys(client: Client, seconds: float) -> list[float]:
    """Milliseconds to the echo of each key of some that are typed for so long."""
    typed: list[tuple[float, int, str]] = []
    begun = time.monotonic()
    for key in KEYS:
        if (at := time.monotonic()) - begun >= seconds:
            break
        mark = client.mark
        typed.append((client.type(key), mark, key))
        time.sleep(max(0.0, at + KEY_EVERY - time.monotonic()))
    return [1000 * (client.wait_for(key, mark) - at) for at, mark, key in typed]


def measure_keys(client: Client, server: PacedServer, table: Table, name: str, seed: int) -> None:
    since = ask(client, CHUNKS, RATE, seed, str(seed))
    time.sleep(KEY_EVERY)  # a key typed with Enter may still be taken as part of the question
    echoes = typed_keys(client, CHUNKS / RATE)
    server.sent(str(seed))
    client.shown(last_word(str(seed)), since)
    client.wait_until_quiet()
    table.add("key echo meanwhile, median, ms", name, median(echoes), "4 ms")
    table.add("key echo meanwhile, p95, ms", name, quantiles(echoes, n=20)[-1], "6 ms")
    client.type(CLEAR)
    client.wait_until_quiet()
    table.add("key echo at rest, median, ms", name, median(typed_keys(client, 3.0)), "3 ms")
    client.type(CLEAR)
    client.wait_until_quiet()


@pytest.mark.parametrize("answers", [True, False])
def test_slow_line(start: Any, server: PacedServer, table: Table, answers: bool) -> None:
    """Also at a terminal that answers no questions, of which the system has to tell."""
    line = f"a line of 20 kB/s{'' if answers else ' that answers nothing'}"
    for seed in range(31, 31 + ROUNDS):
        for chunks, rate in ((2 * CHUNKS, RATE), (2 * SLOW_CHUNKS, SLOW_RATE)):
            with start("userdesk", answers=answers) as client:
                client.wait_for("Message ")
                client.wait_until_quiet(1.0)
                warm_up(client, server)
                since = ask(client, chunks, rate, seed, f"slow{seed}")
                client.rate = LINE
                time.sleep(1.0)  # until the line is known to be slow
                echoes = typed_keys(client, 5.0)
                sent = server.sent(f"slow{seed}")
                shown = client.shown(last_word(f"slow{seed}"), since)
            what = f"key echo on {line}, {rate} chunks/s"
            table.add(f"{what}, median, ms", "userdesk", median(echoes), "200 ms")
            table.add(f"{what}, p95, ms", "userdesk", quantiles(echoes, n=20)[-1], "200 ms")
            table.add(f"last word on {line}, {rate} chunks/s, ms", "userdesk", 1000 * (shown - sent.last))
            assert shown > sent.first


def measure_rest(client: Client, table: Table, name: str) -> None:
    time.sleep(1)
    cpu, size, begun = client.cpu, client.mark, time.monotonic()
    time.sleep(4)
    seconds = time.monotonic() - begun
    table.add("at rest, bytes a second", name, (client.mark - size) / seconds, "0")
    table.add("at rest, % of a core", name, 100 * (client.cpu - cpu) / seconds, "0.25 %")
    table.add("memory after the streams, MB", name, client.memory, "65 MB")
    assert client.peak_memory >= client.memory


def test_burst(start: Any, server: PacedServer, table: Table) -> None:
    for seed in range(1, ROUNDS + 1):
        for name in PROGRAMS:
            with start(name) as client:
                client.wait_for("Message ")
                client.wait_until_quiet(1.0)
                warm_up(client, server)
                since = ask(client, CHUNKS, 0, seed, str(seed))
                sent = server.sent(str(seed))
                shown = client.shown(last_word(str(seed)), since)
                table.add(
                    "24,000 characters at once to the last word, ms",
                    name,
                    1000 * (shown - sent.last),
                    "100 ms",
                )
                assert shown > sent.first


def test_turns(start: Any, server: PacedServer, table: Table) -> None:
    with start("userdesk") as client:
        client.wait_for("Message ")
        client.wait_until_quiet(1.0)
        warm_up(client, server)
        costs: list[tuple[float, float]] = []
        for turn in range(200):
            cpu = client.cpu
            client.type(f"say 85 0 {turn} t{turn}")
            time.sleep(0.03)
            since = client.mark
            at = client.type("\r")
            server.sent(f"t{turn}")
            shown = client.shown(last_word(f"t{turn}"), since)
            client.wait_until_quiet(0.05)
            costs.append((1000 * (shown - at), client.cpu - cpu))
        for what, part in (("first", costs[:20]), ("last", costs[-20:])):
            table.add(
                f"{what} 20 of 200 turns, Enter to last word, ms", "userdesk", median(c[0] for c in part)
            )
            table.add(
                f"{what} 20 of 200 turns, processor time each, ms",
                "userdesk",
                1000 * sum(c[1] for c in part) / 20,
            )
        assert len(costs) == 200

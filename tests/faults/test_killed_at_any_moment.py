"""kill -9 at random points of starting, sending, streaming, renaming and deleting loses nothing.

A child works through the same desk and store as the screen and says what it has done; it is killed,
and the next one goes on in the same data folder. TORTURE_ROUNDS says how often, TORTURE_SEED where to begin.
"""

import asyncio
import json
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chatty_server import answer_to, chatty
from pseudo_terminal import Terminal

from demo_server import DemoServer
from userdesk.demo.server.pace import Pace
from userdesk.domain.message import Message, Role, Status
from userdesk.store import Store

BUSY = Path(__file__).with_name("busy_child.py")
ROUNDS = int(os.environ.get("TORTURE_ROUNDS", "60"))
LANES = 4  # data folders worked on at the same time
Said = list[Any]


async def killed(folder: Path, base_url: str, seed: int, after: float, what: str) -> tuple[list[Said], float]:
    """Run a child and kill it so long after it has first said that, or after its start.

    What it said, and when the kill was (monotonic seconds).
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(BUSY), str(folder), base_url, str(seed), stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    first = b""
    while what and f'["{what}"'.encode() not in first:
        first += await child.stdout.readline()
        assert not child.stdout.at_eof(), "the child ended by itself"
    reading = asyncio.create_task(child.stdout.read())
    await asyncio.wait([reading], timeout=after)
    at = time.monotonic()
    assert child.returncode is None, "the child ended by itself"
    child.kill()
    lines = (first + await reading).split(b"\n")[:-1]
    await child.wait()
    return [json.loads(line) for line in lines], at


async def lane(folder: Path, base_url: str, seed: int, rounds: int) -> None:
    dice = random.Random(seed)
    said: list[Said] = []
    kills: list[float] = []
    for number in range(rounds):
        # However slow the machine is, a third of the children do something.
        what = "sent" if number % 3 == 0 else "opened"
        if number % 3 and dice.random() < 0.3:  # now and then before it has opened anything
            what = ""
        after = dice.uniform(0.0, 2.0) if what else dice.uniform(0.1, 0.6)
        lines, at = await killed(folder, base_url, seed * 1000 + number, after, what)
        said += [[number, *line] for line in lines]
        kills.append(at)
    await asyncio.to_thread(check, folder, said, kills, f"seed {seed}")


def check(folder: Path, said: list[Said], kills: list[float], seed: str) -> None:
    store = Store(folder)
    assert store.open() == [], seed
    assert [line for line in said if line[1] == "opened" and line[3]] == [], f"something to repair, {seed}"
    listed = {each.key: each for each in store.conversations()}
    trashed = {each.conversation.key: each.conversation for each in store.trash.list()}
    assert not listed.keys() & trashed.keys(), seed
    everything = {**listed, **trashed}
    ids = [each.id for each in everything.values() if each.id]
    assert len(ids) == len(set(ids)), f"a conversationId is doubled, {seed}"
    for key in trashed:
        store.restore(key)
    messages: dict[str, list[Message]] = {key: list(store.transcript(key)) for key in everything}
    by_key: dict[str, list[Said]] = defaultdict(list)
    for line in said:
        if line[1] != "opened":
            by_key[line[2]].append(line)
    for key, lines in by_key.items():
        assert key in everything, f"conversation {key} is lost, {seed}"
        _check_conversation(lines, everything[key], key in listed, seed)
        _check_messages(lines, messages[key], kills, seed)
    sent = sum(line[1] == "sent" for line in said)
    assert sent >= len(kills) / 3, f"hardly anything was done, {seed}"


def _check_conversation(lines: list[Said], found: Any, is_listed: bool, seed: str) -> None:
    for line in lines:
        if line[1] == "created":
            assert found.id == line[3], f"an id is lost, {seed}"
    whereabouts = [line[1] for line in lines if line[1] in ("deleting", "deleted", "restoring", "restored")]
    if not whereabouts or whereabouts[-1] == "restored":
        assert is_listed, f"{found.key} was deleted, {seed}"
    elif whereabouts[-1] == "deleted":
        assert not is_listed, f"{found.key} came back, {seed}"
    titles = [(line[1], line[3]) for line in lines if line[1] in ("renaming", "renamed")]
    last = max((at for at, (what, _) in enumerate(titles) if what == "renamed"), default=None)
    if last is not None:
        assert found.title in {title for _, title in titles[last:]}, f"a title is lost, {seed}"


def _check_messages(lines: list[Said], messages: list[Message], kills: list[float], seed: str) -> None:
    texts = [message.text for message in messages if message.role is Role.USER]
    for number, what, _, *rest in lines:
        if what in ("sending", "sent"):
            assert texts.count(rest[0]) <= 1, f"{rest[0]} is doubled, {seed}"
        if what == "sent":
            assert rest[0] in texts, f"{rest[0]} is lost, {seed}"
        if what == "answered":
            whole = [m for m in messages if m.text == rest[1] and m.status is Status.COMPLETE]
            assert len(whole) == 1 and rest[1] == answer_to(rest[0]), f"an answer is lost, {seed}"
        if what == "shown" and kills[number] - rest[-1] > 1.0:
            kept = [m for m in messages if m.role is Role.ASSISTANT and m.text.startswith(rest[1])]
            assert kept, f"what was shown for more than a second is lost ({rest[0]}), {seed}"
    answers = [m.text for m in messages if m.role is Role.ASSISTANT and not m.welcome and m.text]
    assert len(answers) == len(set(answers)), f"an answer is doubled, {seed}"
    assert sum(message.welcome for message in messages) <= 1, seed


async def torture(folder: Path, lanes: int, rounds: int) -> None:
    seed = int(os.environ.get("TORTURE_SEED", random.randrange(10**6)))
    async with chatty(0.05) as server, asyncio.TaskGroup() as group:
        for number in range(lanes):
            group.create_task(lane(folder / str(number), server.base_url, seed + number, rounds))


async def test_kill_9_a_few_times(tmp_path: Path) -> None:
    await torture(tmp_path, 2, 3)


@pytest.mark.torture
async def test_kill_9_hundreds_of_times(tmp_path: Path) -> None:
    await torture(tmp_path, LANES, ROUNDS)


@pytest.mark.torture
def test_kill_9_of_the_full_screen_program(
    environment: Callable[..., dict[str, str]], data_dir: Path
) -> None:
    seed = int(os.environ.get("TORTURE_SEED", random.randrange(10**6)))
    dice = random.Random(seed)
    sent: list[str] = []
    with DemoServer(key=environment("")["USERDESK_API_KEY"], pace=Pace(first=0.05, between=0.02)) as server:
        for number in range(max(3, ROUNDS // 3)):
            with Terminal(environment(server.base_url)) as terminal:
                ends = time.monotonic() + dice.uniform(0.2, 3.0)
                keys = ["", "\x0e", f"question {number}\r", "\x1b[18~", f"more {number}\r", "\x1b", "half a"]
                dice.shuffle(keys)
                for keys_typed in keys:
                    pause = time.monotonic() + dice.uniform(0.05, 0.5)
                    terminal.until(
                        lambda pause=pause, ends=ends: time.monotonic() > min(pause, ends), "a while"
                    )
                    if time.monotonic() > ends:
                        break
                    terminal.type(keys_typed)
                terminal.kill()
            store = Store(data_dir)
            assert store.open() == [], f"seed {seed}"
            sent = [text for text in sent if not _is_known(store, text)]
            assert sent == [], f"seed {seed}"
            sent = [
                m.text for c in store.conversations() for m in store.transcript(c.key) if m.role is Role.USER
            ]
            assert len(sent) == len(set(sent)), f"doubled, seed {seed}"
            ids = [each.id for each in store.conversations() if each.id]
            assert len(ids) == len(set(ids)), f"seed {seed}"


def _is_known(store: Store, text: str) -> bool:
    return any(
        message.text == text for each in store.conversations() for message in store.transcript(each.key)
    )

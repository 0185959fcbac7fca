"""Two loops of `send` and two desks on one data folder, killed with -9 again and again: nothing said is lost.

TORTURE_ROUNDS says how often, TORTURE_SEED where to begin.
"""

import asyncio
import json
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE

import pytest
from chatty_server import answer_to, chatty

from forks import start
from userdesk.domain.message import Role
from userdesk.store import Store

BUSY = Path(__file__).with_name("busy_child.py")
ROUNDS = int(os.environ.get("TORTURE_ROUNDS", "300"))

Environment = Callable[..., dict[str, str]]


async def sending(environ: dict[str, str], dice: random.Random, lane: int, rounds: int) -> list[str]:
    """Send again and again, killed now and then; what was said to be saved."""
    saved: list[str] = []
    for number in range(rounds):
        text = f"message {number} of loop {lane}"
        flags = ["--continue"] if dice.random() < 0.8 else []
        process = start(environ, "send", "--json", *flags, text, stdout=PIPE)
        reading = asyncio.create_task(asyncio.to_thread(process.communicate))
        await asyncio.wait([reading], timeout=dice.uniform(0.01, 0.2) if dice.random() < 0.6 else None)
        if not reading.done():
            process.kill()
        output, _ = await reading
        if output and process.returncode == 0:
            answer = json.loads(output)
            assert answer["saved"] is True and answer["response"] == answer_to(text)
            saved.append(text)
    return saved


async def service(folder: Path, base_url: str, dice: random.Random, lane: int, rounds: int) -> None:
    """What the screen does, killed again and again."""
    for number in range(lane * 1000, lane * 1000 + rounds):
        child = await asyncio.create_subprocess_exec(
            sys.executable, str(BUSY), str(folder), base_url, str(number), stdout=asyncio.subprocess.PIPE
        )
        reading = asyncio.create_task(child.communicate())
        await asyncio.wait([reading], timeout=dice.uniform(0.5, 3.0))
        child.kill()
        await reading


async def torture(environment: Environment, data_dir: Path, rounds: int, desks: int) -> None:
    seed = int(os.environ.get("TORTURE_SEED", random.randrange(10**6)))
    async with chatty(0.0) as server, asyncio.TaskGroup() as group:
        environ = environment(server.base_url)
        loops = [
            group.create_task(sending(environ, random.Random(seed + lane), lane, rounds)) for lane in range(2)
        ]
        for number in range(desks):
            dice = random.Random(seed + 10 + number)
            group.create_task(service(data_dir, server.base_url, dice, number, rounds))
    await asyncio.to_thread(check, data_dir, [text for loop in loops for text in loop.result()], seed)


def check(data_dir: Path, saved: list[str], seed: int) -> None:
    store = Store(data_dir)
    assert store.open() == [], f"seed {seed}"
    keys = [each.key for each in store.conversations()] + store.trash.keys()
    ids = [each.id for each in store.conversations() if each.id]
    assert len(ids) == len(set(ids)), f"seed {seed}"
    said: list[str] = []
    answers: list[str] = []
    for key in keys:
        messages = list(store.transcript(key))
        said += [each.text for each in messages if each.role is Role.USER]
        answers += [each.text for each in messages if each.role is Role.ASSISTANT]
    for text in saved:
        assert said.count(text) == 1, f"{text} stands {said.count(text)} times, seed {seed}"
        assert answers.count(answer_to(text)) == 1, f"the answer to {text} is lost, seed {seed}"
    assert len(said) == len(set(said)), f"a message is doubled, seed {seed}"


async def test_two_loops_that_are_killed(environment: Environment, data_dir: Path) -> None:
    await torture(environment, data_dir, 3, 0)


@pytest.mark.torture
async def test_two_loops_and_two_desks_that_are_killed(environment: Environment, data_dir: Path) -> None:
    await torture(environment, data_dir, ROUNDS, 2)

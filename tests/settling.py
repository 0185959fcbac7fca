"""What the full-screen program still has to do in tests: act on a key, or tell the screen of an answer."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from userdesk.tui.app import UserdeskApp

LIMIT = 30.0  # s; only a wrong program reaches it


def whole_lines(text: str) -> list[str]:
    """The lines of a file that another thread or process may just be writing to."""
    return text[: text.rfind("\n") + 1].splitlines()


def is_idle(app: UserdeskApp) -> bool:
    """Whether no turn is under way in any conversation, and the screen has been told how each one ended."""
    told = not any(worker.group in ("turns", "answers") for worker in app.workers)
    return told and not app.service.busy_keys()


async def until(condition: Callable[[], object], missing: Callable[[], str]) -> None:
    """Let the program run until a condition holds; `missing` tells what did not come.

    Looked for less and less often: to read the screen costs as much as to draw it.
    """
    loop = asyncio.get_running_loop()
    deadline, pause = loop.time() + LIMIT, 0.005
    while not condition():
        if loop.time() > deadline:
            pytest.fail(f"waited {LIMIT:g} s for {missing()}")
        await asyncio.sleep(pause)
        pause = min(0.04, 1.3 * pause)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one after the other and wait until the program has acted on them.

    Textual's own `press` returns once the process looks idle, which it also does where the machine is
    busy with something else. Workers and timers that a key starts are not waited for.
    """
    await pilot.press(*keys)
    app = pilot.app
    async with asyncio.timeout(LIMIT):
        while app.is_running and (app._busy or app._typed):
            await asyncio.sleep(0.005)
    await pilot.pause(0)  # text: from the field
    await pilot.pause(0)  # to those whom it tells of it

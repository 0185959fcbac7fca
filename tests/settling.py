"""What the full-screen program still has to do in tests: act on a key, or tell the screen of an answer."""

import asyncio
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.keys import KEY_TO_UNICODE_NAME, REPLACED_KEYS
from textual.pilot import Pilot

from userdesk.tui.app import UserdeskApp
from userdesk.tui.terminal.frame_writer import FrameWriter
from userdesk.tui.terminal.key_sequences import press_of

LIMIT = 30.0  # s; only a wrong program reaches it
ROUNDS = 50
"""Rounds of the loop after which what is not idle yet is taken to wait for time."""


def whole_lines(text: str) -> list[str]:
    """The lines of a file that another thread or process may just be writing to."""
    return text[: text.rfind("\n") + 1].splitlines()


def is_idle(app: UserdeskApp) -> bool:
    """Whether no turn is under way in any conversation, and the screen has been told how each one ended."""
    told = not any(worker.group in ("turns", "answers") for worker in app.workers)
    return told and not app.service.busy_keys()


async def until(condition: Callable[[], object], missing: Callable[[], str]) -> None:
    """Let the program run until a condition holds; `missing` tells what did not come."""
    loop = asyncio.get_running_loop()
    deadline, pause = loop.time() + LIMIT, 0.001
    while not condition():
        if loop.time() > deadline:
            pytest.fail(f"waited {LIMIT:g} s for {missing()}")
        await asyncio.sleep(pause)
        pause = min(0.02, 1.3 * pause)


def key_event(key: str) -> events.Key:
    """The event of a key by its name or its character."""
    if len(key) == 1 and (press := press_of(key)):
        return events.Key(*press)
    name = REPLACED_KEYS.get(key, key)
    try:
        return events.Key(key, unicodedata.lookup(KEY_TO_UNICODE_NAME.get(name, name)))
    except KeyError:
        return events.Key(key, None)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one after the other and wait until the program has acted on them.

    Textual's own `press` waits until the process looks idle: that takes long, longer where the machine
    is busy, and says nothing of the keys. Workers and timers that a key starts are not waited for.
    """
    for key in keys:
        pilot.app.post_message(key_event(key))
        await acted(pilot.app)
    await pilot.pause(0)  # what it led to is drawn
    if await _unbatched(pilot.app):
        await pilot.pause(0)


async def _unbatched(app: App[Any]) -> bool:
    """Wait for the end of a batch, such as another theme is, step by step; whether there was one.

    The framework ends a program within one that has no end.
    """
    waits = isinstance(app, FrameWriter) and app.is_in_batch and app.is_running
    while isinstance(app, FrameWriter) and app.is_in_batch and app.is_running:
        await asyncio.sleep(0)
    return waits


async def acted(app: UserdeskApp) -> None:
    """Wait until the program has acted on every key, and those were told who are told of typed text."""
    async with asyncio.timeout(LIMIT):
        await _passed(app)
        rounds = 0
        while app.is_running and app.is_acting:
            await asyncio.sleep(0 if (rounds := rounds + 1) < ROUNDS else 0.002)
        if app.is_running and (focused := app.focused):
            for node in focused.ancestors_with_self:
                await _passed(node)


async def _passed(node: Any) -> None:
    """Wait until what waits in a queue of messages now was taken from it."""
    taken = asyncio.Event()
    if node.is_running and node.call_later(taken.set):
        while node.is_running and not taken.is_set():
            await asyncio.sleep(0)

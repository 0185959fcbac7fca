"""What lies over the chat: help, switcher, chatbots, commands, a question."""

import pytest
from stage import Stage

from program_driver import ProgramDriver
from userdesk.tui.switcher.result_list import ResultList

SIZE = (100, 30)


def test_help(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("f1")

    assert snap_compare(short.app(), terminal_size=SIZE, run_before=short.play(scene))


def test_help_on_the_smallest_screen(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("f1", "pagedown")

    assert snap_compare(short.app(), terminal_size=(40, 12), run_before=short.play(scene))


@pytest.mark.parametrize("words", ["", "lamp", "lampoon"])
def test_switcher(shelf: Stage, snap_compare, words: str) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("ctrl+t", *words)
        await actor.until(lambda: actor.screen.query(ResultList))
        await actor.sees({"": "", "lamp": " message", "lampoon": "No matches"}[words])
        await actor.misses("earching")
        await actor.until(
            lambda: not any(it.group == "search" and not it.is_finished for it in actor.screen.workers)
        )

    assert snap_compare(shelf.app(), terminal_size=SIZE, run_before=shelf.play(scene))


def test_switcher_on_the_smallest_screen(shelf: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("ctrl+t", *"lamp")

    assert snap_compare(shelf.app(), terminal_size=(40, 12), run_before=shelf.play(scene))


def test_chatbots(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("f9")

    assert snap_compare(short.app(), terminal_size=SIZE, run_before=short.play(scene))


def test_key_to_change(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.ask("/fail 401")
        await actor.act("ctrl+r", *"secret")

    assert snap_compare(short.app(), terminal_size=SIZE, run_before=short.play(scene))


def test_commands(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("ctrl+p")

    assert snap_compare(short.app(), terminal_size=SIZE, run_before=short.play(scene))


def test_key_to_change_on_the_smallest_screen(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.ask("/fail 401")
        await actor.act("ctrl+r", *"secret")

    assert snap_compare(short.app(), terminal_size=(40, 12), run_before=short.play(scene))

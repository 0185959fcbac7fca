"""The chat itself: what the log, the input bar and the status row look like."""

import pytest
from shelf import API, PASSWORD
from stage import Stage

from program_driver import ProgramDriver

BOTH = pytest.mark.parametrize("theme", ["userdesk-dark", "userdesk-light"])
LARGE = (120, 36)
MANY = "\n\n".join(f"{number}. The line with the number **{number}**." for number in range(1, 40))


async def nothing(actor: ProgramDriver) -> None:
    """What is there by itself."""


def test_first_start_welcomes(bare: Stage, snap_compare) -> None:
    assert snap_compare(bare.app(demo=True), terminal_size=(100, 24), run_before=bare.play(nothing))


def test_welcome_under_way(bare: Stage, snap_compare) -> None:
    bare.server.hold(on="conversation")
    bare_app = bare.app()

    async def scene(pilot) -> None:
        actor = bare.driver(pilot)
        await actor.until(lambda: actor.log_view.empty_words)

    assert snap_compare(bare_app, run_before=scene)


def test_chatting(shelf: Stage, snap_compare) -> None:
    assert snap_compare(shelf.app(), terminal_size=LARGE, run_before=shelf.play(nothing))


@BOTH
def test_all_of_markdown(short: Stage, snap_compare, theme: str) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.ask("/markdown")

    assert snap_compare(short.app(theme=theme), terminal_size=(100, 80), run_before=short.play(scene))


def test_waiting_for_the_answer(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        short.server.hold(None)
        await actor.send_here("How do I reset my password?")
        await actor.until(lambda: actor.log_view.view.live)

    assert snap_compare(short.app(), run_before=short.play(scene))


def test_streaming_and_a_message_that_waits(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.begin_answer("How do I reset my password?", PASSWORD, characters=170)
        await actor.send_here("And my name?")
        await actor.until(lambda: len(actor.log_view.view) == 6)

    assert snap_compare(short.app(), run_before=short.play(scene))


def test_new_text_below_the_view(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.ask("Count", MANY)
        await actor.act("pageup", "pageup")
        await actor.ask("And a script?", API)
        await actor.act("pageup")
        await actor.begin_answer("Again", PASSWORD, characters=60)
        actor.log_view.action_page(-1)
        actor.server.release()
        await actor.settled()

    assert snap_compare(short.app(), run_before=short.play(scene))


def test_stopped(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.begin_answer("How do I reset my password?", PASSWORD, characters=100)
        await actor.act("escape")

    assert snap_compare(short.app(), run_before=short.play(scene))


def test_failed(short: Stage, snap_compare) -> None:
    """The mark in the log stays after the toast has gone."""

    async def scene(actor: ProgramDriver) -> None:
        await actor.ask("/fail 500")
        await actor.act("escape")

    assert snap_compare(short.app(), run_before=short.play(scene))


def test_interrupted(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.ask("/drop")
        await actor.act("escape")

    assert snap_compare(short.app(), run_before=short.play(scene))


def test_continued_under_a_new_id(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        short.server.fail_next(400, body='{"success": false, "message": "Invalid conversationId"}')
        await actor.ask("Do you remember me?")
        await actor.act("ctrl+r")

    assert snap_compare(short.app(), run_before=short.play(scene))


def test_chosen_message(shelf: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("shift+tab", "up", "up")

    assert snap_compare(shelf.app(), terminal_size=(100, 30), run_before=shelf.play(scene))


def test_find(shelf: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("ctrl+f", *"settings")

    assert snap_compare(shelf.app(), terminal_size=(100, 30), run_before=shelf.play(scene))


def test_find_without_a_match(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("ctrl+f", *"xyz")

    assert snap_compare(short.app(), run_before=short.play(scene))


def test_long_draft_in_the_input_bar(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        actor.put("Dear chatbot,\n\nhere is what I want to know:\n- the hours\n- the prices")

    assert snap_compare(short.app(), run_before=short.play(scene))


def test_presenter_mode(shelf: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.act("f10")

    assert snap_compare(shelf.app(), terminal_size=LARGE, run_before=shelf.play(scene))


def test_accessible(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.begin_answer("How do I reset my password?", PASSWORD, characters=100)

    assert snap_compare(short.app(accessible=True), run_before=short.play(scene))

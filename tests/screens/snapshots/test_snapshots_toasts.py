"""How a toast looks; the words and offers of each failure are in tests/unit/tui/chat."""

import socket
import time
from types import SimpleNamespace

import pytest
from shelf import PASSWORD
from stage import Stage

from program_driver import ProgramDriver

ON_DEMAND = ("400", "401", "429")


@pytest.mark.parametrize("name", ON_DEMAND)
def test_toast_of_a_status(short: Stage, snap_compare, name: str) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.ask(f"/fail {name}")

    assert snap_compare(short.app(), run_before=short.play(scene))


def test_toast_in_the_light_theme(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.ask("/fail 401")

    assert snap_compare(short.app(theme="userdesk-light"), run_before=short.play(scene))


def test_toast_on_the_smallest_screen(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.ask("/fail 400-conversation")

    assert snap_compare(short.app(), terminal_size=(40, 12), run_before=short.play(scene))


def test_toast_of_a_broken_stream(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.ask("/drop")

    assert snap_compare(short.app(), run_before=short.play(scene))


async def say_hello(actor: ProgramDriver) -> None:
    await actor.ask("Hello?")


def test_toast_of_a_refused_connection(short: Stage, snap_compare) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        app = short.app(base_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert snap_compare(app, run_before=short.play(say_hello))


def test_toast_of_a_silent_server(short: Stage, snap_compare, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the recording stands so that a minute is over soon, and no second one."""
    late = time.monotonic() - 59.5
    monkeypatch.setattr("userdesk.chat.recording.time", SimpleNamespace(monotonic=lambda: late))

    async def scene(actor: ProgramDriver) -> None:
        short.server.hold(None)
        await actor.send_here("Hello?")
        await actor.until(lambda: actor.toast)

    assert snap_compare(short.app(), run_before=short.play(scene))


def test_toast_of_a_failure_in_another_conversation(shelf: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.begin_answer("How do I reset my password?", PASSWORD, characters=20)
        await actor.command("next_conversation")
        shelf.server.stop()
        await actor.until(lambda: actor.toast)
        await actor.settled()

    assert snap_compare(shelf.app(), terminal_size=(100, 24), run_before=shelf.play(scene))

"""What a visitor sees in a browser, on a laptop and on a telephone held upright."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from stage import Stage, standing_still

from demo_server import DemoServer
from program_driver import ProgramDriver
from userdesk.tui.app import UserdeskApp
from userdesk.tui.visit import Visit

KEYS = {"new_conversation": ("f2",), "switch": ("f3",)}
ANSWER = """\
You can **change your plan at any time**; what is left of a month is credited.

1. Open **Settings → Plan**.
2. Confirm with your password.

See [the guide](https://acme.example/plans).
"""


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Stage]:
    """A chatbot that is not the embedded one, as far as a visitor knows."""
    server = DemoServer(chatbot_id="123456", for_visitors=True)
    with standing_still() as patch, server:
        yield Stage(tmp_path, server, patch)


@pytest.fixture
def visit(bare: Stage) -> Iterator[Visit]:
    """Nobody looks at what the host is told."""
    channel = os.open(os.devnull, os.O_WRONLY)
    yield Visit(bare.home, channel)
    os.close(channel)


def visited(stage: Stage, visit: Visit, theme: str) -> UserdeskApp:
    return stage.app(theme=theme, visit=visit, shortcuts=KEYS)


@pytest.mark.parametrize(
    ("theme", "size"),
    [("userdesk-dark", (100, 30)), ("userdesk-light", (40, 24))],
    ids=["laptop", "telephone"],
)
def test_chat(bare: Stage, visit: Visit, snap_compare, theme: str, size: tuple[int, int]) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.logs("demo chatbot")
        await actor.ask("How do I change my plan?", ANSWER)

    assert snap_compare(visited(bare, visit, theme), terminal_size=size, run_before=bare.play(scene))


def test_refused_on_a_telephone(bare: Stage, visit: Visit, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.logs("demo chatbot")
        bare.server.fail_next(401)
        await actor.say("And now?")
        await actor.toasts("Tell whoever invited you")
        await actor.settled()

    app = visited(bare, visit, "userdesk-light")
    assert snap_compare(app, terminal_size=(40, 24), run_before=bare.play(scene))


def test_palette_on_a_telephone(bare: Stage, visit: Visit, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        await actor.logs("demo chatbot")
        await actor.act("f4")

    app = visited(bare, visit, "userdesk-light")
    assert snap_compare(app, terminal_size=(40, 24), run_before=bare.play(scene))

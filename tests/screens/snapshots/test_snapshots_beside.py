"""Two chatbots side by side, and one above the other."""

import pytest
from stage import Stage

from demo_server import DemoServer
from program_driver import ProgramDriver

LEFT = "Open **Settings → Security** and choose *Reset*. The link in the mail is valid for an hour."
RIGHT = """\
1. Open **Settings → Security**.
2. Choose *Reset*.

The link in the mail is valid for a day.
"""


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
def test_two_answers(short: Stage, snap_compare, size: tuple[int, int]) -> None:
    async def scene(actor: ProgramDriver) -> None:
        with DemoServer(key="next-key") as other:
            await actor.compare(other)
            other.answer_next(RIGHT)
            await actor.ask("How do I reset my password?", LEFT)

    assert snap_compare(short.app(), terminal_size=size, run_before=short.play(scene))


def test_one_failed_before_an_audience(short: Stage, snap_compare) -> None:
    async def scene(actor: ProgramDriver) -> None:
        with DemoServer(key="next-key") as other:
            await actor.compare(other)
            other.fail_next(500)
            await actor.ask("How do I reset my password?", LEFT)
            await actor.act("f10")

    assert snap_compare(short.app(), terminal_size=(120, 30), run_before=short.play(scene))

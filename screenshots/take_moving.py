"""Takes the moving picture of the README: a chatbot is demonstrated with a question set, then judged."""

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

# The stage of the snapshot tests.
TESTS = Path(__file__).resolve().parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "screens" / "snapshots")]

from film import Film
from shelf import PASSWORD, SHELF, put_on_disk
from stage import Stage, standing_still

from demo_server import DemoServer
from program_driver import ProgramDriver

HERE = Path(__file__).resolve().parent
SIZE = (100, 30)
SET = """\
title = "What every customer asks"

[[question]]
ask = "How do I reset my password?"
expect = ["Security", "(?i)30 minutes"]
within = 8.0

[[question]]
ask = "Which plan includes support at night?"
expect = ["Business"]
forbid = ["(?i)as an ai"]
"""
PLANS = """\
**Business** does; here are all three:

| Plan     |   Price | Support           |
|:---------|--------:|:------------------|
| Free     |     0 € | community         |
| Team     |    29 € | email, *same day* |
| Business |   119 € | **day and night** |

You can change it under **Settings → Plan** at any time.
"""
PIECE = 26  # characters of an answer from one frame to the next


class Scene:
    """Somebody at the keyboard, and the camera."""

    def __init__(self, actor: ProgramDriver, film: Film) -> None:
        self.actor = actor
        self.film = film

    def shoot(self, seconds: float, *, still: bool = False) -> None:
        """What is on the screen now."""
        self.film.take(self.actor.app, seconds, still=still)

    async def act(self, *keys: str, seconds: float) -> None:
        """Press keys, and show for a while what they did."""
        await self.actor.act(*keys)
        self.shoot(seconds)

    async def ask(self, answer: str, *, still: bool = False) -> None:
        """The next question of the set, sent; its answer streams in."""
        actor = self.actor
        await self.act("ctrl+l", seconds=1.4)
        pieces = [answer[at : at + PIECE].encode() for at in range(0, len(answer), PIECE)]
        actor.server.answer_next(pieces)
        actor.server.hold(1)
        key = actor.current
        actor.app.simulate_key("enter")
        for number in range(1, len(pieces) + 1):
            sofar = len(b"".join(pieces[:number]).decode())
            await actor.shows_characters(key, sofar)
            await asyncio.sleep(0)
            self.shoot(0.09)
            actor.server.controls.go_on_until(number + 1)
        actor.server.release()
        await actor.settled()
        actor.redraw_log()
        self.shoot(2.2, still=still)


async def demonstrate(actor: ProgramDriver, film: Film, questions: Path) -> None:
    """From the desk onto the stage, through the questions, to the report."""
    scene = Scene(actor, film)
    scene.shoot(1.6)
    await actor.begin_conversation()
    await actor.play(questions)
    await actor.settled()
    scene.shoot(1.2)
    await actor.act("f10")
    actor.flash("")
    await actor.settled()
    scene.shoot(1.2)
    await scene.ask(PASSWORD)
    await scene.ask(PLANS, still=True)
    await actor.until(lambda: not actor.verdicts_to_come, "the last verdict")
    await scene.act("ctrl+l", seconds=3.5)
    await scene.act("escape", seconds=0.1)
    await scene.act("f10", seconds=0.6)


async def take(stage: Stage, questions: Path) -> str:
    """The film as SVG."""
    film = Film()
    app = stage.app()
    async with app.run_test(size=SIZE) as pilot:
        await stage.play(lambda actor: demonstrate(actor, film, questions))(pilot)
    return film.svg()


def main() -> None:
    """Take it."""
    logging.getLogger("userdesk").addHandler(logging.NullHandler())
    with tempfile.TemporaryDirectory() as home, standing_still() as patch, DemoServer() as server:
        stage = Stage(Path(home), server, patch)
        put_on_disk(stage.data_dir, server.store.create, SHELF)
        questions = Path(home) / "questions.toml"
        questions.write_text(SET, "utf-8")
        svg = asyncio.run(take(stage, questions))
    (HERE / "demo.svg").write_text(svg, "utf-8")
    print(f"screenshots/demo.svg, {len(svg.encode()) // 1000} kB")


if __name__ == "__main__":
    main()

"""Takes the pictures of the README: the real program, talking to the embedded chatbot over loopback.

They come out the same each time: the clocks stand still, and the answers are scripted.
"""

import asyncio
import logging
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

# The stage of the snapshot tests.
TESTS = Path(__file__).resolve().parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "screens" / "snapshots")]

from shelf import API, LAST, PASSWORD, SHELF, put_on_disk
from stage import Stage, standing_still

from demo_server import DemoServer
from program_driver import ProgramDriver

HERE = Path(__file__).resolve().parent
FONTS = '"Fira Code", "JetBrains Mono", ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace'
PLANS = """\
You can **change your plan at any time**; what is left of a month is credited to the day.

| Plan     |   Price | Conversations | Support           |
|:---------|--------:|:-------------:|:------------------|
| Free     |     0 € |      100      | community         |
| Team     |    29 € |     5 000     | email, *same day* |
| Business |   119 € |   unlimited   | **day and night** |

1. Open **Settings → Plan** and choose the new one.
2. Confirm with your password. No second contract, no new key.

From a script it is one request:

```python
httpx.patch(f"{API}/v1/plan", json={"plan": "team"}, headers=headers)
```

> Going down takes effect at the end of the month you have paid for.
"""
PLANS_NEXT = """\
Yes, **at any time**. You pay the difference for the days that are left:

| Plan     | Price |
|:---------|------:|
| Free     |   0 € |
| Team     |  29 € |
| Business | 119 € |

Go to **Settings → Plan**. Going down takes effect at the end of the month.
"""
READ_MORE = """\
- [Delivery and returns](https://acme.example/help/delivery): how long it takes, and who pays
- [Invoices](https://acme.example/help/invoices): VAT, copies, another address
- Nothing fits? [Write to us](mailto:help@acme.example), or see <https://status.acme.example>.
"""
QUESTION = "Can I change my plan in the middle of a month?"


@dataclass(frozen=True)
class Picture:
    """One picture: what somebody does before it is taken, and on which terminal."""

    name: str
    scene: Callable[[ProgramDriver], Awaitable[None]]
    size: tuple[int, int] = (120, 36)
    theme: str = "userdesk-dark"


async def main_screen(actor: ProgramDriver) -> None:
    """A whole answer, an unread one elsewhere, a draft."""
    actor.open("spain")
    await actor.begin_answer("And how much is it to Portugal?", "The same: 6 €.", characters=9)
    actor.open("address")
    actor.put("It is about order A-1042:")
    await actor.until(lambda: actor.has_draft("address"))
    actor.open(LAST.key)
    actor.server.release()
    await actor.settled()
    await actor.begin_conversation()
    await actor.ask(QUESTION, PLANS)


async def streaming(actor: ProgramDriver) -> None:
    """An answer on its way in two conversations, and the next message being written."""
    actor.open("lamp")
    await actor.begin_answer("The glass is broken, too.", PASSWORD, characters=20)
    await actor.begin_conversation()
    await actor.begin_answer(QUESTION, PLANS, characters=PLANS.index("Confirm with your") + 17)
    actor.put("And when does that take effect?")


async def failure(actor: ProgramDriver) -> None:
    """A service that asks to be left alone for a while."""
    actor.server.fail_next(429, headers={"Retry-After": "20"})
    await actor.ask("Do you ship to Spain?")


async def switcher(actor: ProgramDriver) -> None:
    """Words of a title, and of messages."""
    await actor.act("ctrl+t", *"lamp")


async def light(actor: ProgramDriver) -> None:
    """Code in the light theme, the sidebar with the keys."""
    await actor.begin_conversation()
    await actor.ask("How do I reset my password?", PASSWORD)
    await actor.ask("Can I read the status of an order from a script?", API)


async def replay(actor: ProgramDriver) -> None:
    """A conversation again at its recorded pace, paused in mid-answer."""
    await actor.begin_conversation()
    await actor.begin_answer(QUESTION, PLANS, characters=PLANS.index("Confirm with your") + 17)
    actor.server.release()
    await actor.settled()
    actor.log_view.focus()
    await actor.act("p", "space", "plus", "right", "right")


async def links(actor: ProgramDriver) -> None:
    """Signs on the links in view."""
    await actor.begin_conversation()
    await actor.ask("Where do I read more?", READ_MORE)
    actor.log_view.focus()
    await actor.act("o")


async def help_page(actor: ProgramDriver) -> None:
    """The keys."""
    await actor.act("f1")


async def narrow(actor: ProgramDriver) -> None:
    """A small window beside something else."""
    actor.open("spain")
    await actor.ask("What does that cost?", "**6 €**, and nothing for orders over 100 €.")


async def beside(actor: ProgramDriver) -> None:
    """One question to two chatbots."""
    with DemoServer(key="next-key") as other:
        await actor.compare(other)
        other.answer_next(PLANS_NEXT)
        await actor.ask(QUESTION, PLANS[: PLANS.index("From a script")])


async def presenter(actor: ProgramDriver) -> None:
    """For an audience: the conversation alone."""
    await actor.begin_conversation()
    await actor.ask(QUESTION, PLANS)
    await actor.act("f10")


PICTURES = (
    Picture("main", main_screen),
    Picture("streaming", streaming),
    Picture("failure", failure),
    Picture("switcher", switcher),
    Picture("light", light, theme="userdesk-light"),
    Picture("help", help_page),
    Picture("replay", replay, size=(100, 28)),
    Picture("links", links, size=(100, 20)),
    Picture("beside", beside),
    Picture("presenter", presenter),
    Picture("narrow", narrow, size=(56, 18)),
)


async def take(picture: Picture, stage: Stage) -> str:
    """Play the scene and photograph it: an SVG that needs nothing from elsewhere."""
    app = stage.app(theme=picture.theme)
    async with app.run_test(size=picture.size) as pilot:
        await stage.play(picture.scene)(pilot)
        svg = app.export_screenshot(title="userdesk")
    svg = re.sub(r"@font-face\s*{.*?}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: Fira Code[^;]*;", f"font-family: {FONTS};", svg)
    # Without it some viewers drop the blanks that a text begins with.
    svg = svg.replace("<text ", '<text xml:space="preserve" ')
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def main() -> None:
    """Take all of them, or those named on the command line."""
    wanted = sys.argv[1:]
    logging.getLogger("userdesk").addHandler(logging.NullHandler())
    for picture in PICTURES:
        if wanted and picture.name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as home, standing_still() as patch, DemoServer() as server:
            stage = Stage(Path(home), server, patch)
            put_on_disk(stage.data_dir, server.store.create, SHELF)
            svg = asyncio.run(take(picture, stage))
        (HERE / f"{picture.name}.svg").write_text(svg, "utf-8")
        print(f"screenshots/{picture.name}.svg")


if __name__ == "__main__":
    main()

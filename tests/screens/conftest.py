"""The full-screen program against the embedded server, and what a test sees of its screen."""

import contextlib
import json
import sys
import time
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from settling import is_idle, press, until, whole_lines
from userdesk.demo.server.host import DemoServer
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.settings import Options, resolve
from userdesk.tui.app import UserdeskApp
from userdesk.tui.chat.screen import ChatScreen

sys.path.insert(0, str(Path(__file__).parents[1]))  # scripted_server.py

WIDTH, HEIGHT = 120, 36


class ProgramDriver:
    """The program in a test's hands: its keys, its screen as text, its files."""

    def __init__(self, app: UserdeskApp, pilot: Pilot[Any], data_dir: Path) -> None:
        self.app = app
        self.pilot = pilot
        self.data_dir = data_dir

    @property
    def chat(self) -> ChatScreen:
        return self.app.chat

    # what is seen

    @property
    def lines(self) -> list[str]:
        """The screen as the terminal would show it, row by row."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def toast(self) -> str:
        """The toast's words on the screen, its wrapping undone; empty where there is none."""
        toast = self.chat.toast
        if not toast.display or self.app.screen is not self.chat:
            return ""
        region = toast.region
        strips = self.chat._compositor.render_strips()[region.y : region.bottom]
        rows = [strip.crop(region.x, region.right).text.strip(" │╭╮╰╯─") for strip in strips]
        return " ".join(row for row in rows if row)

    @property
    def log(self) -> str:
        """The message log's part of the screen, its wrapping undone."""
        region = self.chat.log_view.region
        strips = self.chat._compositor.render_strips()[region.y : region.bottom]
        rows = [strip.crop(region.x, region.right).text.strip() for strip in strips]
        return "\n".join(row for row in rows if row)

    @property
    def sidebar(self) -> list[str]:
        """The sidebar's rows under its title."""
        region = self.chat.sidebar.region
        strips = self.chat._compositor.render_strips()[region.y : region.bottom]
        rows = [strip.crop(region.x, region.right).text.strip() for strip in strips]
        return [row for row in rows if row][1:]

    @property
    def news(self) -> str:
        """What the status bar's row says."""
        return self.lines[-1]

    @property
    def draft(self) -> str:
        return self.chat.input_bar.text

    # what is done

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Let the program run until a condition holds."""
        await until(condition, lambda: f"{what or 'a condition'}; the screen:\n{self.text}")

    async def sees(self, *words: str) -> None:
        """Wait until all of these words stand on the screen."""
        await self.until(lambda: all(word in self.text for word in words), repr(words))

    async def toasts(self, *words: str) -> None:
        """Wait until the toast says all of these words."""
        await self.until(lambda: all(word in self.toast for word in words), f"a toast with {words!r}")

    async def logs(self, *words: str) -> None:
        """Wait until the log says all of these words."""
        await self.until(lambda: all(word in self.log for word in words), f"a log with {words!r}")

    async def idle(self) -> None:
        """Wait until no turn is under way in any conversation."""
        await self.until(lambda: is_idle(self.app), "the end of every turn")

    async def press(self, *keys: str) -> None:
        """Press keys and wait until the program has acted on them; not for workers that they start."""
        await press(self.pilot, *keys)

    def burst(self, *keys: str) -> None:
        """Type keys faster than the program acts on them."""
        at = time.monotonic()
        for key in keys:
            event = events.Key(key, key if len(key) == 1 else None)
            event.time = at
            self.app.post_message(event)

    async def type(self, text: str) -> None:
        """Put text into the input bar as a terminal's paste does."""
        before = len(self.draft)
        self.chat.input_bar.post_message(events.Paste(text))
        await self.until(lambda: len(self.draft) >= before + len(text), "what was typed")

    async def say(self, text: str) -> None:
        """Type a message and send it."""
        await self.type(text)
        await self.press("enter")

    # what is on the disk

    @property
    def index(self) -> list[dict[str, Any]]:
        """conversations.toml as any TOML reader sees it."""
        path = self.data_dir / "conversations.toml"
        return list(tomllib.loads(path.read_text("utf-8")).get("conversation", ())) if path.exists() else []

    def transcript(self, key: str = "") -> list[dict[str, Any]]:
        """A transcript's lines, of the conversation on the screen if no other is named."""
        path = self.data_dir / "transcripts" / f"{key or self.chat.board.current}.jsonl"
        return [json.loads(line) for line in whole_lines(path.read_text("utf-8"))] if path.exists() else []

    def said(self, key: str = "") -> list[str]:
        """The user's messages of a transcript."""
        return [line["text"] for line in self.transcript(key) if line["role"] == "user"]


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def open_ui(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., contextlib.AbstractAsyncContextManager[ProgramDriver]]:
    """Starts the program: `async with open_service(base_url) as desk`. `config` is config.toml's text.

    Further arguments are flags of the program, such as `play`.
    """
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    # What goes by itself would be gone before a busy machine has looked for it.
    monkeypatch.setattr("userdesk.tui.widgets.status_bar.StatusBar.NEWS_FOR", 60.0)
    monkeypatch.setattr("userdesk.tui.widgets.toast.STAYS", 60.0)
    monkeypatch.setattr("userdesk.tui.chat.discarding.UNDO_FOR", 60.0)

    @contextlib.asynccontextmanager
    async def start(
        base_url: str,
        *,
        key: str = "demo-key",
        config: str = "",
        size: tuple[int, int] = (WIDTH, HEIGHT),
        greeted: bool = True,
        troubled: bool = False,
        **flags: Any,
    ) -> AsyncIterator[ProgramDriver]:
        for name, value in {
            "USERDESK_CHATBOT_ID": DEMO_BOT,
            "USERDESK_CHATBOT_NAME": "Acme support",
            "USERDESK_BASE_URL": base_url,
            "USERDESK_API_KEY": key,
        }.items():
            monkeypatch.setenv(name, value)
        file = tmp_path / "config.toml"
        file.write_text(config, "utf-8")
        data_dir = tmp_path / "data"
        options = Options(config=file, data_dir=data_dir, **flags)
        settings = resolve(options)
        assert bool(settings.problems) == troubled
        app = UserdeskApp(settings, options)
        async with app.run_test(size=size, notifications=True) as pilot:
            ui = ProgramDriver(app, pilot, data_dir)
            await ui.until(lambda: app.chat.board.current, "the first conversation")
            if greeted:
                await ui.logs("demo chatbot")
            try:
                yield ui
            finally:
                await app.service.aclose()  # as leaving the program does

    return start

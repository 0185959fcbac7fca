"""The whole program on a stage: real screen, client, server and files; only the clocks stand still."""

import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from shelf import TODAY, WELCOME
from textual.pilot import Pilot
from textual.widgets import Input

from settling import press, until
from userdesk.chat.recording import Recording
from userdesk.demo.server.host import DemoServer
from userdesk.domain.message import Metrics
from userdesk.settings import Options, resolve
from userdesk.tui.app import UserdeskApp
from userdesk.tui.chat.screen import ChatScreen
from userdesk.tui.message_log.conversation_view import LiveAnswer
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.widgets.status_bar import StatusBar

BRIEF = frozenset(("turns", "find", "search", "continue", "default"))  # workers that change the screen


class StoppedDate(date):
    """A date whose today is always the same."""

    @classmethod
    def today(cls) -> date:  # type: ignore[override]
        return TODAY


def metrics(recording: Recording) -> Metrics:
    """Believable figures that depend on the answer's length alone."""
    characters = len(recording.text)
    return Metrics(0.4 if characters else None, 0.4 + characters / 250, characters)


@contextmanager
def standing_still() -> Iterator[pytest.MonkeyPatch]:
    """Stop every clock that can be seen: today, elapsed time, spinners, blinking, fading news."""
    stopped = SimpleNamespace(monotonic=lambda: 1_000.0)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("userdesk.tui.chat.board", "userdesk.tui.switcher.screen"):
            patch.setattr(f"{module}.date", StoppedDate)
        patch.setattr("userdesk.tui.widgets.toast.time", stopped)
        patch.setattr("userdesk.tui.message_log.scrolling.BAR_FRAME", 0.0)
        patch.setattr(LiveAnswer, "elapsed", property(lambda live: 1.3))
        patch.setattr(Recording, "metrics", property(metrics))
        patch.setattr(MessageLog, "_tick", lambda log: None)
        patch.setattr(ConversationList, "spin", lambda sidebar: None)
        patch.setattr(Input, "_toggle_cursor", lambda field: None)
        patch.setattr(StatusBar, "NEWS_FOR", 3_600.0)
        # Ports differ from run to run.
        patch.setattr("userdesk.api.network_failures.Journey._cause", lambda journey, error: "")
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield patch
    time.tzset()


class StagedApp(UserdeskApp):
    """The program; it closes its connections however it is left."""

    async def on_unmount(self) -> None:
        """A snapshot is taken in the middle of things."""
        await self.service.aclose()


class DemoInThread:
    """The embedded chatbot on the stage's own server, in place of a child process."""

    def __init__(self, server: DemoServer) -> None:
        self.api_key = server.key
        self._server = server

    def launch(self) -> None:
        """It runs already."""

    async def start(self) -> str:
        """Its base URL."""
        return self._server.base_url

    async def stop(self) -> None:
        """It ends with the stage."""


class Stage:
    """A home folder and a chatbot's server, and the program that is about to run on them."""

    def __init__(self, home: Path, server: DemoServer, patch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.server = server
        self._patch = patch
        self.data_dir = home / "data"

    def app(
        self,
        *,
        theme: str = "userdesk-dark",
        base_url: str = "",
        demo: bool = False,
        accessible: bool = False,
        environ: Mapping[str, str] | None = None,
        **settings: object,
    ) -> UserdeskApp:
        """The program, talking to Acme support; with `demo` as where nothing is configured."""
        acme = {
            "USERDESK_CHATBOT_NAME": "Acme support",
            "USERDESK_CHATBOT_ID": self.server.chatbot_id,
            "USERDESK_API_KEY": self.server.key,
            "USERDESK_BASE_URL": base_url or self.server.base_url,
        }
        environment_report = {"HOME": str(self.home), **({} if demo else acme), **(environ or {})}
        for name, text in environment_report.items():
            self._patch.setenv(name, text)
        options = Options(data_dir=self.data_dir, config=None, theme=theme, accessible=accessible)
        config = self.home / "config.toml"
        config.touch(mode=0o600)
        environment_report["USERDESK_CONFIG"] = str(config)
        resolved = replace(resolve(options, environment_report), **settings)  # type: ignore[arg-type]
        app = StagedApp(resolved, options, demo=DemoInThread(self.server))  # type: ignore[arg-type]
        app.animation_level = "none"
        return app

    def play(self, scene: "Callable[[Actor], Awaitable[None]]") -> Callable[[Pilot[int]], Awaitable[None]]:
        """A scene as `snap_compare` runs it before it takes the picture."""

        async def run_before(pilot: Pilot[int]) -> None:
            actor = Actor(pilot, self.server)
            await actor.until(lambda: bool(actor.chat.board.current and actor.chat.sidebar.list.keys()))
            await actor.settled()
            await scene(actor)
            actor.chat.log_view.redraw()
            await pilot.pause()

        return run_before


class Actor:
    """Somebody at the keyboard who waits until each thing has happened."""

    def __init__(self, pilot: Pilot[int], server: DemoServer) -> None:
        assert isinstance(pilot.app, UserdeskApp)
        self.app: UserdeskApp = pilot.app
        self.server = server
        self._pilot = pilot

    @property
    def chat(self) -> ChatScreen:
        """The chat screen, whatever lies over it."""
        return self.app.chat

    async def until(self, condition: Callable[[], object]) -> None:
        """Return once it holds."""
        await until(condition, lambda: "a condition")

    async def settled(self) -> None:
        """Return once nothing is under way that will change the screen."""
        await self.until(lambda: not any(worker.group in BRIEF for worker in self.app.workers))
        before: list[str] = []
        while (picture := [strip.text for strip in self.app.screen._compositor.render_strips()]) != before:
            before = picture
            await self._pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, and wait for what each of them does."""
        for key in keys:
            await press(self._pilot, key)
            await self.settled()

    async def begin_conversation(self) -> None:
        """Start a new conversation and wait for Acme's welcome, whatever streams elsewhere."""
        created = {"success": True, "conversationId": self.server.memory.create(), "response": WELCOME}
        self.server.fail_next(200, body=json.dumps(created), on="conversation")
        before = self.chat.board.current
        await press(self._pilot, "ctrl+n")
        await self.until(lambda: self.chat.board.current != before and len(self.chat.log_view.view or ()))

    async def send(self, text: str) -> None:
        """Send a message without waiting for its answer."""
        self.chat.input_bar.put(text)
        await press(self._pilot, "enter")
        await self.until(lambda: self.chat.service.turns(self.chat.board.current))

    async def ask(self, text: str, answer: str = "") -> None:
        """Send a message and wait for the whole answer: the server's own, or this one."""
        if answer:
            self.server.answer_next(answer)
        self.chat.input_bar.put(text)
        await press(self._pilot, "enter")
        await self.settled()

    async def begin(self, text: str, answer: str, *, characters: int) -> None:
        """Send a message and wait for the beginning of an answer that is held there."""
        raw = answer.encode()
        begun = len(answer[:characters].encode())
        self.server.answer_next([raw[:begun], raw[begun:]])
        self.server.hold(1)
        key = self.chat.board.current
        self.chat.input_bar.put(text)
        await press(self._pilot, "enter")
        await self.until(lambda: (live := self.chat.board.view(key).live) and live.characters == characters)
        self.chat.log_view.redraw()
        await self._pilot.pause()

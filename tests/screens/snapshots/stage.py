"""The whole program on a stage: real screen, client, server and files; only the clocks stand still."""

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from shelf import TODAY
from textual.pilot import Pilot
from textual.widgets import Input

from demo_server import DemoServer
from program_conditions import MODULES_WITH_TODAY, collect_seldom
from program_driver import ProgramDriver
from userdesk.chat.recording import Recording
from userdesk.domain.message import Metrics
from userdesk.settings import Options, resolve
from userdesk.tui.app import UserdeskApp
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import LiveAnswer
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.visit import Visit
from userdesk.tui.widgets.status_bar import StatusBar


class StoppedDate(date):
    """A date whose today is always the same."""

    @classmethod
    def today(cls) -> date:  # type: ignore[override]
        return TODAY


LAST = datetime(TODAY.year, TODAY.month, TODAY.day, 14, 5)
"""When everything happens that happens while the clocks stand still."""


def local_time(at: float) -> time.struct_time:
    """What is later is of that minute."""
    return time.localtime(min(at, LAST.timestamp()))


def time_said(bubble: Bubble, time_of: Callable[[Bubble], str] = Bubble.time.fget) -> str:  # type: ignore[assignment]
    """The time beside a message, none of them later than that minute."""
    is_later = bubble.entry.message.at.timestamp() > LAST.timestamp()
    return f"{LAST:%H:%M}" if is_later and time_of(bubble) else time_of(bubble)


def metrics(recording: Recording) -> Metrics:
    """Believable figures that depend on the answer's length alone."""
    characters = len(recording.text)
    return Metrics(0.4 if characters else None, 0.4 + characters / 250, characters)


@contextmanager
def standing_still() -> Iterator[pytest.MonkeyPatch]:
    """Stop every clock that can be seen: today, elapsed time, spinners, blinking, fading news."""
    stopped = SimpleNamespace(monotonic=lambda: 1_000.0)
    with pytest.MonkeyPatch.context() as patch:
        collect_seldom(patch)
        for module in MODULES_WITH_TODAY:
            patch.setattr(f"{module}.date", StoppedDate)
        patch.setattr("userdesk.tui.widgets.toast.time", stopped)
        patch.setattr("userdesk.tui.sidebar.rows.localtime", local_time)
        patch.setattr(Bubble, "time", property(time_said))
        patch.setattr("userdesk.tui.message_log.scrolling.BAR_FRAME", 0.0)
        patch.setattr(LiveAnswer, "elapsed", property(lambda live: 1.3))
        patch.setattr(Recording, "metrics", property(metrics))
        patch.setattr("userdesk.tui.message_log.view_follower.SPINNER_PERIOD", 3_600.0)
        patch.setattr(ConversationList, "spin", lambda sidebar: None)
        patch.setattr(Input, "_toggle_cursor", lambda field: None)
        patch.setattr(StatusBar, "NEWS_FOR", 3_600.0)
        patch.setattr(UserdeskApp, "NOTIFICATION_TIMEOUT", 3_600.0)
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
        visit: Visit | None = None,
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
        app = StagedApp(resolved, options, demo=DemoInThread(self.server), visit=visit)  # type: ignore[arg-type]
        app.animation_level = "none"
        return app

    def driver(self, pilot: Pilot[int]) -> ProgramDriver:
        """The driver of a program on this stage."""
        assert isinstance(pilot.app, UserdeskApp)
        return ProgramDriver(pilot.app, pilot, self.data_dir, self.server)

    def play(
        self, scene: Callable[[ProgramDriver], Awaitable[None]]
    ) -> Callable[[Pilot[int]], Awaitable[None]]:
        """A scene as `snap_compare` runs it before it takes the picture."""

        async def run_before(pilot: Pilot[int]) -> None:
            actor = self.driver(pilot)
            await actor.until(lambda: actor.current and actor.conversation_list.keys(), "the conversations")
            await actor.settled()
            await scene(actor)
            actor.redraw_log()
            await pilot.pause()

        return run_before

"""The full-screen program against the embedded server."""

import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from command_runs import chatbot_of
from demo_server import DemoServer
from program_conditions import let_nothing_pass
from program_driver import HEIGHT, WIDTH, ProgramDriver, running
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.settings import Options, resolve
from userdesk.tui.visit import Visit

sys.path.insert(0, str(Path(__file__).parents[1]))  # scripted_server.py


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
    let_nothing_pass(monkeypatch)

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
        async with running(settings, options, size=size) as ui:
            if greeted:
                await ui.logs("demo chatbot")
            yield ui

    return start


class Host:
    """Who reads what a visitor's program tells of its browser."""

    def __init__(self) -> None:
        self._reads, self.writes = os.pipe()
        os.set_blocking(self._reads, False)
        self._came = b""

    def told(self, kind: str) -> list[dict[str, Any]]:
        """What came so far, of one type."""
        with contextlib.suppress(BlockingIOError):
            self._came += os.read(self._reads, 1_000_000)
        messages = map(json.loads, self._came.split(b"\n")[:-1])
        return [message for message in messages if message["type"] == kind]

    def close(self) -> None:
        """Leave."""
        os.close(self._reads)
        os.close(self.writes)


@pytest.fixture
def open_visit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., contextlib.AbstractAsyncContextManager[tuple[ProgramDriver, Host]]]:
    """Starts the program as a visitor gets it: `async with open_visit(server) as (ui, host)`."""
    let_nothing_pass(monkeypatch)

    @contextlib.asynccontextmanager
    async def start(
        server: DemoServer,
        *,
        size: tuple[int, int] = (WIDTH, HEIGHT),
        play: Path | None = None,
    ) -> AsyncIterator[tuple[ProgramDriver, Host]]:
        folder = tmp_path / "visit-1"
        folder.mkdir(0o700)
        config = folder / "config.toml"
        config.write_text('[keys]\nnew_conversation = "f2"\nswitch = "f3"\n', "utf-8")
        environment = {
            "HOME": str(folder),
            "USERDESK_CONFIG": str(config),
            "USERDESK_DATA_DIR": str(folder / "data"),
            **chatbot_of(server, name="Acme support"),
        }
        options, host = Options(play=play), Host()
        settings = resolve(options, environ=environment)
        try:
            visit = Visit(folder, host.writes, play)
            async with running(settings, options, size=size, visit=visit, server=server) as ui:
                yield ui, host
        finally:
            host.close()

    return start

"""The full-screen program against the embedded server."""

import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo_server import DemoServer
from program_conditions import let_nothing_pass
from program_driver import HEIGHT, WIDTH, ProgramDriver, running
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.settings import Options, resolve

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

"""The program against things that go wrong: in this process, as children, in a pseudo-terminal."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from command_runs import chatbot_at
from demo_server import DemoServer
from program_conditions import let_nothing_pass, watch_folder_often
from program_driver import ProgramDriver, running
from userdesk.domain.chatbot import ApiKey, Chatbot
from userdesk.settings import Options, resolve
from whole_answers import WholeAnswersClient

TESTS = Path(__file__).parents[1]
# pseudo_terminal.py, chatty_server.py
sys.path[:0] = [str(TESTS / "terminal"), str(TESTS / "faults")]

KEY = "sk-faults-0123456789-abcdef-WXYZ"  # what must never be seen


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(key=KEY) as running:
        yield running


@pytest.fixture
def secret() -> str:
    """The API key of every chatbot here."""
    return KEY


OpenWindow = Callable[..., contextlib.AbstractAsyncContextManager[ProgramDriver]]


@pytest.fixture
def open_window(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenWindow:
    """Starts the program in this process: `async with open_window(base_url) as window`."""
    let_nothing_pass(monkeypatch)
    watch_folder_often(monkeypatch)

    @contextlib.asynccontextmanager
    async def start(
        base_url: str,
        *,
        folder: Path = data_dir,
        chatbot_id: str = "demo",
        config: str = "read_timeout = 60",
        name: str = "Acme support",
    ) -> AsyncIterator[ProgramDriver]:
        for variable, value in chatbot_at(base_url, KEY, chatbot_id=chatbot_id, name=name).items():
            monkeypatch.setenv(variable, value)
        file = tmp_path / "config.toml"
        file.write_text(config, "utf-8")
        async with running(resolve(Options(config=file, data_dir=folder))) as window:
            yield window

    return start


@pytest.fixture
async def client_to() -> AsyncIterator[Callable[[str], WholeAnswersClient]]:
    """Makes clients of a base URL and closes them after the test."""
    async with contextlib.AsyncExitStack() as stack:

        def make(base_url: str) -> WholeAnswersClient:
            client = WholeAnswersClient(Chatbot("test", "Test", "1", base_url), ApiKey(KEY))
            stack.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
def environment(login: dict[str, str]) -> Callable[..., dict[str, str]]:
    """What a login shell gives the program, and a chatbot at that address."""
    return lambda base_url, chatbot_id="demo": (
        login | chatbot_at(base_url, KEY, chatbot_id=chatbot_id, name="Acme support")
    )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 256 kB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if (
        os.geteuid() != 0
        or not shutil.which("mount")
        or subprocess.run(mount, capture_output=True).returncode
    ):
        pytest.skip("needs the right to mount a small file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)

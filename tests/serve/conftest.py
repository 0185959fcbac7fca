"""A host on loopback whose clock the tests move, and browsers that come to it."""

import sys
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from signal import SIGKILL
from subprocess import PIPE
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # host_apart.py

from host_apart import READY, Browser, Host, NewHost
from served import Served

from forks import start


@pytest.fixture
def new_host(tmp_path: Path) -> NewHost:
    """Makes a host that is not started."""
    return lambda **options: Host(tmp_path, **options)


@pytest.fixture
async def host(new_host: NewHost) -> AsyncIterator[Host]:
    """A host with three places."""
    async with new_host() as host:
        yield host


@pytest.fixture
async def browser(host: Host) -> AsyncIterator[Browser]:
    """A browser that has come by the invitation, and shows the terminal."""
    async with Browser(host) as browser:
        await browser.come()
        await browser.sees(READY)
        yield browser


@pytest.fixture
async def other(host: Host) -> AsyncIterator[Browser]:
    """Somebody else, who is here, too."""
    async with Browser(host) as other:
        await other.come()
        await other.sees(b"<")
        yield other


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
async def serve(login: dict[str, str], temporary: Path) -> AsyncIterator[Callable[..., Any]]:
    """Runs the command, in an environment of its own, and waits until it has an address."""
    runs: list[Served] = []

    async def begin(*arguments: str, environment: Mapping[str, str] = {}, defect: str = "") -> Served:
        whole_environment = {**login, "TMPDIR": str(temporary), **environment}
        process = start(whole_environment, "serve", *arguments, stdout=PIPE, defect=defect)
        runs.append(served := Served(process, temporary))
        await served.says("Send this address")
        return served

    yield begin
    for each in runs:
        if each.process.poll() is None:
            await each.end(SIGKILL)
        each.process.close()

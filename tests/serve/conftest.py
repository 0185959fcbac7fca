"""A host on loopback whose clock the tests move, and browsers that come to it."""

import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # host_apart.py

from host_apart import READY, Browser, Host


@pytest.fixture
def new_host(tmp_path: Path) -> Callable[..., Host]:
    """Makes a host that is not started."""
    return lambda **options: Host(tmp_path, **options)


@pytest.fixture
async def host(new_host: Callable[..., Host]) -> AsyncIterator[Host]:
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

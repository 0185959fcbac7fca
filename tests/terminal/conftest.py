"""A clean environment for the program in its pseudo-terminal."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from command_runs import chatbot_of
from demo_server import DemoServer

sys.path.insert(0, str(Path(__file__).parent))  # pseudo_terminal.py


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def environment(login: dict[str, str]) -> dict[str, str]:
    """No chatbot: the embedded demo starts."""
    return login


@pytest.fixture
def connected(login: dict[str, str]) -> Callable[[DemoServer], dict[str, str]]:
    """The environment that names a server as the chatbot."""
    return lambda server: login | chatbot_of(server, name="Acme support")

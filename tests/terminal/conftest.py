"""A clean environment for the program in its pseudo-terminal."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from userdesk.demo.host import DemoServer

sys.path.insert(0, str(Path(__file__).parent))  # pseudo_terminal.py


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def environment(tmp_path: Path, data_dir: Path) -> dict[str, str]:
    """What a login shell gives, and no chatbot: the embedded demo starts."""
    return {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "USERDESK_DATA_DIR": str(data_dir),
    }


@pytest.fixture
def connected(environment: dict[str, str]) -> Callable[[DemoServer], dict[str, str]]:
    """The environment that names a server as the chatbot."""

    def to(server: DemoServer) -> dict[str, str]:
        return environment | {
            "USERDESK_BASE_URL": server.base_url,
            "USERDESK_CHATBOT_ID": server.chatbot_id,
            "USERDESK_CHATBOT_NAME": "Acme support",
            "USERDESK_API_KEY": server.key,
        }

    return to

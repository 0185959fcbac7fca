"""Runs `userdesk` as a script does: an environment of its own, and what comes of the command."""

import io
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple, TextIO
from unittest.mock import patch

import pytest

from demo_server import DemoServer
from userdesk.cli import main

LIMIT = 30  # s; only a hanging program reaches it


# Root may read and write everywhere unless it gives that up.
_GIVEN_UP = "-dac_override,-dac_read_search"
_AS_ROOT = ["setpriv", f"--bounding-set={_GIVEN_UP}", f"--inh-caps={_GIVEN_UP}"]


class Done(NamedTuple):
    """What came of a command."""

    returncode: int
    stdout: str
    stderr: str


def login_environment(home: Path, data_dir: Path) -> dict[str, str]:
    """What a login shell gives, and no chatbot: the embedded demo answers."""
    return {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "USERDESK_DATA_DIR": str(data_dir),
    }


def chatbot_at(base_url: str, key: str, *, chatbot_id: str = "demo", name: str = "Acme") -> dict[str, str]:
    """The variables that name a chatbot."""
    return {
        "USERDESK_BASE_URL": base_url,
        "USERDESK_CHATBOT_ID": chatbot_id,
        "USERDESK_CHATBOT_NAME": name,
        "USERDESK_API_KEY": key,
    }


def chatbot_of(server: DemoServer, *, name: str = "Acme") -> dict[str, str]:
    """The variables that name an embedded server as the chatbot."""
    return chatbot_at(server.base_url, server.key, chatbot_id=server.chatbot_id, name=name)


def command(*arguments: str) -> list[str]:
    """The program with these arguments, to be started as a process."""
    return [sys.executable, "-m", "userdesk", *arguments]


def command_that_obeys_permissions(*arguments: str) -> list[str]:
    """The program as a process that files' modes hold for, whoever runs the tests; skips where that fails."""
    if os.geteuid() != 0:
        return command(*arguments)
    if not shutil.which("setpriv"):
        pytest.skip("root may read and write everywhere")
    return [*_AS_ROOT, *command(*arguments)]


def run(environment: Mapping[str, str], *arguments: str, given: str | bytes | TextIO = "") -> Done:
    """The command in this process, with streams and an environment of its own."""
    if isinstance(given, str):
        given = given.encode()
    stdin = io.TextIOWrapper(io.BytesIO(given), "utf-8") if isinstance(given, bytes) else given
    out, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    with (
        patch.dict(os.environ, environment, clear=True),
        patch.object(sys, "stdin", stdin),
        redirect_stdout(out),
        redirect_stderr(errors),
    ):
        status = main(arguments)
    for stream in (out, errors):
        stream.flush()
        stream.seek(0)
    return Done(status, out.read(), errors.read())

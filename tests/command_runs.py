"""Runs `userdesk` as a script does: an environment of its own, and what comes of the command."""

import io
import os
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from userdesk.cli import main
from userdesk.demo.host import DemoServer

LIMIT = 30  # s; only a hanging program reaches it


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


def run(environment: Mapping[str, str], *arguments: str, given: str | bytes = "") -> Done:
    """The command in this process, with streams and an environment of its own."""
    raw = given.encode() if isinstance(given, str) else given
    out, errors = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with (
        patch.dict(os.environ, environment, clear=True),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), "utf-8")),
        redirect_stdout(out),
        redirect_stderr(errors),
    ):
        status = main(arguments)
    for stream in (out, errors):
        stream.flush()
        stream.seek(0)
    return Done(status, out.read(), errors.read())

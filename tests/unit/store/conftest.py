import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import userdesk
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role
from userdesk.store.store import Store

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data_dir: Path) -> Store:
    opened = Store(data_dir)
    assert opened.open() == []
    return opened


@pytest.fixture
def conversation() -> Callable[..., Conversation]:
    def make(key: str = "k1", **values: object) -> Conversation:
        return Conversation(**{"key": key, "bot": "acme", "created": AT, **values})  # type: ignore[arg-type]

    return make


@pytest.fixture
def user() -> Callable[..., Message]:
    def make(text: str = "Hello?", **values: object) -> Message:
        return Message(**{"role": Role.USER, "text": text, "at": AT, **values})  # type: ignore[arg-type]

    return make


@pytest.fixture
def child() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts a real Python process that has the package on its path; killed at the end."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str, *arguments: object) -> "subprocess.Popen[str]":
        environment = {**os.environ, "PYTHONPATH": str(Path(userdesk.__file__).parent.parent)}
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def write(data_dir: Path) -> Callable[..., Path]:
    """Replaces a transcript as another program does."""

    def transcript(key: str, *texts: str) -> Path:
        path = data_dir / "transcripts" / f"{key}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps({"role": "user", "text": text}, ensure_ascii=False) for text in texts]
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8", "replace")
        return path

    return transcript

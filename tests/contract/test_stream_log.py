"""The stream log: how an answer came, chunk by chunk, over real HTTP; its text only where asked for."""

import asyncio
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from command_runs import Done, chatbot_at, run
from demo_server import DemoServer
from scripted_server import ScriptedServer, chunk, cut, head, whole
from userdesk.api import Chunk
from userdesk.chat.stream_log import StreamLog
from userdesk.cli import main
from userdesk.domain.message import Message, Role, Status, now

SECRET = "Grüße 😀"


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "stream.jsonl"


def send(login: dict[str, str], base_url: str, *arguments: str) -> Done:
    return run(login | chatbot_at(base_url, "demo-key"), "send", *arguments)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("ascii").splitlines()]


def test_chunks_sizes_gaps_and_split_characters(login: dict[str, str], log_file: Path) -> None:
    raw = SECRET.encode()
    with DemoServer() as server:
        server.answer_next([raw[:3], raw[3:9], raw[9:]])
        status, *_ = send(login, server.base_url, "Hi", "--stream-log", str(log_file))
    assert status == 0
    request, *chunks, end = lines(log_file)
    assert request["event"] == "request" and request["conversationId"]
    assert sum(chunk["bytes"] for chunk in chunks) == len(raw) == end["bytes"]
    assert [chunk["split"] for chunk in chunks][-1] is False and end["splits"] >= 1
    assert all(set(chunk) == {"answer", "event", "at_ms", "bytes", "gap_ms", "split"} for chunk in chunks)
    times = [chunk["at_ms"] for chunk in chunks]
    assert times == sorted(times) and end["at_ms"] >= times[-1]
    assert sum(chunk["gap_ms"] for chunk in chunks) == pytest.approx(times[-1], abs=1)
    assert end["status"] == "complete" and end["chunks"] == len(chunks)
    assert "Gr" not in log_file.read_text("ascii") and "demo-key" not in log_file.read_text("ascii")
    assert stat.S_IMODE(log_file.stat().st_mode) == 0o600


def test_text_where_it_is_asked_for_and_several_answers_in_one_file(
    login: dict[str, str], log_file: Path
) -> None:
    with DemoServer() as server:
        for _ in range(2):
            server.answer_next(SECRET)
            flags = ("--stream-log", str(log_file), "--stream-log-text")
            assert send(login, server.base_url, "Hi", *flags).returncode == 0
    texts = [line["text"] for line in lines(log_file) if line["event"] == "chunk"]
    assert "".join(texts) == SECRET * 2
    assert [line["event"] for line in lines(log_file)].count("end") == 2


def test_check_writes_one_too(login: dict[str, str], tmp_path: Path, log_file: Path) -> None:
    questions = tmp_path / "set.toml"
    questions.write_text("[[question]]\nask = 'one'\n[[question]]\nask = 'two'\nnew_conversation = true\n")
    with DemoServer() as server:
        environment = login | chatbot_at(server.base_url, "demo-key")
        done = run(environment, "check", str(questions), "--jobs", "2", "--stream-log", str(log_file))
    assert done.returncode == 0
    events = [(line["answer"], line["event"]) for line in lines(log_file)]
    assert {(1, "request"), (1, "chunk"), (1, "end"), (2, "request"), (2, "chunk"), (2, "end")} == set(events)
    assert len({line["conversationId"] for line in lines(log_file) if line["event"] == "request"}) == 2


async def test_failures_say_what_happened(login: dict[str, str], log_file: Path) -> None:
    created = whole(200, {"success": True, "conversationId": "c-1"})
    broken = cut(head(200, "Transfer-Encoding: chunked") + chunk(b"Hello"))
    async with ScriptedServer(created, broken) as server:
        flags = ("Hi", "--stream-log", str(log_file))
        status, *_ = await asyncio.to_thread(send, login, server.base_url, *flags)
    assert status == 6
    request, *_, end = lines(log_file)
    assert request["conversationId"] == "c-1" and (end["status"], end["bytes"]) == ("interrupted", 5)
    assert end["failure"] == "The connection was lost before the answer was complete"


def test_file_that_can_not_be_opened_is_told_before_anything_is_sent(login: dict[str, str]) -> None:
    with DemoServer() as server:
        flags = ("Hi", "--stream-log", "/nowhere/at/all.jsonl")
        done = send(login, server.base_url, *flags)
        assert (done.returncode, server.requests) == (2, [])
    assert "--stream-log /nowhere/at/all.jsonl: no such file" in done.stderr


def test_text_without_a_log_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["send", "Hi", "--stream-log-text"]) == 2
    assert "--stream-log FILE" in capsys.readouterr().err


def test_full_disk_ends_the_log_once_and_nothing_else() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full here")
    told: list[str] = []
    log = StreamLog.open(full)
    log.on_trouble = told.append
    log.begun("t", None)
    log.arrived("t", Chunk("x", 1))
    log.ended("t", Message(role=Role.ASSISTANT, text="x", at=now(), status=Status.COMPLETE))
    log.close()
    assert told == ["The stream log stopped: No space left on device"]

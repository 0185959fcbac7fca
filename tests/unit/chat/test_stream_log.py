"""The stream log: a line for each request, chunk and end, with figures that add up, and no text unasked."""

import json
import os
import stat
from io import FileIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from userdesk.api import Chunk
from userdesk.chat import stream_log
from userdesk.chat.stream_log import StreamLog
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Role, Status, now

CLOCK = SimpleNamespace(now=0.0)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    CLOCK.now = 100.0
    monkeypatch.setattr(stream_log, "time", SimpleNamespace(monotonic=lambda: CLOCK.now))


def outcome(status: Status = Status.COMPLETE, **fields: Any) -> Message:
    return Message(role=Role.ASSISTANT, text="", at=now(), status=status, **fields)


def came(log: StreamLog, turn: str, pause: float, text: str, split: bool = False) -> None:
    CLOCK.now += pause
    log.arrived(turn, Chunk(text, len(text.encode()) + split, split))


def lines(path: Path) -> list[dict[str, object]]:
    read = [json.loads(line) for line in path.read_text("ascii").splitlines()]
    for line in read:
        if line.get("event") == "request":
            assert line.pop("at").endswith("+00:00")
    return read


@pytest.mark.parametrize("with_text", [False, True])
def test_each_chunk_has_a_line_and_the_end_sums_them_up(tmp_path: Path, with_text: bool) -> None:
    log = StreamLog.open(tmp_path / "log", with_text=with_text)
    log.begun("t1", "c1")
    came(log, "t1", 0.25, "Hé")
    came(log, "t1", 1.5, "a", split=True)
    came(log, "t1", 0.0104, "\x1b")
    CLOCK.now += 0.5
    log.ended("t1", outcome())
    log.close()
    request, *chunks, end = lines(tmp_path / "log")
    assert request == {"answer": 1, "event": "request", "conversationId": "c1"}
    texts = ["Hé", "a", "\x1b"]
    assert [chunk.pop("text", None) for chunk in chunks] == (texts if with_text else [None] * 3)
    assert chunks == [
        {"answer": 1, "event": "chunk", "at_ms": 250.0, "bytes": 3, "gap_ms": 250.0, "split": False},
        {"answer": 1, "event": "chunk", "at_ms": 1750.0, "bytes": 2, "gap_ms": 1500.0, "split": True},
        {"answer": 1, "event": "chunk", "at_ms": 1760.4, "bytes": 1, "gap_ms": 10.4, "split": False},
    ]
    assert end == {
        **{"answer": 1, "event": "end", "at_ms": 2260.4, "status": "complete"},
        **{"chunks": 3, "bytes": 6, "splits": 1, "longest_gap_ms": 1500.0},
    }


def test_answers_at_the_same_time_are_told_apart_by_their_numbers(tmp_path: Path) -> None:
    log = StreamLog.open(tmp_path / "log")
    log.begun("t1", None)
    log.begun("t2", "c2")
    came(log, "t1", 0.1, "a")
    came(log, "t2", 0.1, "bc")
    log.ended("t2", outcome(Status.FAILED, failure=Failure(FailureKind.WRONG_KEY, status=401)))
    log.ended("t1", outcome(Status.STOPPED))
    log.close()
    told = lines(tmp_path / "log")
    assert [(line["answer"], line["event"]) for line in told] == [
        *((1, "request"), (2, "request"), (1, "chunk"), (2, "chunk"), (2, "end"), (1, "end")),
    ]
    assert told[0]["conversationId"] is None
    assert (told[-2]["failure"], told[-2]["status"]) == ("401 · Wrong API Key", "failed")
    assert "failure" not in told[-1] and told[-1]["status"] == "stopped"


def test_what_no_request_was_told_of_is_left_out(tmp_path: Path) -> None:
    log = StreamLog.open(tmp_path / "log")
    came(log, "none", 0.1, "a")
    log.ended("none", outcome())
    log.begun("t1", None)
    log.ended("t1", outcome())
    log.ended("t1", outcome())
    came(log, "t1", 0.1, "late")
    log.close()
    assert [line["event"] for line in lines(tmp_path / "log")] == ["request", "end"]


def test_a_new_log_is_its_owners_alone_and_an_old_one_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "log"
    for _ in range(2):
        log = StreamLog.open(path)
        log.begun("t1", None)
        log.close()
        log.close()
        log.begun("t2", None)
    assert [line["event"] for line in lines(path)] == ["request", "request"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(OSError):
        StreamLog.open(tmp_path / "none" / "log")


def test_a_full_disk_ends_the_log_and_is_told_once() -> None:
    told: list[str] = []
    log = StreamLog(FileIO("/dev/full", "w"))
    log.begun("t0", None)  # whoever tells nobody is not disturbed either
    log = StreamLog(FileIO("/dev/full", "w"))
    log.on_trouble = told.append
    log.begun("t1", None)
    came(log, "t1", 0.1, "a")
    log.ended("t1", outcome())
    assert told == [f"The stream log stopped: {os.strerror(28)}"]


def test_a_log_that_cannot_be_closed_is_told(tmp_path: Path) -> None:
    class Late(FileIO):
        def close(self) -> None:
            super().close()
            raise OSError("late")

    told: list[str] = []
    log = StreamLog(Late(tmp_path / "log", "w"))
    log.on_trouble = told.append
    log.close()
    assert told == ["The stream log stopped: late"]

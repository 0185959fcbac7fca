"""Ctrl+C, SIGTERM, SIGHUP, kill -9: what was done is told, what arrived is kept, nothing is left behind."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE

import pytest

from command_runs import LIMIT, command
from demo_server import DemoServer
from forks import Process, start
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, Status
from userdesk.store import Store

SIGNALS = [
    (signal.SIGINT, 130, "with Ctrl+C"),
    (signal.SIGTERM, 143, "by SIGTERM"),
    (signal.SIGHUP, 129, "by SIGHUP"),
]
IGNORING = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture
def temporary(tmp_path: Path, environment: dict[str, str]) -> Path:
    """The folder of temporary files that commands are given."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    environment["TMPDIR"] = str(folder)
    return folder


@pytest.fixture
def two_questions(tmp_path: Path) -> str:
    path = tmp_path / "set.toml"
    path.write_text("[[question]]\nask = 'one'\n[[question]]\nask = 'two'\n[[question]]\nask = 'three'\n")
    return str(path)


def wait_for_text(environment: dict[str, str], text: str) -> None:
    """Returns once what arrived of an answer is on the disk."""
    transcripts = Path(environment["USERDESK_DATA_DIR"]) / "transcripts"
    end = time.monotonic() + LIMIT
    while not any(text in path.read_text("utf-8") for path in transcripts.glob("*.answer")):
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def in_the_second_question(
    server: DemoServer, environment: dict[str, str], *arguments: str
) -> Iterator[Process]:
    """`userdesk check` with one answer complete, and two of three pieces of the next one there."""
    server.answer_next([b"It is held"])
    server.answer_next([b"part of ", b"an ", b"answer"])
    server.hold(1)
    with start(environment, "check", *arguments, stdout=PIPE, stderr=PIPE) as process:
        try:
            assert process.stderr
            server.wait_until_held()  # before the end of its only piece
            server.controls.go_on_until(2)
            assert process.stderr.readline().startswith(b"[1/3] ")
            server.wait_until_held()
            yield process
        except BaseException:
            process.kill()
            raise


@pytest.mark.parametrize(("number", "status", "words"), SIGNALS)
def test_check_reports_what_was_done(
    server: DemoServer,
    environment: dict[str, str],
    temporary: Path,
    two_questions: str,
    number: signal.Signals,
    status: int,
    words: str,
) -> None:
    reports = [temporary.parent / name for name in ("r.json", "r.md")]
    flags = [flag for report in reports for flag in ("--report", str(report))]
    with in_the_second_question(server, environment, two_questions, *flags) as process:
        process.send_signal(number)
        out, errors = process.communicate(timeout=LIMIT)
    assert process.returncode == status
    assert b"Traceback" not in errors
    assert f"\nStopped {words}: these are the results" in out.decode()
    assert "1 held · 1 stopped · 1 not asked" in out.decode()
    assert f"Stopped {words}: " in reports[1].read_text("utf-8")
    document = json.loads(reports[0].read_text("utf-8"))
    assert document["interrupted"] is True
    assert [each["outcome"] for each in document["questions"]] == ["held", "stopped", "not asked"]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(("number", "status"), [each[:2] for each in SIGNALS])
def test_a_signal_after_the_last_answer_costs_no_report(
    server: DemoServer,
    environment: dict[str, str],
    temporary: Path,
    two_questions: str,
    number: signal.Signals,
    status: int,
) -> None:
    report = temporary.parent / "r.json"
    server.answer_next("More than a pipe holds. " * 20_000)
    with start(
        environment, "check", "-v", two_questions, "--report", str(report), stdout=PIPE, stderr=PIPE
    ) as process:
        assert process.stdout and process.stdout.read(1)  # it is printing now, and waits for us
        process.send_signal(number)
        out, errors = process.communicate(timeout=LIMIT)
    assert process.returncode == status
    assert b"Traceback" not in errors
    assert b"More than a pipe holds" in out
    assert "3 questions · 3 held" in out.decode()
    outcomes = [each["outcome"] for each in json.loads(report.read_text("utf-8"))["questions"]]
    assert outcomes == ["held"] * 3
    assert list(temporary.iterdir()) == []


def test_a_terminal_that_goes_away_leaves_a_report(
    server: DemoServer, environment: dict[str, str], temporary: Path, two_questions: str
) -> None:
    report = temporary.parent / "r.json"
    ours, theirs = pty.openpty()
    server.hold(None)
    process = start(
        environment,
        *("check", two_questions, "--report", str(report)),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        has_terminal=True,
    )
    os.close(theirs)
    server.wait_until_held()
    os.close(ours)
    assert process.wait(LIMIT) == 129
    assert json.loads(report.read_text("utf-8"))["interrupted"] is True
    assert list(temporary.iterdir()) == []


def test_what_ignores_hang_ups_goes_on(
    server: DemoServer, environment: dict[str, str], two_questions: str
) -> None:
    server.hold(None)
    with subprocess.Popen(
        [sys.executable, "-c", IGNORING, *command("check", two_questions)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        server.wait_until_held()
        process.send_signal(signal.SIGHUP)
        server.release()
        out, _ = process.communicate(timeout=LIMIT)
    assert process.returncode == 0
    assert b"3 questions" in out


def test_check_has_nothing_on_the_disk_that_a_kill_could_leave(
    server: DemoServer, environment: dict[str, str], temporary: Path, two_questions: str
) -> None:
    with in_the_second_question(server, environment, two_questions) as process:
        process.kill()
        process.communicate(timeout=LIMIT)
    server.release()
    assert list(temporary.iterdir()) == []
    assert not Path(environment["USERDESK_DATA_DIR"], "transcripts").exists()


@pytest.mark.parametrize(("number", "status", "words"), SIGNALS)
def test_send_keeps_what_arrived(
    server: DemoServer,
    environment: dict[str, str],
    data_dir: Path,
    number: signal.Signals,
    status: int,
    words: str,
) -> None:
    server.answer_next([b"first ", b"second"])
    server.hold(1)
    process = start(environment, "send", "hello", stdout=PIPE, stderr=PIPE)
    assert process.stdout
    assert os.read(process.stdout.fileno(), 100) == b"first "
    process.send_signal(number)
    rest, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, errors) == (status, b"")
    assert rest == b"\n"
    store = Store(data_dir)
    store.open()
    (saved,) = store.conversations()
    last = store.transcript(saved.key)[-1]
    assert (last.text, last.status) == ("first ", Status.STOPPED)


@pytest.mark.parametrize("after", [1, None])
def test_json_says_that_it_was_stopped(
    server: DemoServer, environment: dict[str, str], after: int | None
) -> None:
    server.answer_next([b"first ", b"second"])
    server.hold(after)  # behind the first piece, or before anything came
    process = start(environment, "send", "--json", "hello", stdout=PIPE, stderr=PIPE)
    server.wait_until_held()
    if after:
        wait_for_text(environment, "first ")
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, errors) == (130, b"")
    answer = json.loads(out)
    assert answer["stopped"] is True and "error" not in answer
    assert answer["conversationId"]
    assert answer["response"] == ("first " if after else "")


def test_json_says_so_where_nothing_was_sent(server: DemoServer, environment: dict[str, str]) -> None:
    process = start(environment, "send", "--json", stdin=PIPE, stdout=PIPE, stderr=PIPE)
    assert process.stdin
    # Full, the pipe takes more only when the program reads: it waits for its input then.
    process.stdin.write(b"x" * 200_000)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, json.loads(out), errors) == (130, {"stopped": True}, b"")
    assert server.requests == []


@pytest.mark.parametrize(("number", "status", "words"), SIGNALS)
def test_replay_ends_at_once(
    environment: dict[str, str], data_dir: Path, number: signal.Signals, status: int, words: str
) -> None:
    store = Store(data_dir)
    store.open()
    at = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
    store.add(Conversation(key="one", bot="acme", created=at, title="About one", id="id-one"))
    chunks = ((0, 5), (100_000, 5))
    store.transcript("one").append(Message(role=Role.ASSISTANT, text="firstother", at=at, chunks=chunks))
    process = start(environment, "replay", "one", stdout=PIPE, stderr=PIPE)
    assert process.stdout
    seen = b""
    while b"first" not in seen:
        piece = os.read(process.stdout.fileno(), 1000)
        assert piece, seen
        seen += piece
    process.send_signal(number)
    rest, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, errors) == (status, b"")
    assert b"other" not in rest


@pytest.mark.parametrize(("number", "status", "words"), SIGNALS)
def test_a_server_alone_ends_with_the_signals_status(
    login: dict[str, str], number: signal.Signals, status: int, words: str
) -> None:
    process = start(login, "demo-server", stdout=PIPE, stderr=PIPE)
    assert process.stdout
    assert process.stdout.readline().startswith(b"export USERDESK_BASE_URL=")
    process.send_signal(number)
    _, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, errors) == (status, b"")

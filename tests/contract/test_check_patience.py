"""`userdesk check` on a service that asks to wait: all conversations wait together, and how long is told."""

import json
import signal
import time
from collections import Counter
from pathlib import Path
from subprocess import PIPE
from xml.etree import ElementTree

import pytest

from command_runs import LIMIT, run
from demo_server import DemoServer
from forks import start


def questions(folder: Path, count: int, more: str = "new_conversation = true") -> str:
    path = folder / "set.toml"
    path.write_text("".join(f"[[question]]\nask = 'question {n}'\n{more}\n" for n in range(count)), "utf-8")
    return str(path)


def asked(server: DemoServer) -> Counter[str]:
    """How often each message was sent."""
    return Counter(str(each.json["message"]) for each in server.requests if "message" in (each.json or {}))  # type: ignore[operator, index, call-overload]


def test_what_was_asked_to_wait_is_waited_for_and_told(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    file = questions(tmp_path, 6, "new_conversation = true\nwithin = 0.9")
    reports = [tmp_path / name for name in ("r.json", "r.md", "r.xml")]
    flags = [flag for report in reports for flag in ("--report", str(report))]
    server.answer_next("one")
    server.hold(None)
    with start(environment, "check", file, *flags, stdout=PIPE, stderr=PIPE) as process:
        server.wait_until_held()
        server.fail_next(429, headers={"Retry-After": "1"}, on="message")
        server.fail_next(503, headers={"Retry-After": "Sat, 01 Jan 2000 00:00:00 GMT"}, on="message")
        server.fail_next(429, on="conversation")
        server.release()
        out, errors = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, out
    assert b"6 questions \xc2\xb7 6 held" in out  # `within` is of the answers alone
    assert b"\nWaited " in out and b" in total, as the service asked." in out
    assert errors.decode().count("waiting until ") == 3 and "429 · Too many requests" in errors.decode()
    waited = json.loads(reports[0].read_text("utf-8"))["waited"]
    assert 3 <= waited < 10  # as asked; 1 s where it is no time to come, twice, but not in a row
    assert "as the service asked." in reports[1].read_text("utf-8")
    properties = ElementTree.parse(reports[2]).getroot().iter("property")
    assert float({each.get("name"): each.get("value") for each in properties}["waited"] or 0) == waited
    assert asked(server) == {"question 0": 1, "question 1": 3} | {f"question {n}": 1 for n in range(2, 6)}


def test_when_patience_is_used_up_it_fails(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    for _ in range(20):
        server.fail_next(429, headers={"Retry-After": "1000000000"}, on="message")
    begun = time.monotonic()
    done = run(environment, "check", questions(tmp_path, 6), "--max-wait", "0.2", "--jobs", "4")
    assert done.returncode == 5
    assert time.monotonic() - begun < 10
    assert "429 · Too many requests" in done.stdout
    assert "Waited 0.2 s in total" in done.stdout
    assert len(asked(server)) <= 4  # one is tried after the pause, not all at once


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_it_waits_ends_it_at_once_with_a_report(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, number: int, status: int
) -> None:
    server.answer_next("one")
    server.hold(None)
    arguments = ("check", questions(tmp_path, 4), "--jobs", "2")
    with start(environment, *arguments, stdout=PIPE, stderr=PIPE) as process:
        server.wait_until_held(2)
        server.fail_next(429, headers={"Retry-After": "50"}, on="message")
        server.release()
        assert process.stderr
        while b"waiting until" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(number)
        begun = time.monotonic()
        out, errors = (each.decode() for each in process.communicate(timeout=LIMIT))
    assert process.returncode == status
    assert time.monotonic() - begun < 10
    assert "■ question 2 · 429 · Too many requests" in out or "■ question" in out
    assert "Stopped " in out and "Waited " in out
    assert "Traceback" not in errors


def test_what_may_have_been_received_is_not_sent_again(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    server.fail_next(502, headers={"Retry-After": "1"}, on="message")
    done = run(environment, "check", questions(tmp_path, 2))
    assert done.returncode == 5
    assert "1 held · 1 failed" in done.stdout and "Waited" not in done.stdout
    assert asked(server) == {"question 0": 1, "question 1": 1}

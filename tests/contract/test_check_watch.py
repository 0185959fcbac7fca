"""`userdesk check --every`: pass after pass over real HTTP, the figures, and who is told of a change."""

import json
import signal
import time
from pathlib import Path
from subprocess import PIPE

import pytest

from command_runs import LIMIT, run
from demo_server import DemoServer
from forks import start


def questions(folder: Path, *entries: str) -> str:
    path = folder / "set.toml"
    path.write_text("".join(f"[[question]]\n{entry}\n" for entry in entries), "utf-8")
    return str(path)


def conversations(server: DemoServer) -> list[str]:
    """The conversation of each message that was asked."""
    bodies = [request.json for request in server.requests]
    return [body["conversationId"] for body in bodies if isinstance(body, dict) and "message" in body]


def told(folder: Path, count: int) -> list[dict[str, object]]:
    """What the command was given so far, once that was so often."""
    end = time.monotonic() + LIMIT
    while (text := read(folder / "told")).count("\n\n") < count:
        assert time.monotonic() < end
        time.sleep(0.02)
    return [json.loads(line) for line in text.split("\n\n") if line]


def read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def test_passes_follow_one_another_until_ctrl_c(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    file = questions(
        tmp_path, "ask = 'one'\nexpect = 'yes'", "ask = 'two'", "ask = 'three'\nnew_conversation = true"
    )
    for first in ("yes", "no", "yes"):
        for answer in (first, "2", "3"):
            server.answer_next(answer)
    figures, report = tmp_path / "userdesk.prom", tmp_path / "r.json"
    keeps = f"sh -c 'cat >> {tmp_path}/told; echo >> {tmp_path}/told; env > {tmp_path}/environment'"
    flags = ["--every", "1s", "--prometheus", str(figures), "--report", str(report), "--on-change", keeps]
    with start(environment, "check", file, *flags, stdout=PIPE, stderr=PIPE) as process:
        assert process.stdout
        lines = [process.stdout.readline().decode() for _ in range(5)]
        changes = told(tmp_path, 2)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=LIMIT)
    assert process.returncode == 130
    held, failed = "3 questions · 3 held", "3 questions · 2 held · 1 not held"
    summaries = [" · ".join(line.split(" · ")[1:-1]) for line in (lines[0], lines[1], lines[3])]
    assert summaries == [held, failed, held]
    assert lines[2] == "    ✗ 1. one · not held, was held\n"
    assert lines[4] == "    ✓ 1. one · held, was not held\n"
    assert [each["changed"] for each in changes] == [
        [{"number": 1, "was": "held", "now": "not held"}],
        [{"number": 1, "was": "not held", "now": "held"}],
    ]
    assert environment["USERDESK_API_KEY"] not in read(tmp_path / "environment")
    assert f"{held} · " in out.decode().splitlines()[-1]
    assert json.loads(report.read_text("utf-8"))["summary"]["held"] == 3
    assert 'outcome="held"} 3\n' in figures.read_text("utf-8")
    assert figures.stat().st_mode & 0o777 == 0o644


def test_segments_go_on_in_their_conversations_where_the_set_allows(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    file = questions(tmp_path, "ask = 'one'", "ask = 'two'", "ask = 'three'\nnew_conversation = true")
    with start(environment, "check", file, "--every", "1s", stdout=PIPE, stderr=PIPE) as process:
        assert process.stdout
        for _ in range(2):
            process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=LIMIT)
    assert process.returncode == 143
    first, second, third, again, then, other = conversations(server)[:6]
    assert first == second == again == then
    assert len({first, third, other}) == 3


def test_a_conversation_that_the_service_forgot_is_begun_afresh(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    file = questions(tmp_path, "ask = 'one'")
    with start(environment, "check", file, "--every", "1s", stdout=PIPE, stderr=PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        server.fail_next(400, body="The conversationId is not valid", on="message")
        line = process.stdout.readline().decode()
        process.kill()
        process.communicate(timeout=LIMIT)
    assert "1 question · 1 held" in line
    first, refused, afresh = conversations(server)[:3]
    assert first == refused != afresh


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--every", "5"], "expected a duration such as 30s, 5m or 1h, not 5"),
        (["--prometheus", "a.prom"], "--prometheus and --on-change need --every"),
        (
            ["--every", "1s", "--on-change", "no-such-program"],
            "--on-change: there is no program no-such-program",
        ),
        (["--every", "1s", "--on-change", "'"], "expected a program and its arguments"),
        (
            ["--every", "1s", "--prometheus", "missing/a.prom"],
            "--prometheus missing/a.prom: there is no folder",
        ),
    ],
)
def test_what_cannot_be_watched_is_told_before_anything_is_asked(
    server: DemoServer, environment: dict[str, str], flags: list[str], words: str
) -> None:
    done = run(environment, "check", "newcomer", *flags)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and words in done.stderr
    assert server.requests == []

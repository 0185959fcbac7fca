"""`userdesk check` with patterns without end and sets that are no files: told, bounded, endable."""

import os
import resource
import signal
import subprocess
from functools import partial
from pathlib import Path

import pytest

from command_runs import LIMIT, command, run
from demo_server import DemoServer
from descendants import have_worked
from userdesk.questions.pattern_matcher import PatternMatcher

SLOW = "^(a+)+$"
LONG = "a" * 40 + "!"


def questions(folder: Path, expect: str, count: int = 1) -> str:
    path = folder / "slow.toml"
    path.write_text(f"[[question]]\nask = 'one'\nwithin = 9.0\nexpect = [{expect}]\n" * count, "utf-8")
    return str(path)


def test_a_pattern_without_end_is_an_expectation_that_did_not_hold(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("userdesk.commands.check.PatternMatcher", partial(PatternMatcher, 0.1))
    server.answer_next(LONG)
    done = run(environment, "check", questions(tmp_path, f"'{SLOW}', '!'"))
    assert done.returncode == 1
    assert f"✗ expect {SLOW} · slow.toml:4: took more than 0.1 s; simplify it" in done.stdout
    assert "✓ expect ! · found" in done.stdout


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_patterns_are_tried_ends_it_at_once(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, number: int, status: int
) -> None:
    server.answer_next(LONG)
    before = seconds_of_children()
    with subprocess.Popen(
        command("check", questions(tmp_path, f"'{SLOW}', 'a|{SLOW}', '{SLOW}|b'", 2)),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        server.wait_for_requests(2)
        while not have_worked(process.pid):
            assert process.poll() is None
        process.send_signal(number)
        out, errors = process.communicate(timeout=LIMIT)
    assert process.returncode == status
    assert seconds_of_children() - before < 2  # the patterns would take three
    assert f"│ {LONG}" in out and "■ one" in out and "Stopped" in out
    assert "Traceback" not in errors


def seconds_of_children() -> float:
    """The processor time of the processes that are over."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_set_from_standard_input_and_several_sets(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    for answer in ("one", "two", "three"):
        server.answer_next(answer)
    more = "\ufeff[[question]]\r\nask = 'two'\r\nexpect = 'two'\r\n"
    file = questions(tmp_path, "'one'")
    done = run(environment, "check", file, "-", "newcomer.toml", given=more)
    assert (done.returncode, done.stdout) == (2, "")
    done = run(environment, "check", file, "-", given=more)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("slow · standard input · Acme\n")
    assert "2 questions · 2 held" in done.stdout
    ids = [each.json["conversationId"] for each in server.requests if "message" in (each.json or {})]  # type: ignore[operator, index, call-overload]
    assert len(set(ids)) == 2
    done = run(environment, "check", "-", given="[[question]]\nask = 'a'\nexpect = '('")
    assert done.returncode == 2
    assert "standard input:3: expect: '(' is not a valid regular expression" in done.stderr


@pytest.mark.parametrize(
    "name", ["pipe", "folder", "/dev/zero", "/dev/null", "dangling", "huge", "utf16", "digits"]
)
@pytest.mark.parametrize("flag", ["", "--baseline"])
def test_what_is_no_set_and_no_baseline_is_told_and_nothing_is_asked(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, name: str, flag: str
) -> None:
    path = tmp_path / name
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "dangling").symlink_to("nothing")
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(10**11)
    (tmp_path / "utf16").write_text("[[question]]\nask = 'a'\n", "utf-16")
    (tmp_path / "digits").write_text("within = " + "1" * 5000)
    arguments = [questions(tmp_path, "'a'"), flag, str(path)] if flag else [str(path)]
    done = run(environment, "check", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and str(path) in done.stderr
    assert server.requests == []

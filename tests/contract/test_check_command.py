"""`userdesk check` as a script sees it, over real HTTP to the embedded chatbot's server."""

import asyncio
import json
import os
import pty
import select
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from command_runs import LIMIT, Done, run
from demo_server import DemoServer
from forks import start
from userdesk.chat.wiring import SaveStatus, chosen_chatbot, open_service
from userdesk.questions.outcome import Outcome
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.reading import read_questions
from userdesk.questions.runner import Runner
from userdesk.settings import Options, resolve
from userdesk.store import Store


def check(environment: dict[str, str], *arguments: str) -> Done:
    return run(environment, "check", *arguments)


def questions(folder: Path, *entries: str) -> str:
    path = folder / "set.toml"
    path.write_text("title = 'Hours'\n" + "".join(f"[[question]]\n{entry}\n" for entry in entries), "utf-8")
    return str(path)


def messages(server: DemoServer) -> list[tuple[str, str]]:
    bodies = [request.json for request in server.requests]
    return [
        (body["message"], body["conversationId"])
        for body in bodies
        if isinstance(body, dict) and "message" in body
    ]


@pytest.mark.torture
def test_the_questions_of_the_built_in_sets_are_answered(login: dict[str, str], data_dir: Path) -> None:
    done = check(login, "newcomer", "tour", "--demo", "--jobs", "8")
    assert "59 questions · 59 held" in done.stdout, done.stdout
    assert done.returncode == 0
    assert not data_dir.exists()


def test_a_stretch_stays_in_its_conversation(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    file = questions(
        tmp_path,
        "ask = 'My name is Ada'",
        "ask = 'What is my name?'\nexpect = 'Ada'",
        "ask = 'Who am I?'\nforbid = 'Ada'\nnew_conversation = true",
    )
    done = check(environment, file, "--jobs", "2")
    assert done.returncode == 0, done.stdout
    ids = dict(messages(server))
    assert ids["My name is Ada"] == ids["What is my name?"] != ids["Who am I?"]
    assert "[2/3] ✓ What is my name?" in done.stderr


def test_an_expectation_that_does_not_hold_is_1(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    server.answer_next("We open on Sunday")
    done = check(environment, questions(tmp_path, "ask = 'When?'\nexpect = ['(?i)monday', 'open']"))
    assert done.returncode == 1
    assert "✗ expect (?i)monday · not found" in done.stdout
    assert "✓ expect open · found" in done.stdout
    assert "│ We open on Sunday" in done.stdout


@pytest.mark.parametrize(("status", "exit_status"), [(403, 3), (400, 4), (500, 5), (429, 5)])
def test_a_failure_of_the_service_goes_before_1(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, status: int, exit_status: int
) -> None:
    file = questions(tmp_path, "ask = 'a'\nexpect = 'no such word'", "ask = 'b'\nexpect = 'x'")
    server.answer_next("something else")
    assert check(environment, file).returncode == 1
    server.answer_next("something else")
    server.hold(None)
    with start(environment, "check", file, "--max-wait", "0", stdout=subprocess.PIPE) as process:
        server.wait_until_held()
        server.fail_next(status, body='{"message": "message field"}', on="message")
        server.release()
        assert process.stdout
        out = process.stdout.read().decode()
        assert process.wait(LIMIT) == exit_status
    assert "1 not held · 1 failed" in out
    assert f"{status} · " in out


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        ('{"success": false, "error": "Quota exceeded"}', "text/plain", "Quota exceeded"),
        ('{"error": {"message": "Quota exceeded"}}', "application/json", "Quota exceeded"),
        ("<!doctype html><html><title>Just a moment…</title></html>", "text/html", "web page"),
        ("", "text/plain", "empty"),
        ("\ufeff \n\t ", "text/plain", "empty"),
        ('{"success": true, "response": ""}', "application/json", "empty"),
    ],
    ids=["an error as text", "an error as JSON", "a web page", "nothing", "blanks", "an empty envelope"],
)
@pytest.mark.parametrize("expectation", ["", "forbid = 'no such word'"])
def test_what_is_no_answer_is_a_failure_of_the_service(
    server: DemoServer,
    environment: dict[str, str],
    tmp_path: Path,
    body: str,
    content_type: str,
    words: str,
    expectation: str,
) -> None:
    headers = {"Content-Type": f"{content_type}; charset=utf-8"}
    server.fail_next(200, body=body, headers=headers, on="message")
    file = questions(tmp_path, f"ask = 'a'\n{expectation}", "ask = 'b'\nnew_conversation = true")
    done = check(environment, file, "--report", str(tmp_path / "r.json"))
    assert done.returncode == 5, done.stdout
    assert "2 questions · 1 held · 1 failed" in done.stdout
    assert words in done.stdout
    first = json.loads((tmp_path / "r.json").read_text("utf-8"))["questions"][0]
    assert first["outcome"] == "failed" and first["error"]["message"]


def test_what_no_question_can_mend_ends_the_run(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    file = questions(tmp_path, *(f"ask = '{n}'\nnew_conversation = true" for n in range(9)))
    reports = [tmp_path / name for name in ("r.md", "r.json", "r.xml")]
    flags = [flag for report in reports for flag in ("--report", str(report))]
    done = check(environment | {"USERDESK_API_KEY": "wrong-key-1234"}, file, *flags)
    assert done.returncode == 3
    assert "401 · Wrong API Key" in done.stdout
    # The server's own words are the same, and are not said again.
    for said in (done.stdout, *(report.read_text("utf-8") for report in reports)):
        assert said.count("Wrong API Key") == 1
    assert "1 failed · 8 not asked" in done.stdout
    assert len(server.requests) == 1
    server.stop()
    down = check(environment, file)
    assert down.returncode == 6
    assert "3 failed · 6 not asked" in down.stdout


def test_silence_ends_a_question_and_not_the_run(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text("read_timeout = 0.3\n")
    server.hold(None)
    file = questions(tmp_path, "ask = 'a'")
    done = check(environment, file, "--config", str(config))
    server.release()
    assert done.returncode == 6
    assert "No answer for 0.3 s" in done.stdout


def test_reports_and_a_baseline(server: DemoServer, environment: dict[str, str], tmp_path: Path) -> None:
    file = questions(tmp_path, "ask = 'When?'\nexpect = 'open'")
    first, xml, md = tmp_path / "first.json", tmp_path / "r.xml", tmp_path / "r.md"
    server.answer_next("We open\nat 8")
    assert check(environment, file, "--report", str(first)).returncode == 0
    server.answer_next("We open\nat 9")
    done = check(environment, file, "--baseline", str(first), "--report", str(xml), "--report", str(md))
    assert done.returncode == 0  # answers vary: a difference is shown, and no failure
    assert "    at [-8-]{+9+}" in done.stdout
    assert "at [-8-]{+9+}" in md.read_text("utf-8")
    assert ElementTree.parse(xml).getroot().get("failures") == "0"
    assert json.loads(first.read_text("utf-8"))["questions"][0]["answer"] == "We open\nat 8"


def test_a_stretch_is_asked_again_in_fresh_conversations(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    file = questions(
        tmp_path,
        "ask = 'First'\nnew_conversation = true",
        "ask = 'Second'\nrepeat = 3\nneed = 2\nexpect = 'yes'",
        "ask = 'Other'\nnew_conversation = true",
    )
    for answer in ("1", "yes", "other", "1", "no", "1", "yes"):
        server.answer_next(answer)
    report = tmp_path / "r.json"
    done = check(environment, file, "--report", str(report))
    assert done.returncode == 0, done.stdout
    asked = [ask for ask, _ in messages(server)]
    assert asked == ["First", "Second", "Other", "First", "Second", "First", "Second"]
    assert len({conversation for _, conversation in messages(server)}) == 4
    second = json.loads(report.read_text("utf-8"))["questions"][1]
    assert (second["outcome"], second["held"], second["need"]) == ("held", 2, 2)
    assert [run["outcome"] for run in second["runs"]] == ["held", "not held", "held"]


def test_a_report_that_cannot_be_written_is_told_after_the_results(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    full, other = tmp_path / "full.md", tmp_path / "r.json"
    full.symlink_to("/dev/full")
    done = check(environment, questions(tmp_path, "ask = 'a'"), "--report", str(full), "--report", str(other))
    assert done.returncode == 2
    assert "1 question · 1 held" in done.stdout
    assert "the report could not be written" in done.stderr.splitlines()[-1]
    assert json.loads(other.read_text("utf-8"))["summary"]["held"] == 1


def test_conversations_are_saved_only_when_asked(
    environment: dict[str, str], tmp_path: Path, server: DemoServer
) -> None:
    file = questions(tmp_path, "ask = 'Hello there'")
    assert check(environment, file).returncode == 0
    assert not (tmp_path / "data").exists()
    assert check(environment, file, "--save").returncode == 0
    store = Store(tmp_path / "data")
    store.open()
    assert [each.title for each in store.conversations()] == ["Hello there"]


def test_what_is_not_kept_waits_for_no_disk(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    file = questions(tmp_path, "ask = 'Hello there'")
    assert check(environment, file).returncode == 0
    assert synced == []
    assert check(environment, file, "--save").returncode == 0
    assert synced


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.toml"], "there is no such file"),
        (["newcomer", "--report", "r.txt"], "expected a name that ends with"),
        (["newcomer", "--report", f"{'n' * 300}.md"], ".md: cannot be written to: File name too long"),
        (["newcomer", "--baseline", "missing.json"], "missing.json: there is no such file"),
        (["newcomer", "--max-wait", "nan"], "expected a number of seconds, 0 to 86400"),
        (["newcomer", "--max-wait", "-1"], "expected a number of seconds, 0 to 86400"),
        (["newcomer", "--jobs", "1000000"], "expected a number of conversations, 1 to 64"),
    ],
)
def test_mistakes_are_one_line_and_2_before_anything_is_asked(
    server: DemoServer, environment: dict[str, str], arguments: list[str], words: str
) -> None:
    done = check(environment, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and words in done.stderr
    assert server.requests == []


def test_the_demo_is_not_checked_by_accident(login: dict[str, str]) -> None:
    done = check(login, "newcomer")
    assert done.returncode == 2
    assert "--demo" in done.stderr


async def test_a_run_that_is_cancelled_keeps_what_arrived(
    server: DemoServer,
    environment: dict[str, str],
    tmp_path: Path,
    matcher: PatternMatcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("USERDESK_API_KEY", server.key)
    settings = resolve(Options(), environment)
    server.answer_next([b"part of ", b"an answer"])
    server.hold(1)
    asked = read_questions(Path(questions(tmp_path, "ask = 'one'", "ask = 'two'")), matcher)
    async with open_service(settings, Store(tmp_path / "data"), SaveStatus(print)) as chat:
        run = asyncio.create_task(Runner(asked, chosen_chatbot(settings), matcher=matcher).run(chat))
        async with asyncio.timeout(LIMIT):
            while not any(turn.recording.text for key in chat.busy_keys() for turn in chat.turns(key)):
                await asyncio.sleep(0)
        run.cancel()
        report = await run
    assert report.ended_by
    assert [(each.outcome, each.shown.answer) for each in report.results] == [
        (Outcome.STOPPED, "part of "),
        (Outcome.NOT_ASKED, ""),
    ]


async def test_nothing_is_kept_of_conversations_that_are_over(
    server: DemoServer,
    environment: dict[str, str],
    tmp_path: Path,
    matcher: PatternMatcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("USERDESK_API_KEY", server.key)
    settings = resolve(Options(), environment)
    asked = read_questions(
        Path(questions(tmp_path, "ask = 'a'", "ask = 'b'\nnew_conversation = true")), matcher
    )
    async with open_service(settings, None, SaveStatus(print)) as chat:
        report = await Runner(asked, chosen_chatbot(settings), matcher=matcher).run(chat)
        assert [each.outcome for each in report.results] == [Outcome.HELD] * 2
        assert chat.unsaved() == []


def test_a_terminal_gets_a_bar_and_no_escape_sequence(
    server: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    server.answer_next("\x1b]0;title\x07 red")
    ours, theirs = pty.openpty()
    file = questions(tmp_path, "ask = 'one'")
    process = start(environment, "check", "-v", file, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = b""
    while select.select([ours], [], [], LIMIT)[0]:
        try:
            piece = os.read(ours, 1000)
        except OSError:  # how Linux tells that the other end is closed
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    assert process.wait(LIMIT) == 0
    assert b"] 1/1  1 held" in seen
    assert b"\r" in seen and b" red" in seen
    assert b"\x1b" not in seen and b"\x07" not in seen

"""`userdesk check` with two chatbots: the same questions to both at the same time, and one report."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import pytest

from command_runs import LIMIT, Done, run
from demo_server import DemoServer
from forks import start
from userdesk.store import Store

SET = '[[question]]\nask = "one"\nexpect = "yes"\n[[question]]\nask = "two"\nnew_conversation = true\n'


@pytest.fixture
def other() -> Iterator[DemoServer]:
    with DemoServer(key="other-key-0123") as running:
        yield running


@pytest.fixture
def environment(
    server: DemoServer, other: DemoServer, login: dict[str, str], tmp_path: Path
) -> dict[str, str]:
    """A configuration with the chatbots `old` and `new`, each at a server of its own."""
    config, environment = tmp_path / "config.toml", login.copy()
    for name, at in (("old", server), ("new", other)):
        with config.open("a") as file:
            file.write(f'[bots.{name}]\nname = "{name.title()}"\nchatbot_id = "{at.chatbot_id}"\n')
            file.write(f'base_url = "{at.base_url}"\napi_key_env = "{name.upper()}_KEY"\n')
        environment[f"{name.upper()}_KEY"] = at.key
    return environment | {"USERDESK_CONFIG": str(config)}


def check(environment: dict[str, str], *flags: str, bots: str = "old new", questions: str = SET) -> Done:
    named = [flag for bot in bots.split() for flag in ("--bot", bot)]
    return run(environment, "check", "-", *named, *flags, given=questions)


def asked(server: DemoServer) -> list[str]:
    bodies = [request.json for request in server.requests]
    return sorted(body["message"] for body in bodies if isinstance(body, dict) and "message" in body)


def test_both_are_asked_and_the_second_is_compared_with_the_first(
    server: DemoServer, other: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    for each, answers in ((server, ("yes", "open at 8")), (other, ("no", "open at 9"))):
        for answer in answers:
            each.answer_next(answer)
    report = tmp_path / "r.json"
    done = check(environment, "--report", str(report))
    assert done.returncode == 1, done.stderr
    assert asked(server) == asked(other) == ["one", "two"]
    assert "Old · [1/2] ✓ one" in done.stderr and "New · [1/2] ✗ one" in done.stderr
    assert "\nOld · 2 questions · 2 held · " in done.stdout and "\nNew · 2 questions · 1 held" in done.stdout
    assert "1 worse · 2 answers differ from Old" in done.stdout and "at [-8-]{+9+}" in done.stdout
    document = json.loads(report.read_text("utf-8"))
    assert (document["chatbot"], document["baseline"]["newly_failing"]) == ("New", [1])


def test_what_the_first_fails_at_too_is_not_new(
    server: DemoServer, other: DemoServer, environment: dict[str, str]
) -> None:
    for each in (server, other):
        each.answer_next("no")
    assert check(environment, "--fail-on", "new").returncode == 0
    for each, answer in ((server, "yes"), (other, "yes sir")):
        each.answer_next(answer)
    assert check(environment, "--differs-below", "80", "--repeat", "1").returncode == 1


def test_a_failure_of_one_neither_stops_the_other_nor_is_outdone_by_what_did_not_hold(
    server: DemoServer, other: DemoServer, environment: dict[str, str]
) -> None:
    server.answer_next("no")
    done = check(environment | {"NEW_KEY": "wrong-key-0123"})
    assert done.returncode == 3, done.stdout
    assert asked(server) == ["one", "two"]
    assert check(environment | {"OLD_KEY": "wrong-key-0123"}).returncode == 3
    assert asked(other)[-2:] == ["one", "two"]


def test_each_waits_by_itself_where_its_service_asks_to(
    server: DemoServer, other: DemoServer, environment: dict[str, str]
) -> None:
    other.fail_next(429, headers={"Retry-After": "1"}, on="message")
    done = check(environment, questions='[[question]]\nask = "one"\n')
    assert done.returncode == 0, done.stdout
    assert "New · waiting until" in done.stderr and "Old · waiting" not in done.stderr


def test_both_are_asked_as_often_as_wanted_and_saved_under_their_names(
    environment: dict[str, str], data_dir: Path
) -> None:
    done = check(
        environment, "--repeat", "2", "--save", "--jobs", "3", questions='[[question]]\nask = "one"\n'
    )
    assert done.returncode == 0, done.stdout
    store = Store(data_dir)
    store.open()
    assert sorted(each.bot for each in store.conversations()) == ["new", "new", "old", "old"]


def test_the_demo_is_one_of_them(environment: dict[str, str]) -> None:
    done = check(environment, "--demo", bots="old", questions='[[question]]\nask = "Hello"\n')
    assert done.returncode == 0, done.stderr
    assert "the demo chatbot · [1/1] ✓ Hello" in done.stderr


@pytest.mark.parametrize(
    ("held", "expected"), [("old", ["not held", "held"]), ("new", ["stopped", "not asked"])]
)
def test_ctrl_c_reports_what_both_did(
    server: DemoServer,
    other: DemoServer,
    environment: dict[str, str],
    tmp_path: Path,
    held: str,
    expected: list[str],
) -> None:
    file, report = tmp_path / "set.toml", tmp_path / "r.json"
    file.write_text(SET, "utf-8")
    slow = {"old": server, "new": other}[held]
    slow.hold(None)
    flags = ["--bot", "old", "--bot", "new", "--repeat", "2", "--report", str(report)]
    with start(environment, "check", str(file), *flags, stdout=PIPE, stderr=PIPE) as process:
        assert process.stderr
        for _ in range(4):
            process.stderr.readline()
        slow.wait_until_held()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LIMIT)
    assert process.returncode == 130
    document = json.loads(report.read_text("utf-8"))
    assert document["interrupted"]
    assert [each["outcome"] for each in document["questions"]] == expected


@pytest.mark.parametrize(
    ("bots", "flags", "words"),
    [
        ("old new demo", [], "expected two chatbots at most"),
        ("old old", [], "--bot old: given twice"),
        ("demo", ["--demo"], "--bot demo: given twice"),
        ("old nobody", [], "second chatbot nobody: no such chatbot"),
        ("old new", ["--baseline", "r.json"], "--baseline compares one chatbot with an earlier run"),
        ("old new", ["--every", "5m"], "--every watches one chatbot"),
    ],
)
def test_chatbots_that_cannot_be_compared_are_told_before_anything_is_asked(
    server: DemoServer, environment: dict[str, str], bots: str, flags: list[str], words: str
) -> None:
    done = check(environment, *flags, bots=bots)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and words in done.stderr
    assert server.requests == []

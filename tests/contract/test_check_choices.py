"""The flags of `userdesk check` that say what is asked, how often, and what makes it fail."""

import json
from pathlib import Path

import pytest

from command_runs import Done, run
from demo_server import DemoServer

SET = """
[[question]]
ask = "one"
expect = "yes"
tags = ["first"]
[[question]]
ask = "two"
expect = "yes"
tags = ["second"]
new_conversation = true
[[question]]
ask = "three"
expect = "yes"
tags = ["third"]
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "set.toml"
    path.write_text(SET, "utf-8")
    return str(path)


def asked(server: DemoServer) -> list[str]:
    bodies = [request.json for request in server.requests]
    return [body["message"] for body in bodies if isinstance(body, dict) and "message" in body]


def check(environment: dict[str, str], server: DemoServer, file: str, *flags: str, answers: str = "") -> Done:
    for answer in answers.split():
        server.answer_next(answer)
    server.requests.clear()
    return run(environment, "check", file, *flags)


def numbers(path: Path) -> list[int]:
    return [each["number"] for each in json.loads(path.read_text("utf-8"))["questions"]]


def test_only_questions_with_a_tag_and_what_stands_before_them_are_asked(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, file: str
) -> None:
    whole, part = tmp_path / "whole.json", tmp_path / "part.json"
    assert check(environment, server, file, "--report", str(whole), answers="yes yes yes").returncode == 0
    flags = ["--only", "third", "--baseline", str(whole), "--report", str(part)]
    done = check(environment, server, file, *flags, answers="yes yes")
    assert done.returncode == 0, done.stdout
    assert asked(server) == ["two", "three"]
    assert numbers(part) == [2, 3]
    assert "Asked 2 of 3 questions." in done.stdout
    assert "baseline: " not in done.stdout  # nothing is new or removed


def test_only_what_failed_is_asked_again(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, file: str
) -> None:
    report = tmp_path / "r.json"
    assert check(environment, server, file, "--report", str(report), answers="no yes yes").returncode == 1
    again = ["--only-failed", str(report), "--report", str(report)]
    assert check(environment, server, file, *again, answers="yes").returncode == 0
    assert asked(server) == ["one"]
    done = check(environment, server, file, *again)
    assert (done.returncode, asked(server)) == (2, [])
    assert done.stderr.count("\n") == 1 and "none of these questions failed there" in done.stderr


def test_flags_say_how_often_each_question_is_asked_and_must_hold(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, file: str
) -> None:
    flags = ["--only", "first", "--repeat", "3", "--report", str(tmp_path / "r.json")]
    assert check(environment, server, file, *flags, answers="yes no yes").returncode == 1
    assert asked(server) == ["one", "one", "one"]
    assert check(environment, server, file, *flags, "--need", "2", answers="yes no yes").returncode == 0
    (question,) = json.loads((tmp_path / "r.json").read_text("utf-8"))["questions"]
    assert (question["held"], question["need"]) == (2, 2)


def test_only_what_newly_fails_may_fail_the_check(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, file: str
) -> None:
    before = tmp_path / "before.json"
    check(environment, server, file, "--report", str(before), answers="no yes yes")
    compare = ["--baseline", str(before), "--fail-on"]
    assert check(environment, server, file, *compare, "any", answers="no yes yes").returncode == 1
    assert check(environment, server, file, *compare, "new", answers="no yes yes").returncode == 0
    assert check(environment, server, file, *compare, "new", answers="yes no yes").returncode == 1
    server.fail_next(500, on="message")
    assert check(environment, server, file, *compare, "new", answers="no no").returncode == 5


def test_a_question_that_flickered_before_does_not_fail_newly(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, file: str
) -> None:
    before = tmp_path / "before.json"
    flags = ["--only", "first", "--repeat", "2", "--need", "1"]
    check(environment, server, file, *flags, "--report", str(before), answers="no yes")
    compare = ["--only", "first", "--baseline", str(before), "--fail-on", "new"]
    assert check(environment, server, file, *compare, "--repeat", "2", answers="yes no").returncode == 0
    assert check(environment, server, file, *compare, answers="no").returncode == 0
    assert check(environment, server, file, *compare, "--repeat", "2", answers="no no").returncode == 1


def test_an_answer_that_differs_too_much_does_not_hold(
    server: DemoServer, environment: dict[str, str], tmp_path: Path, file: str
) -> None:
    before = tmp_path / "before.json"
    check(environment, server, file, "--only", "first", "--report", str(before), answers="yes")
    flags = ["--only", "first", "--baseline", str(before)]
    server.answer_next("yes sir")
    assert check(environment, server, file, *flags).returncode == 0
    server.answer_next("yes sir")
    done = check(environment, server, file, *flags, "--differs-below", "80")
    assert done.returncode == 1
    assert "✗ likeness 80 · is 66" in done.stdout


def test_likeness_without_a_baseline_is_told_and_not_judged(
    server: DemoServer, environment: dict[str, str]
) -> None:
    server.answer_next("yes")
    done = run(environment, "check", "-", given='[[question]]\nask = "one"\nlikeness = 90\n')
    assert done.returncode == 0, done.stderr
    assert "Likeness was not judged: there is no --baseline to compare with." in done.stdout


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--need", "2"], "--need 2: no question is asked more than 1 time (see --repeat)"),
        (["--repeat", "3", "--need", "4"], "--need 4: no question is asked more than 3 times"),
        (["--repeat", "0"], "expected a whole number, 1 to 100"),
        (["--differs-below", "101"], "expected a whole number, 0 to 100"),
        (["--differs-below", "80"], "--differs-below needs --baseline"),
        (["--fail-on", "new"], "--fail-on new needs --baseline"),
        (["--only", "typo"], "no question has the tag typo (tags: first, second, third)"),
        (["--only-failed", "missing.json"], "missing.json: there is no such file"),
    ],
)
def test_flags_that_come_to_nothing_are_told_before_anything_is_asked(
    server: DemoServer, environment: dict[str, str], file: str, flags: list[str], words: str
) -> None:
    done = check(environment, server, file, *flags)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and words in done.stderr
    assert server.requests == []

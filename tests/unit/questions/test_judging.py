"""Judges are programs that may hang, flood, crash or babble: what goes wrong with one is never a verdict."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from userdesk.questions.judging import Judging, check_judges
from userdesk.questions.model import Judge, Question, QuestionsError, QuestionSet
from userdesk.questions.outcome import Check, Outcome
from userdesk.questions.user_program import UserProgram

SAYS = "import sys; sys.stdout.write({!r})"


def judge(folder: Path, code: str) -> Judge:
    return Judge((sys.executable, "-S", "-c", code), folder, "set.toml:2")


def asked(judge: Judge) -> Question:
    return Question(ask="When?", meaning="open on Mondays", judge=judge)


async def judged(folder: Path, code: str, *, seconds: float = 30.0) -> Check:
    judging = Judging(seconds=seconds)
    check = await judging.check(asked(judge(folder, code)), "On Monday.")
    await judging.aclose()
    assert check is not None
    return check


async def test_a_judge_reads_the_question_and_gives_a_verdict(tmp_path: Path) -> None:
    code = (
        "import json, os, sys; got = json.load(sys.stdin);"
        "print(json.dumps({'held': True, 'score': 0.9, 'reason': json.dumps([got, os.getcwd()])}))"
    )
    check = await judged(tmp_path, code)
    got, folder = json.loads(check.found)
    assert got == {"ask": "When?", "meaning": "open on Mondays", "answer": "On Monday."}
    assert Path(folder) == tmp_path
    assert (check.held, check.score, check.outcome) == (True, 0.9, Outcome.HELD)


async def test_what_does_not_hold_has_its_reason(tmp_path: Path) -> None:
    check = await judged(tmp_path, SAYS.format('{"held": false, "reason": "says\\u001b[31m Tuesday"}'))
    assert check.outcome is Outcome.NOT_HELD and check.score is None
    assert check.message == "meaning open on Mondays · not held: says\N{REPLACEMENT CHARACTER}[31m Tuesday"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "printed nothing"),
        (SAYS.format("yes"), "printed no JSON object"),
        (SAYS.format("[" * 60_000), "printed no JSON object"),
        (SAYS.format("[true]"), 'expected a JSON object with "held": true or false'),
        (SAYS.format('{"held": 1}'), 'expected a JSON object with "held": true or false'),
        (SAYS.format('{"held": true, "score": "a"}'), "score: expected a number"),
        (SAYS.format('{"held": true, "score": NaN}'), "score: expected a number"),
        (SAYS.format('{"held": true, "score": 1' + "0" * 400 + "}"), "score: expected a number"),
        (SAYS.format('{"held": true, "reason": 3}'), "reason: expected text"),
        (SAYS.format('{"held": true}') + "; sys.exit(3)", "ended with status 3"),
        ("import os; os.kill(os.getpid(), 11)", "crashed (SIGSEGV)"),
        ("import sys\nwhile True: sys.stdout.write('x' * 9999)", "printed more than 64 kB"),
        ("import os; os.close(0); os.close(1)", "printed nothing"),
    ],
)
async def test_what_is_no_verdict_is_told_as_trouble(tmp_path: Path, code: str, reason: str) -> None:
    check = await judged(tmp_path, code)
    assert check.trouble == f"set.toml:2: judge: {reason}"
    assert check.outcome is Outcome.NOT_JUDGED


async def test_a_judge_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    code = (
        "import os, subprocess, sys, time;"
        "child = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(60)']);"
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}');"
        "time.sleep(60)"
    )
    check = await judged(tmp_path, code, seconds=1.0)
    assert check.trouble == "set.toml:2: judge: took more than 1 s"
    for pid in pids.read_text().split():
        while is_running(int(pid)):
            await asyncio.sleep(0)


async def test_a_judge_that_floods_is_ended_each_time(tmp_path: Path) -> None:
    """What it goes on to print while it is killed, which nobody wants, does not keep it from ending."""
    code = "import sys\nwhile True: sys.stdout.write('x' * 9999)"
    flood = UserProgram([sys.executable, "-I", "-S", "-c", code], tmp_path, seconds=30)
    async with asyncio.timeout(10):
        ended = await asyncio.gather(*(flood.run(b"") for _ in range(16)), return_exceptions=True)
    assert {str(each) for each in ended} == {"printed more than 64 kB"}


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_the_same_answer_is_judged_once(tmp_path: Path) -> None:
    code = "open('asked', 'a').write('x'); " + SAYS.format('{"held": true}')
    judging, question = Judging(jobs=4), asked(judge(tmp_path, code))
    await asyncio.gather(*(judging.check(question, answer) for answer in ("a", "b", "a")))
    await judging.check(question, "b")
    assert (tmp_path / "asked").read_text() == "xx"


async def test_a_judge_that_keeps_failing_is_not_asked_any_more(tmp_path: Path) -> None:
    judging, question = Judging(), asked(judge(tmp_path, "open('asked', 'a').write('x'); 1 / 0"))
    checks = [await judging.check(question, "the same") for _ in range(5)]
    assert (tmp_path / "asked").read_text() == "xxx"
    assert checks[-1] and checks[-1].trouble.endswith("not asked any more: it failed 3 times in a row")


async def test_a_judge_does_not_get_the_api_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_KEY", "secret")
    monkeypatch.setenv("MODEL", "large")
    code = (
        "import json, os; names = {'ACME_KEY', 'MODEL'} & set(os.environ);"
        "print(json.dumps({'held': True, 'reason': ' '.join(names)}))"
    )
    check = await Judging(hidden={"ACME_KEY"}).check(asked(judge(tmp_path, code)), "a")
    assert check and check.found == "MODEL"


def test_a_judge_is_only_run_where_that_is_allowed(tmp_path: Path) -> None:
    questions = QuestionSet("Set", (asked(judge(tmp_path, "")),))
    with pytest.raises(QuestionsError, match=r"set.toml:2: its judge is a program, .*: add --allow-judge"):
        check_judges(questions, allowed=False)
    check_judges(questions, allowed=True)


@pytest.mark.parametrize("name", ["no-such-program", "./judge.py", "judge.py"])
def test_a_judge_that_is_no_program_is_told_before(tmp_path: Path, name: str) -> None:
    questions = QuestionSet("Set", (asked(Judge((name,), tmp_path, "set.toml:2")),))
    with pytest.raises(QuestionsError, match=r"set.toml:2: judge: there is no program"):
        check_judges(questions, allowed=True)


def test_a_judge_with_a_slash_stands_beside_its_set(tmp_path: Path) -> None:
    (tmp_path / "judge.sh").write_text("#!/bin/sh\n")
    os.chmod(tmp_path / "judge.sh", 0o700)
    questions = QuestionSet("Set", (asked(Judge(("./judge.sh",), tmp_path, "set.toml:2")),))
    check_judges(questions, allowed=True)

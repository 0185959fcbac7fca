"""Expectations, and the report in each of its forms."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Metrics
from userdesk.questions.baseline import Earlier, compared
from userdesk.questions.expectations import checked
from userdesk.questions.model import Pattern, Question, QuestionsError, QuestionSet
from userdesk.questions.outcome import Change, Check, Outcome, Result, Run
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.report import Comparison, Report
from userdesk.questions.report_files import check_report_file, write_report
from userdesk.questions.report_json import read_report
from userdesk.questions.report_text import text_report

GOOD_ENTRY = '{"number": 1, "ask": "a", "answer": "b", "outcome": "held"}'
QUESTION = Question(
    ask="When <open>?",
    expect=(Pattern("(?i)monday", "set.toml", 4), Pattern("9", "set.toml", 4)),
    forbid=(Pattern("(?i)as an ai", "set.toml", 5),),
    within=2.0,
)


@pytest.mark.parametrize(
    ("answer", "total", "broken"),
    [
        ("Monday at 9", 1.9, []),
        ("monday", 1.9, ["expect 9 · not found"]),
        ("Monday 9, as an AI I", 1.9, ["forbid (?i)as an ai · found “as an AI”"]),
        ("Monday at 9", 2.04, ["within 2 s · took 2.04 s"]),
        ("", 3.0, ["expect (?i)monday · not found", "expect 9 · not found", "within 2 s · took 3 s"]),
    ],
)
def test_each_expectation_counts(
    matcher: PatternMatcher, answer: str, total: float, broken: list[str]
) -> None:
    checks = checked(QUESTION, answer, Metrics(0.1, total, len(answer)), matcher)
    assert [check.message for check in checks if not check.held] == broken
    assert Run().with_checks(checks).outcome is (Outcome.NOT_HELD if broken else Outcome.HELD)
    assert len(checks) == 4


def result(number: int, question: Question = QUESTION, **run: Any) -> Result:
    return Result(number=number, question=question, runs=(Run(**run),))


@pytest.fixture
def report(matcher: PatternMatcher) -> Report:
    answer = "# Monday\n\n```\nopen code </testcase> ]]>\x1b\ufffe"
    bad = Run(answer=answer, metrics=Metrics(0.1, 1.0, 9))
    bad = bad.with_checks(checked(QUESTION, answer, bad.metrics, matcher))
    failure = Failure(FailureKind.WRONG_KEY, "Wrong API Key", status=401, detail="<b>no</b>")
    results = (
        result(
            1,
            outcome=Outcome.HELD,
            answer="Monday 9",
            diff=(Change(" ", "Monday "), Change("-", "8"), Change("+", "9")),
        ),
        Result(number=2, question=QUESTION, runs=(bad,)),
        result(3, outcome=Outcome.FAILED, failure=failure),
        Result(number=4, question=QUESTION),
    )
    questions = QuestionSet("All | of <it>", (QUESTION,) * 4)
    return Report(
        questions=questions,
        chatbot="Acme",
        started=datetime(2026, 11, 21, tzinfo=UTC),
        seconds=1.5,
        results=results,
    )


def test_junit_is_xml_that_tells_failures_from_errors(tmp_path: Path, report: Report) -> None:
    write_report(report, tmp_path / "r.xml")
    suite = ElementTree.parse(tmp_path / "r.xml").getroot()[0]
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["4", "1", "1", "1"]
    cases = suite.findall("testcase")
    failure, error = cases[1].find("failure"), cases[2].find("error")
    assert failure is not None and "expect 9 · not found" in (failure.get("message") or "")
    assert error is not None and error.get("message") == "401 · Wrong API Key"
    assert cases[3].find("skipped") is not None
    assert "</testcase> ]]>" in (cases[1].findtext("system-out") or "")
    assert "Monday [-8-]{+9+}" in (cases[0].findtext("system-out") or "")


def test_json_is_a_baseline_of_what_was_answered(tmp_path: Path, report: Report) -> None:
    path = tmp_path / "r.json"
    write_report(report, path)
    document = json.loads(path.read_text("utf-8"))
    assert document["version"] == 1
    assert document["summary"] == {
        "questions": 4,
        "held": 1,
        "not_held": 1,
        "failed": 1,
        "not_judged": 0,
        "stopped": 0,
        "not_asked": 1,
        "flickering": 0,
        "first_text": {"p50": 0.1, "p95": 0.1},
        "total": {"p50": 1.0, "p95": 1.0},
    }
    assert document["questions"][2]["error"] == {
        "status": 401,
        "message": "Wrong API Key",
        "detail": "<b>no</b>",
    }
    later = (
        result(1, outcome=Outcome.HELD, answer="Monday 9"),
        result(2, outcome=Outcome.FAILED, answer="Mon"),
        result(3, outcome=Outcome.HELD, answer="More than before"),
        result(4, outcome=Outcome.HELD, answer="Monday"),
        result(5, Question(ask="New | one?"), outcome=Outcome.HELD, answer="Yes"),
    )
    # The same question four times: the first two meet the two answers there were, the others failures.
    told = compared(replace(report, results=later), read_report(path))
    assert [each.shown.diff for each in told.results] == [(), None, None, None, None]
    assert told.comparison == Comparison(differing=0, new=(5,), mended=())


def held(ask: str, *answers: str) -> Earlier:
    return Earlier(ask, Outcome.HELD, answers)


def test_what_is_new_gone_and_different_is_told_in_every_report(tmp_path: Path, report: Report) -> None:
    told = compared(report, [held("When <open>?", "Monday 8"), held("Who?", "Ada"), held("Who?")])
    gone = ("Who?", "Who?")
    assert told.comparison == Comparison(differing=1, newly_failing=(2,), new=(2, 3, 4), gone=gone)
    lines = list(text_report(told))
    assert "New since the baseline: 2. When <open>?" in lines
    assert "Removed since the baseline: Who?" in lines
    assert "1 not asked · 1 newly failing · 1 answer differs from the baseline · 1.5 s" in lines[1]
    for name in ("r.md", "r.html", "r.json", "r.xml"):
        write_report(told, tmp_path / name)
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "<li>Removed since the baseline: Who?</li>" in page and "1</b> changed answers" in page
    markdown = (tmp_path / "r.md").read_text("utf-8")
    assert (
        "1 answer differs from the baseline**" in markdown
        and "- Removed since the baseline: Who?" in markdown
    )
    document = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert document["baseline"] == {
        "differing": 1,
        "newly_failing": [2],
        "mended": [],
        "new": [2, 3, 4],
        "gone": ["Who?", "Who?"],
    }
    properties = ElementTree.parse(tmp_path / "r.xml").getroot().iter("property")
    assert {each.get("name"): each.get("value") for each in properties} == {
        "chatbot": "Acme",
        "baseline.differing": "1",
        "baseline.newly_failing": "1",
        "baseline.mended": "0",
        "baseline.new": "3",
        "baseline.gone": "2",
    }


def test_markdown_is_not_taken_over_by_an_answer(tmp_path: Path, report: Report) -> None:
    write_report(report, tmp_path / "r.md")
    html = MarkdownIt("commonmark").enable("table").render((tmp_path / "r.md").read_text("utf-8"))
    assert html.count("<h2>") == 4
    assert html.count("<tr>") == 5
    assert "When &lt;open&gt;?" in html
    assert "<pre><code>Monday [-8-]{+9+}" in html


def test_the_terminals_report_tells_each_answer(report: Report) -> None:
    lines = list(text_report(report))
    assert "    ✗ expect 9 · not found" in lines
    assert "    │ Monday" in lines  # as the screen shows it, without the marks of its Markdown
    assert any(line.startswith("3. ! When <open>? · 401 · Wrong API Key") for line in lines)
    assert lines[1] == "4 questions · 1 held · 1 not held · 1 failed · 1 not asked · 1.5 s"
    assert lines[2] == "first text 0.1 s (95th percentile 0.1 s) · whole answer 1.0 s (95th percentile 1.0 s)"
    assert [line[0] for line in lines[3:] if line[:1].isdigit()] == ["2", "3", "1", "4"]


def test_an_answer_is_wrapped_in_the_terminals_report(report: Report) -> None:
    answer = "- *one* and the other " * 9
    told = replace(report, results=[result(1, outcome=Outcome.HELD, answer=answer)])
    lines = list(text_report(told, width=50))
    assert lines[4].startswith("    │ • one and the other - one")
    assert lines[5].startswith("    │   ") and max(map(len, lines[4:])) <= 50


def test_the_summary_says_what_was_too_slow_and_how_long_most_took(report: Report) -> None:
    late = (Check("within", "2 s", False, "3 s"),)
    results = [
        result(
            2,
            outcome=Outcome.NOT_HELD,
            checks=late if second == 3 else (),
            metrics=Metrics(second / 10, second, 1),
        )
        for second in range(1, 41)
    ]
    told = replace(report, results=results)
    assert told.summary == "40 questions · 0 held · 40 not held · 1 too slow"
    assert told.times == "first text 2.0 s (95th percentile 3.8 s) · whole answer 20 s (95th percentile 38 s)"
    assert replace(report, results=report.results[2:]).times == ""


def test_the_page_for_people_begins_with_the_summary_then_what_did_not_hold(
    tmp_path: Path, report: Report
) -> None:
    write_report(replace(report, waited=3.25), tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text("utf-8")
    order = ["<b>✓ 1</b> held", "<b>✗ 1</b> not held", "<b>! 1</b> failed", "Waited 3.2 s", "attention</h2>"]
    order += [
        "✗</span> 2. When",
        "!</span> 3. When",
        "Everything else</h2>",
        "✓</span> 1. When",
        "–</span> 4. When",
    ]
    places = [page.find(each) for each in order]
    assert places == sorted(places) and -1 not in places
    assert "<p>Monday</p>" in page and "# Monday" not in page and "&lt;b&gt;no&lt;/b&gt;" in page
    assert "<script" not in page and "&lt;/testcase&gt;" in page and "$" not in page
    assert 'name="viewport"' in page and "@media print" in page


def test_the_page_leaves_wrapping_to_the_browser_but_for_tables_and_code(
    tmp_path: Path, report: Report
) -> None:
    answer = "> " + "many words " * 30 + "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx = 1\n```\nend"
    told = replace(report, results=[result(1, outcome=Outcome.HELD, answer=answer)])
    write_report(told, tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "<p>▌ " + ("many words " * 30).strip() + "</p>" in page
    assert "<pre>a │ b\n──┼──\n1 │ 2</pre>" in page and "x = 1</pre>" in page and "<p>end</p>" in page


def test_on_stage_no_figures_and_no_words_of_the_server_are_shown(report: Report) -> None:
    shown, for_audience = ("\n".join(text_report(report, for_audience=stage)) for stage in (False, True))
    for hidden in ("0.1 s first text", "<b>no</b>", "· 1.5 s"):
        assert hidden in shown and hidden not in for_audience
    for kept in ("401 · Wrong API Key", "✗ expect 9 · not found", "│ Monday", "1 not asked"):
        assert kept in shown and kept in for_audience


def test_an_answer_that_is_as_it_was_says_so(report: Report) -> None:
    answers = [held("When <open>?", "Monday 9"), held("When <open>?", report.results[1].shown.answer)]
    lines = list(text_report(compared(report, answers)))
    assert lines.count("    same as the baseline") == 1
    assert "    newly failing · same as the baseline" in lines
    different = list(text_report(compared(report, [held("When <open>?", "Sunday 9")])))
    at = different.index("    50 % alike to the baseline")
    assert different[at + 1] == "    [-Sunday-]{+Monday+} 9"
    assert "    same as the baseline" not in different


def test_what_there_is_to_know_of_a_run_stands_in_every_report(tmp_path: Path, report: Report) -> None:
    told = replace(report, waited=3.25, saved=False, ended_by="by SIGTERM")
    remarks = [
        "Stopped by SIGTERM: these are the results so far.",
        "Waited 3.2 s in total, as the service asked.",
        "Not saved: some of these conversations are not in the data folder.",
    ]
    lines = list(text_report(told))
    assert lines[3:6] == remarks
    assert not set(remarks) & set(text_report(report))
    for name in ("r.md", "r.json", "r.xml"):
        write_report(told, tmp_path / name)
    assert "\n\n".join(remarks) in (tmp_path / "r.md").read_text("utf-8")
    document = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert (document["waited"], document["saved"], document["interrupted"]) == (3.25, False, True)
    properties = ElementTree.parse(tmp_path / "r.xml").getroot().iter("property")
    values = {each.get("name"): each.get("value") for each in properties}
    assert (values["waited"], values["saved"]) == ("3.250", "false")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ":1: expected a report that --report FILE.json wrote; this is not JSON"),
        ("\n{", ":2: expected a report that"),
        ("\xff", ":1: expected UTF-8 text"),
        ("# Hours\n\n| | question |", ":1: this is Markdown: expected a report that"),
        ("<?xml version='1.0'?>", ":1: this is XML or HTML: expected a report that"),
        ("[" * 100_000, "nested too deeply"),
        ('{"questions": [' + "1" * 5000 + "]}", "a number in it is too large"),
        ("[]", ": expected a report that --report FILE.json wrote: an object with questions"),
        ('{"questions": 3}', ": questions: expected a list"),
        ('{"questions": []}', ": questions: expected a list"),
        ('{"version": 2, "questions": []}', ": has version 2, from a newer program"),
        ('{"version": "1", "questions": []}', ": version: expected a whole number"),
        ('{"questions": [{"ask": 5}]}', ": question 1: ask: expected the question as text"),
        ('{"questions": [{"ask": " "}]}', ": question 1: ask: expected the question as text"),
        ('{"questions": [%s, 3]}', ": question 2: expected an object"),
        ('{"questions": [%s, {"answer": "b", "outcome": "held"}]}', ": question 2: ask: expected"),
        ('{"questions": [{"ask": "a", "outcome": "held"}]}', ": question 1: answer: expected text"),
        ('{"questions": [{"ask": "a", "answer": "b"}]}', ": question 1: outcome: expected one of held, not"),
        ('{"questions": [{"ask": "a", "answer": "b", "outcome": ["held"]}]}', ": question 1: outcome"),
        ('{"questions": [{"number": "1", "ask": "a"}]}', ": question 1: number: expected a whole number"),
    ],
    ids=range(20),
)
def test_what_is_no_report_is_no_baseline(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(text.replace("%s", GOOD_ENTRY).encode("latin-1"))
    with pytest.raises(QuestionsError) as caught:
        read_report(path)
    assert str(caught.value).startswith(f"{path}:") and reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_baseline_without_a_version_is_one_of_an_older_program(tmp_path: Path, bom: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(f'{bom}{{"questions": [{GOOD_ENTRY}], "more": 1}}', "utf-8")
    read_report(path)


def test_a_report_that_cannot_be_written_is_told_before(tmp_path: Path) -> None:
    for path in (tmp_path / "r.txt", tmp_path / "missing" / "r.md", tmp_path / "r"):
        with pytest.raises(QuestionsError, match="--report"):
            check_report_file(path)
    check_report_file(tmp_path / "r.XML")

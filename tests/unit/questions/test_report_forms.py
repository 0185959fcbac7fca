"""What reports say of repeated questions, of a baseline and of two chatbots, in every form."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Metrics
from userdesk.questions.baseline import Earlier, compared, earlier_of
from userdesk.questions.model import Question, QuestionSet
from userdesk.questions.outcome import Check, Outcome, Result, Run
from userdesk.questions.report import Report
from userdesk.questions.report_files import FORMATS, write_report
from userdesk.questions.report_json import read_report
from userdesk.questions.report_text import folded, summaries, text_report

STEADY, FLICKERS, WORSE, FAILS = (
    Question(ask="Steady?", tags=("hours", "<b>")),
    Question(ask="Flickers?", repeat=3, need=2),
    Question(ask="Worse?"),
    Question(ask="Fails?"),
)


def run(answer: str, *, held: bool = True, total: float = 2.0) -> Run:
    check = Check("expect", "yes", held)
    outcome = Outcome.HELD if held else Outcome.NOT_HELD
    return Run(outcome=outcome, answer=answer, checks=(check,), metrics=Metrics(0.5, total, len(answer)))


def report_of(chatbot: str, worse: Run) -> Report:
    failure = Failure(FailureKind.SERVER_ERROR, "An error occurred on the server", status=500)
    results = (
        Result(number=1, question=STEADY, runs=(run("yes, **always**"),)),
        Result(number=2, question=FLICKERS, runs=(run("yes"), run("no", held=False), run("yes"))),
        Result(number=3, question=WORSE, runs=(worse,)),
        Result(number=4, question=FAILS, runs=(Run(outcome=Outcome.FAILED, failure=failure),)),
    )
    questions = QuestionSet("Hours", tuple(result.question for result in results))
    started = datetime(2026, 11, 21, tzinfo=UTC)
    return Report(questions=questions, chatbot=chatbot, started=started, seconds=9, results=results)


@pytest.fixture
def alone() -> Report:
    earlier = [Earlier("Steady?", Outcome.NOT_HELD, ("yes",)), Earlier("Worse?", Outcome.HELD, ("yes at 9",))]
    return compared(report_of("Acme", run("=no at 9", held=False)), earlier)


@pytest.fixture
def both() -> Report:
    old, new = report_of("Old", run("yes at 9", total=3.0)), report_of("New", run("no at 9", held=False))
    return replace(compared(new, earlier_of(old)), other=old)


def blocks(report: Report, **how: bool) -> list[str]:
    return "\n".join(text_report(report, **how)).split("\n\n")


def test_the_terminal_has_failures_whole_and_the_rest_in_a_line_each(alone: Report) -> None:
    head, flickers, worse, fails, rest = blocks(alone, verbose=False)
    assert "4 questions · 2 held · 1 not held · 1 failed · 1 flickering · 1 newly failing · 1 mended" in head
    assert flickers.splitlines() == [
        "2. ✓ Flickers? · 0.5 s first text · 2.0 s · 2 chars · 1 chars/s",
        "    ✗ expect yes · not found",
        "    │ no",
        "    run 1 ✓ held · 2.0 s",
        "    run 2 ✗ expect yes · not found · 2.0 s",
        "    run 3 ✓ held · 2.0 s",
        "    2 of 3 held, 2 needed · its answers are 33 % alike",
    ]
    assert worse.splitlines()[-2:] == [
        "    newly failing · 57 % alike to the baseline",
        "    [-yes-]{+=no+} at 9",
    ]
    assert fails == "4. ! Fails? · 500 · An error occurred on the server"
    assert rest.splitlines()[0].startswith("1. ✓ Steady? · ") and rest.endswith("yes{+, **always**+}")
    assert "mended · 50 % alike to the baseline" in rest.splitlines()[0]
    assert blocks(alone)[-1].splitlines()[2] == "    │ yes, always"


def test_nothing_is_said_of_answers_that_there_are_none_of() -> None:
    failure = Failure(FailureKind.SERVER_ERROR, "An error occurred on the server", status=500)
    runs = (Run(outcome=Outcome.FAILED, failure=failure), Run(), Run())
    asked = replace(report_of("Acme", run("yes")), results=(Result(number=2, question=FLICKERS, runs=runs),))
    (text,) = blocks(asked)[1:]
    assert text.splitlines()[-1] == "    0 of 3 held, 2 needed"
    assert "likeness_among" not in FORMATS[".json"](asked)


def test_what_was_not_asked_is_said_so_in_words() -> None:
    unasked = Result(number=1, question=STEADY, runs=(Run(),))
    report = replace(report_of("Acme", run("yes")), results=(unasked,))
    assert blocks(report, verbose=False)[-1] == "1. – Steady? · not asked"


def test_lines_longer_than_the_terminal_go_on_indented() -> None:
    lines = ["1. ✓ Steady? · 0.5 s first text", "    ✗ expect yes · not found", "    │ as wide as it is", ""]
    assert list(folded(lines, 24)) == [
        "1. ✓ Steady? · 0.5 s",
        "    first text",
        "    ✗ expect yes ·",
        "        not found",
        "    │ as wide as it is",
        "",
    ]


def test_of_two_chatbots_both_answers_are_shown(both: Report) -> None:
    assert [line.split(" · ")[:2] for line in summaries(both)] == [
        ["Old", "4 questions"],
        ["New", "4 questions"],
    ]
    worse = next(block for block in blocks(both) if block.startswith("3. Worse?"))
    assert worse.splitlines() == [
        "3. Worse?",
        "    ✓ Old · 0.5 s first text · 3.0 s · 8 chars · 3 chars/s",
        "    ✓ expect yes · found",
        "    │ yes at 9",
        "    ✗ New · not held · 0.5 s first text · 2.0 s · 7 chars · 4 chars/s",
        "    ✗ expect yes · not found",
        "    │ no at 9",
        "    worse · 66 % alike to Old",
        "    [-yes-]{+no+} at 9",
    ]


def test_csv_has_a_row_a_run_and_no_formula(alone: Report, both: Report) -> None:
    text = FORMATS[".csv"](alone).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["number"], row["run"], row["run outcome"]) for row in rows] == [
        ("1", "1", "held"),
        ("2", "1", "held"),
        ("2", "2", "not held"),
        ("2", "3", "held"),
        ("3", "1", "not held"),
        ("4", "1", "failed"),
    ]
    worse = rows[4]
    assert (worse["answer"], worse["not as expected"]) == ("'=no at 9", "expect yes · not found")
    assert (worse["likeness"], worse["first text s"], worse["total s"]) == ("57", "0.500", "2.000")
    assert rows[0]["tags"] == "hours, <b>" and rows[5]["failure"] == "500 · An error occurred on the server"
    names = [row["chatbot"] for row in csv.DictReader(io.StringIO(FORMATS[".csv"](both)[1:], newline=""))]
    assert names == ["Old"] * 6 + ["New"] * 6


def test_the_page_marks_words_and_folds_runs(alone: Report) -> None:
    page = FORMATS[".html"](alone)
    headings = ["<h2>Flickering", "<h2>Newly failing", "<h2>Needs attention", "<h2>Everything else"]
    places = [page.index(heading) for heading in headings]
    assert places == sorted(places)
    assert "<del>yes</del><ins>=no</ins> at 9" in page
    assert "<summary>2 of 3 held</summary>" in page and page.count("<p>yes</p>") == 2
    assert "<span>&lt;b&gt;</span>" in page and "<script" not in page


def test_the_page_has_two_chatbots_side_by_side(both: Report) -> None:
    page = FORMATS[".html"](both)
    worse = page[page.index("3. Worse?") :]
    assert worse.index('<h4><span class="sign">✓</span> Old') < worse.index(
        '<h4><span class="sign">✗</span> New'
    )
    assert "66 % alike to Old" in worse and page.count('<div class="both">') == 4


def test_markdown_has_a_table_of_both(both: Report) -> None:
    html = MarkdownIt("commonmark").enable("table").render(FORMATS[".md"](both))
    heads = "".join(
        f"<th>{name}</th>" for name in ("Old outcome", "Old first text", "Old total", "New outcome")
    )
    assert heads in html.replace("\n", "") and "<td>66 %</td>" in html
    assert "<li>run 2 ✗ expect yes · not found · 2.0 s</li>" in html
    assert html.count("<tr>") == 5


def test_junit_has_a_suite_for_each(both: Report, alone: Report) -> None:
    suites = ElementTree.fromstring(FORMATS[".xml"](both))
    assert [suite.get("name") for suite in suites] == ["Hours · Old", "Hours · New"]
    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == ("8", "1", "2")
    (suite,) = ElementTree.fromstring(FORMATS[".xml"](alone))
    assert "run 2 ✗ expect yes" in (suite.findall("testcase")[1].findtext("system-out") or "")
    assert "[-yes-]{+=no+} at 9" in (suite.findall("testcase")[2].findtext("system-out") or "")


def test_json_keeps_each_run_and_the_other_chatbot(both: Report, tmp_path: Path) -> None:
    write_report(both, tmp_path / "r.json")
    document = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert (document["chatbot"], document["other"]["chatbot"]) == ("New", "Old")
    assert document["summary"]["total"] == {"p50": 2.0, "p95": 2.0}
    assert [each["outcome"] for each in document["questions"][1]["runs"]] == ["held", "not held", "held"]
    assert document["questions"][0]["tags"] == ["hours", "<b>"]
    assert [each.answers for each in read_report(tmp_path / "r.json")][2] == ("no at 9",)


@pytest.mark.parametrize("ending", FORMATS)
def test_every_form_takes_a_run_of_nothing(ending: str) -> None:
    questions = QuestionSet("Empty", (Question(ask="a"),))
    result = Result(number=1, question=questions.questions[0])
    started = datetime(2026, 11, 21, tzinfo=UTC)
    report = Report(questions=questions, chatbot="A", started=started, seconds=0, results=(result,))
    assert "not asked" in FORMATS[ending](report)

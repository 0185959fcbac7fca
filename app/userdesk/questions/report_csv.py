"""A report as a table for a spreadsheet: a row for each time that a question was asked."""

from collections.abc import Iterator

from userdesk.domain.safe_text import clean
from userdesk.files.csv_lines import csv_lines
from userdesk.questions.outcome import Result, Run
from userdesk.questions.report import Report

_HEAD = (
    *("chatbot", "number", "question", "tags", "outcome", "run", "run outcome", "answer", "not as expected"),
    *("failure", "likeness", "first text s", "total s"),
)


def csv_report(report: Report) -> str:
    """All runs; of two chatbots, the other's first."""
    reports = [report.other, report] if report.other else [report]
    rows = (row for each in reports for result in each.results for row in _rows(each.chatbot, result))
    return "".join(csv_lines([_HEAD, *rows]))


def _rows(chatbot: str, result: Result) -> Iterator[list[str]]:
    question = result.question
    for number, run in enumerate(result.runs, 1):
        yield [
            *(chatbot, str(result.number), clean(question.ask), ", ".join(question.tags)),
            *(result.outcome.value, str(number), run.outcome.value, run.answer),
            "\n".join(check.message for check in run.checks if not check.held),
            run.failure.headline if run.failure else "",
            "" if run.likeness is None else str(run.likeness),
            *_times(run),
        ]


def _times(run: Run) -> tuple[str, str]:
    if run.metrics is None:
        return "", ""
    first = run.metrics.first_text
    return "" if first is None else f"{first:.3f}", f"{run.metrics.total:.3f}"

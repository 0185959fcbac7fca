"""A report as lines for the terminal."""

from collections.abc import Iterator
from dataclasses import replace

from userdesk.domain.safe_text import clean_line
from userdesk.domain.wording import figures_line, seconds
from userdesk.markdown.document import whole
from userdesk.markdown.layout.cells import display
from userdesk.questions.outcome import Result, Run, marked
from userdesk.questions.report import Report
from userdesk.questions.report_markdown import SIGNS

WIDTH = 100
"""Cells of a line, as far as an answer can be wrapped."""
_INDENT = "    "


def text_report(report: Report, *, width: int = WIDTH, for_audience: bool = False) -> Iterator[str]:
    """The lines of the whole report: title and summary, then each answer, what held and what did not.

    Answers are what the screen shows of their Markdown, in lines of at most `width` cells. For an audience
    without figures and without the server's own words.
    """
    yield f"{report.questions.title} · {report.chatbot}"
    yield report.summary if for_audience else timed_summary(report)
    if report.times and not for_audience:
        yield report.times
    yield from report.remarks
    yield from report.news
    for result in report.worst_first:
        yield ""
        yield from _result(result, width, for_audience=for_audience)


def timed_summary(report: Report) -> str:
    """`30 questions · 28 held · 2 not held · 41 s`."""
    return f"{report.summary} · {seconds(report.seconds)}"


def one_line(result: Result, run: Run, total: int) -> str:
    """A result's line while the questions are being asked: `[3/12] ✓ Where is …? · 0.4 s first text …`."""
    return f"[{result.number}/{total}] {_head(replace(result, runs=(run,)))}"


def _head(result: Result, *, for_audience: bool = False) -> str:
    run = result.shown
    parts = [f"{SIGNS[result.outcome]} {clean_line(result.question.ask, 80)}"]
    if result.outcome.needs_a_look:
        parts.append(run.failure.headline if run.failure else result.outcome.value)
    if run.metrics and not run.failure and not for_audience:
        parts.append(figures_line(run.metrics))
    return " · ".join(parts)


def _result(result: Result, width: int, *, for_audience: bool) -> Iterator[str]:
    run = result.shown
    yield f"{result.number}. {_head(result, for_audience=for_audience)}"
    if run.failure and run.failure.detail and not for_audience:
        yield f"{_INDENT}{run.failure.detail}"
    for check in run.checks:
        yield f"{_INDENT}{SIGNS[check.outcome]} {clean_line(check.message, 300)}"
    for row in whole(run.answer, max(12, width - len(_INDENT) - 2)).rows:
        yield f"{_INDENT}│ {display(row.text)}".rstrip()
    if run.diff:
        yield f"{_INDENT}against the baseline:"
        for line in marked(run.diff).splitlines():
            yield f"{_INDENT}{line}"
    elif run.diff is not None:
        yield f"{_INDENT}same as the baseline"

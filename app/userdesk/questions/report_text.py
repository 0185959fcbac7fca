"""A report as lines for the terminal."""

from collections.abc import Iterator

from userdesk.domain.safe_text import clean_line
from userdesk.domain.wording import figures_line, seconds
from userdesk.markdown.document import whole
from userdesk.markdown.layout.cells import display
from userdesk.questions.outcome import Report, Result
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


def one_line(result: Result, total: int) -> str:
    """A result's line while the questions are being asked: `[3/12] ✓ Where is …? · 0.4 s first text …`."""
    return f"[{result.number}/{total}] {_head(result)}"


def _head(result: Result, *, for_audience: bool = False) -> str:
    parts = [f"{SIGNS[result.outcome]} {clean_line(result.question.ask, 80)}"]
    if result.outcome.needs_a_look:
        parts.append(result.failure.headline if result.failure else result.outcome.value)
    if result.metrics and not result.failure and not for_audience:
        parts.append(figures_line(result.metrics))
    return " · ".join(parts)


def _result(result: Result, width: int, *, for_audience: bool) -> Iterator[str]:
    yield f"{result.number}. {_head(result, for_audience=for_audience)}"
    if result.failure and result.failure.detail and not for_audience:
        yield f"{_INDENT}{result.failure.detail}"
    for check in result.checks:
        yield f"{_INDENT}{SIGNS[check.outcome]} {clean_line(check.message, 300)}"
    for row in whole(result.answer, max(12, width - len(_INDENT) - 2)).rows:
        yield f"{_INDENT}│ {display(row.text)}".rstrip()
    if result.diff:
        yield f"{_INDENT}against the baseline:"
        for line in result.diff:
            yield f"{_INDENT}{line}"
    elif result.diff is not None:
        yield f"{_INDENT}same as the baseline"

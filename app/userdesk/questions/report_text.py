"""A report as lines for the terminal."""

from collections.abc import Iterator

from userdesk.domain.safe_text import clean_line
from userdesk.domain.wording import figures_line, seconds
from userdesk.questions.outcome import Outcome, Report, Result
from userdesk.questions.report_markdown import SIGNS

_INDENT = "    "


def text_report(report: Report, *, for_audience: bool = False) -> Iterator[str]:
    """The lines of the whole report: each answer, what held, what did not, and how long it took.

    For an audience without figures and without the server's own words.
    """
    yield f"{report.questions.title} · {report.chatbot}"
    for result in report.results:
        yield ""
        yield from _result(result, for_audience=for_audience)
    yield ""
    yield from report.remarks
    yield from report.news
    yield report.summary if for_audience else f"{report.summary} · {seconds(report.seconds)}"


def one_line(result: Result, total: int) -> str:
    """A result's line while the questions are being asked: `[3/12] ✓ Where is …? · 0.4 s first text …`."""
    return f"[{result.number}/{total}] {_head(result)}"


def _head(result: Result, *, for_audience: bool = False) -> str:
    parts = [f"{SIGNS[result.outcome]} {clean_line(result.question.ask, 80)}"]
    if result.outcome not in (Outcome.HELD, Outcome.NOT_ASKED):
        parts.append(result.failure.headline if result.failure else result.outcome.value)
    if result.metrics and not result.failure and not for_audience:
        parts.append(figures_line(result.metrics))
    return " · ".join(parts)


def _result(result: Result, *, for_audience: bool) -> Iterator[str]:
    yield f"{result.number}. {_head(result, for_audience=for_audience)}"
    if result.failure and result.failure.detail and not for_audience:
        yield f"{_INDENT}{result.failure.detail}"
    for check in result.checks:
        sign = SIGNS[Outcome.HELD if check.held else Outcome.NOT_HELD]
        yield f"{_INDENT}{sign} {clean_line(check.message, 300)}"
    for line in result.answer.split("\n") if result.answer else ():
        yield f"{_INDENT}│ {line}".rstrip()
    if result.diff:
        yield f"{_INDENT}against the baseline:"
        for line in result.diff:
            yield f"{_INDENT}{line}"
    elif result.diff is not None:
        yield f"{_INDENT}as in the baseline"

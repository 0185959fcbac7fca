"""A report as lines for the terminal."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from userdesk.domain.safe_text import clean_line
from userdesk.domain.wording import figures_line, seconds
from userdesk.markdown.document import whole
from userdesk.markdown.layout.cells import cells, display
from userdesk.markdown.layout.plain import plain_layout
from userdesk.questions.outcome import Outcome, Result, Run
from userdesk.questions.report import Report
from userdesk.questions.report_facts import SIGNS, answered, changed_lines, facts, run_lines

WIDTH = 100
"""Cells of a line, as far as an answer can be wrapped."""
_INDENT = "    "


def text_report(
    report: Report, *, width: int = WIDTH, verbose: bool = True, for_audience: bool = False
) -> Iterator[str]:
    """The lines of the report: title and summary, then each answer, what held and what did not.

    Answers are what the screen shows of their Markdown, in lines of at most `width` cells. Unless it is
    `verbose`, a question that held has a line, and what changed in its answer. For an audience without
    figures and without the server's own words.
    """
    names = f"{report.other.chatbot} and {report.chatbot}" if report.other else report.chatbot
    yield f"{report.questions.title} · {names}"
    yield from summaries(report, timed=not for_audience)
    if not for_audience:
        yield from (_named(each, each.times, report) for each in _both(report) if each.times)
    yield from report.remarks
    yield from report.news
    *bad, (heading, rest) = report.groups or [("", [])]
    if heading != "Everything else":
        bad, rest = [*bad, (heading, rest)], []
    for result in (result for _, results in bad for result in results):
        yield ""
        yield from _result(report, result, width, for_audience=for_audience)
    for number, result in enumerate(rest):
        if verbose or number == 0:
            yield ""
        if verbose:
            yield from _result(report, result, width, for_audience=for_audience)
        else:
            yield from _brief(report, result)


def folded(lines: Iterable[str], width: int) -> Iterator[str]:
    """Lines for a terminal of so many cells: what is longer goes on indented, not at its edge."""
    for line in lines:
        if cells(line) <= width:
            yield line
            continue
        words = line.lstrip()
        indent = line[: len(line) - len(words)]
        for number, row in enumerate(plain_layout(words, max(12, width - len(indent + _INDENT))).rows):
            yield f"{indent}{_INDENT if number else ''}{row.text}".rstrip()


def summaries(report: Report, *, timed: bool = True) -> list[str]:
    """`30 questions · 28 held · 2 not held · 41 s`, for each of two chatbots with its name."""
    told = [timed_summary(each) if timed else each.summary for each in _both(report)]
    return [_named(each, words, report) for each, words in zip(_both(report), told, strict=True)]


def timed_summary(report: Report) -> str:
    """`30 questions · 28 held · 2 not held · 41 s`."""
    return f"{report.summary} · {seconds(report.seconds)}"


def _both(report: Report) -> list[Report]:
    return [report.other, report] if report.other else [report]


def _named(each: Report, words: str, report: Report) -> str:
    return f"{each.chatbot} · {words}" if report.other else words


def one_line(result: Result, run: Run, total: int) -> str:
    """A result's line while the questions are being asked: `[3/12] ✓ Where is …? · 0.4 s first text …`."""
    return f"[{result.number}/{total}] {_head(replace(result, runs=(run,)))}"


def _head(result: Result, name: str = "", *, for_audience: bool = False) -> str:
    run = result.shown
    parts = [f"{SIGNS[result.outcome]} {name or clean_line(result.question.ask, 80)}"]
    if result.outcome is not Outcome.HELD:
        parts.append(run.failure.headline if run.failure else result.outcome.value)
    if run.metrics and not run.failure and not for_audience:
        parts.append(figures_line(run.metrics))
    return " · ".join(parts)


def _brief(report: Report, result: Result) -> Iterator[str]:
    yield " · ".join([f"{result.number}. {_head(result)}", *facts(report, result)])
    yield from (f"{_INDENT}{line}" for line in changed_lines(result.shown.diff or ()))


def _result(report: Report, result: Result, width: int, *, for_audience: bool) -> Iterator[str]:
    shown = answered(report, result)
    if len(shown) == 1:
        yield f"{result.number}. {_head(result, for_audience=for_audience)}"
    else:
        yield f"{result.number}. {clean_line(result.question.ask, 80)}"
    for name, each in shown:
        if name:
            yield f"{_INDENT}{_head(each, name, for_audience=for_audience)}"
        yield from _answer(each.shown, width, for_audience=for_audience)
        yield from (f"{_INDENT}{line}" for line in run_lines(each))
    if told := facts(report, result):
        yield f"{_INDENT}{' · '.join(told)}"
    yield from (f"{_INDENT}{line}" for line in changed_lines(result.shown.diff or ()))


def _answer(run: Run, width: int, *, for_audience: bool) -> Iterator[str]:
    if run.failure and run.failure.detail and not for_audience:
        yield f"{_INDENT}{run.failure.detail}"
    for check in run.checks:
        yield f"{_INDENT}{SIGNS[check.outcome]} {clean_line(check.message, 300)}"
    for row in whole(run.answer, max(12, width - len(_INDENT) - 2)).rows:
        yield f"{_INDENT}│ {display(row.text)}".rstrip()

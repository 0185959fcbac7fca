"""A report as one HTML page for people: no script, nothing loaded from elsewhere."""

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from itertools import groupby
from string import Template

from userdesk.domain.safe_text import clean_line
from userdesk.domain.wording import figures_line
from userdesk.markdown.document import whole
from userdesk.markdown.layout.cells import display
from userdesk.markdown.layout.rows import Row
from userdesk.questions.outcome import Change, Outcome, Result
from userdesk.questions.report import Report
from userdesk.questions.report_facts import SIGNS, answered, facts, run_lines

UNWRAPPED = 1_000_000
"""Cells in which no line is wrapped; tables have a widest of their own."""


def html_report(report: Report) -> str:
    """The summary, then what did not hold, then the rest; answers as the screen shows their Markdown."""
    template = Template((files("userdesk.questions") / "report.html").read_text("utf-8"))
    return template.substitute(
        title=escape(report.questions.title),
        about=escape(report.about),
        summaries="\n".join(_summary(report)),
        notes=_list(f"<li>{escape(note)}</li>" for note in [*report.remarks, *report.news]),
        results="\n".join(_results(report)),
    )


def _summary(report: Report) -> Iterator[str]:
    for each in [report.other, report] if report.other else [report]:
        if report.other:
            yield f"<h2>{escape(each.chatbot)}</h2>"
        counts = "\n".join(_counts(each))
        yield f'<ul class="counts">\n{counts}\n</ul>'
        if each.times:
            yield f'<p class="about">{escape(each.times)}</p>'


def _counts(report: Report) -> Iterator[str]:
    counts = [(_name(each), SIGNS[each], report.count(each), each.value) for each in Outcome]
    counts.append(("stopped", "◷", report.too_slow, "too slow"))
    counts.append(("stopped", "≈", sum(each.flickers for each in report.results), "flickering"))
    if told := report.comparison:
        worse, better = report.worse_and_better
        counts.append(("not-held", "↓", len(told.newly_failing), worse))
        counts.append(("held", "↑", len(told.mended), better))
        counts.append(
            ("", "≠", told.differing, "changed answers" if not report.other else "differing answers")
        )
    for name, sign, count, words in counts:
        if count or words == Outcome.HELD.value:
            yield f'<li class="{name}"><b>{sign} {count}</b> {words}</li>'


def _results(report: Report) -> Iterator[str]:
    for heading, results in report.groups:
        yield f"<h2>{heading}</h2>"
        for result in results:
            yield from _result(report, result)


def _result(report: Report, result: Result) -> Iterator[str]:
    sign, ask = SIGNS[result.outcome], escape(clean_line(result.question.ask, 400))
    yield f'<article class="{_name(result.outcome)}">'
    yield f'<h3><span class="sign">{sign}</span> {result.number}. {ask}</h3>'
    if tags := result.question.tags:
        yield f'<p class="tags">{"".join(f"<span>{escape(tag)}</span>" for tag in tags)}</p>'
    shown = answered(report, result)
    if len(shown) > 1:
        yield '<div class="both">'
    for name, each in shown:
        if name:
            yield f'<section class="{_name(each.outcome)}">'
            yield f'<h4><span class="sign">{SIGNS[each.outcome]}</span> {escape(name)}</h4>'
        yield from _shown(each)
        if name:
            yield "</section>"
    if len(shown) > 1:
        yield "</div>"
    if told := facts(report, result):
        yield f'<p class="figures">{escape(" · ".join(told))}</p>'
    if diff := result.shown.diff:
        against = escape(f"Against {report.compared_with}")
        words = "".join(map(_change, diff))
        yield f'<details open><summary>{against}</summary>\n<p class="diff">{words}</p></details>'
    yield "</article>"


def _shown(result: Result) -> Iterator[str]:
    run = result.shown
    if failure := run.failure:
        detail = f" ({failure.detail})" if failure.detail else ""
        yield f'<p class="failure">{escape(failure.headline + detail)}</p>'
    yield _list(
        f'<li class="{_name(each.outcome)}">{SIGNS[each.outcome]} {escape(each.message)}</li>'
        for each in run.checks
    )
    if run.answer:
        yield f'<div class="answer">\n{_answer(run.answer)}\n</div>'
    if run.metrics:
        yield f'<p class="figures">{escape(figures_line(run.metrics))}</p>'
    if len(result.runs) > 1:
        yield f"<details><summary>{escape(result.held_of)}</summary>"
        for line, each in zip(run_lines(result), result.runs, strict=True):
            yield f'<p class="figures">{escape(line)}</p>'
            if each is not run and each.answer:
                yield f'<div class="answer">\n{_answer(each.answer)}\n</div>'
        yield "</details>"


def _change(change: Change) -> str:
    tag = {"-": "del", "+": "ins"}.get(change.sign)
    return f"<{tag}>{escape(change.text)}</{tag}>" if tag else escape(change.text)


def _answer(answer: str) -> str:
    """Tables and code keep their columns; other lines are left for the browser to wrap."""
    parts: list[str] = []
    for keeps_columns, rows in groupby(whole(answer, UNWRAPPED).rows, key=_keeps_columns):
        lines = [escape(display(row.text)) for row in rows]
        parts += (
            ["<pre>" + "\n".join(lines) + "</pre>"] if keeps_columns else [f"<p>{line}</p>" for line in lines]
        )
    return "\n".join(parts)


def _keeps_columns(row: Row) -> bool:
    return bool(row.fill) or any("table" in run.style for run in row.runs)


def _list(items: Iterable[str]) -> str:
    inside = "\n".join(items)
    return f"<ul>\n{inside}\n</ul>" if inside else ""


def _name(outcome: Outcome) -> str:
    return outcome.value.replace(" ", "-")

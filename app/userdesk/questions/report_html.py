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
from userdesk.questions.outcome import Outcome, Result, marked
from userdesk.questions.report import Report
from userdesk.questions.report_markdown import SIGNS

UNWRAPPED = 1_000_000
"""Cells in which no line is wrapped; tables have a widest of their own."""


def html_report(report: Report) -> str:
    """The summary, then what did not hold, then the rest; answers as the screen shows their Markdown."""
    template = Template((files("userdesk.questions") / "report.html").read_text("utf-8"))
    return template.substitute(
        title=escape(report.questions.title),
        about=escape(report.about),
        counts="\n".join(_counts(report)),
        times=escape(report.times),
        notes=_list(f"<li>{escape(note)}</li>" for note in [*report.remarks, *report.news]),
        results="\n".join(_results(report.worst_first)),
    )


def _counts(report: Report) -> Iterator[str]:
    counts = [(_name(each), SIGNS[each], report.count(each), each.value) for each in Outcome]
    counts.append(("stopped", "◷", report.too_slow, "too slow"))
    counts += [("", "≠", each.differing, "changed answers") for each in filter(None, [report.comparison])]
    for name, sign, count, words in counts:
        if count or name == "held":
            yield f'<li class="{name}"><b>{sign} {count}</b> {words}</li>'


def _results(results: Iterable[Result]) -> Iterator[str]:
    headings = {True: "Needs attention", False: "Everything else"}
    for is_bad, group in groupby(results, key=lambda each: each.outcome.needs_a_look):
        yield f"<h2>{headings[is_bad]}</h2>"
        for result in group:
            yield from _result(result)


def _result(result: Result) -> Iterator[str]:
    run = result.shown
    sign, ask = SIGNS[result.outcome], escape(clean_line(result.question.ask, 400))
    yield f'<article class="{_name(result.outcome)}">'
    yield f'<h3><span class="sign">{sign}</span> {result.number}. {ask}</h3>'
    if failure := run.failure:
        detail = f" ({failure.detail})" if failure.detail else ""
        yield f'<p class="failure">{escape(failure.headline + detail)}</p>'
    yield _list(
        f'<li class="{_name(each.outcome)}">{SIGNS[each.outcome]} {escape(each.message)}</li>'
        for each in run.checks
    )
    if run.answer:
        yield '<div class="answer">'
        yield from _answer(run.answer)
        yield "</div>"
    if run.metrics:
        yield f'<p class="figures">{escape(figures_line(run.metrics))}</p>'
    if run.diff is not None:
        diff = escape(marked(run.diff))
        yield f"<p>Against the baseline:</p>\n<pre>{diff}</pre>" if diff else "<p>Same as the baseline.</p>"
    yield "</article>"


def _answer(answer: str) -> Iterator[str]:
    """Tables and code keep their columns; other lines are left for the browser to wrap."""
    for keeps_columns, rows in groupby(whole(answer, UNWRAPPED).rows, key=_keeps_columns):
        lines = [escape(display(row.text)) for row in rows]
        yield from (
            ["<pre>" + "\n".join(lines) + "</pre>"] if keeps_columns else [f"<p>{line}</p>" for line in lines]
        )


def _keeps_columns(row: Row) -> bool:
    return bool(row.fill) or any("table" in run.style for run in row.runs)


def _list(items: Iterable[str]) -> str:
    inside = "\n".join(items)
    return f"<ul>\n{inside}\n</ul>" if inside else ""


def _name(outcome: Outcome) -> str:
    return outcome.value.replace(" ", "-")

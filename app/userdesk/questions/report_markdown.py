"""A report as Markdown: a table of all questions, then each answer with what held and what did not."""

import re

from userdesk.domain.plain_in_markdown import escaped
from userdesk.domain.safe_text import clean_line
from userdesk.domain.wording import figures_line, seconds
from userdesk.questions.outcome import Change, Outcome, Result, marked
from userdesk.questions.report import Report

SIGNS = {
    Outcome.HELD: "✓",
    Outcome.NOT_HELD: "✗",
    Outcome.FAILED: "!",
    Outcome.NOT_JUDGED: "?",
    Outcome.STOPPED: "■",
    Outcome.NOT_ASKED: "–",
}


def markdown_report(report: Report) -> str:
    """The whole report."""
    parts = [f"# {escaped(report.questions.title)}", escaped(report.about), f"**{report.summary}**"]
    parts += filter(None, [report.times, *report.remarks])
    if report.news:
        parts.append("\n".join(f"- {escaped(line)}" for line in report.news))
    parts.append(_table(report))
    parts += [part for result in report.worst_first for part in _result(result)]
    return "\n\n".join(parts) + "\n"


def _table(report: Report) -> str:
    rows = ["| | question | outcome | first text | total |", "|---|---|---|---|---|"]
    for result in report.results:
        metrics = result.shown.metrics
        first = "" if metrics is None or metrics.first_text is None else seconds(metrics.first_text)
        total = seconds(metrics.total) if metrics else ""
        ask = escaped(clean_line(result.question.ask, 80))
        outcome = f"{SIGNS[result.outcome]} {result.outcome.value}"
        rows.append(f"| {result.number} | {ask} | {outcome} | {first} | {total} |")
    return "\n".join(rows)


def _result(result: Result) -> list[str]:
    run = result.shown
    ask = escaped(clean_line(result.question.ask, 200))
    parts = [f"## {SIGNS[result.outcome]} {result.number}. {ask}"]
    if run.failure:
        detail = f" ({escaped(run.failure.detail)})" if run.failure.detail else ""
        parts.append(f"**{escaped(run.failure.headline)}**{detail}")
    if run.checks:
        parts.append("\n".join(f"- {SIGNS[each.outcome]} {escaped(each.message)}" for each in run.checks))
    if run.answer:
        # Quoted, so that no heading and no open code block of an answer can take over the report.
        parts.append("\n".join(f"> {line}" if line else ">" for line in run.answer.split("\n")))
    if run.metrics:
        parts.append(f"*{figures_line(run.metrics)}*")
    if run.diff is not None:
        parts.append(_diff(run.diff))
    return parts


def _diff(diff: tuple[Change, ...]) -> str:
    if not diff:
        return "Same as the baseline."
    text = marked(diff)
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return f"Against the baseline:\n\n{fence}\n{text}\n{fence}"

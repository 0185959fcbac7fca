"""A report as Markdown: a table of all questions, then each answer with what held and what did not."""

import re

from userdesk.domain.plain_in_markdown import escaped
from userdesk.domain.safe_text import clean_line
from userdesk.domain.wording import figures_line, seconds
from userdesk.questions.outcome import Result
from userdesk.questions.report import Report
from userdesk.questions.report_facts import SIGNS, answered, changed_lines, facts, run_lines


def markdown_report(report: Report) -> str:
    """The whole report."""
    both = [report.other, report] if report.other else [report]
    names = [f"{escaped(each.chatbot)}: " if report.other else "" for each in both]
    summaries = [f"{name}**{escaped(each.summary)}**" for name, each in zip(names, both, strict=True)]
    times = [f"{name}{each.times}" for name, each in zip(names, both, strict=True) if each.times]
    parts = [f"# {escaped(report.questions.title)}", escaped(report.about), *summaries]
    parts += filter(None, [*times, *report.remarks])
    if report.news:
        parts.append("\n".join(f"- {escaped(line)}" for line in report.news))
    parts.append(_table(report))
    parts += [part for result in report.worst_first for part in _result(report, result)]
    return "\n\n".join(parts) + "\n"


def _table(report: Report) -> str:
    names = [name for name, _ in answered(report, report.results[0])] if report.results else [""]
    columns = [f"{name} {column}".strip() for name in names for column in ("outcome", "first text", "total")]
    heads = ["", "question", *map(escaped, columns), *(["alike"] if report.comparison else [])]
    rows = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for result in report.results:
        cells = [str(result.number), escaped(clean_line(result.question.ask, 80))]
        for _, each in answered(report, result):
            cells += _figures(each)
        if report.comparison:
            alike = result.shown.likeness
            cells.append("" if alike is None else f"{alike} %")
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _figures(result: Result) -> list[str]:
    metrics = result.shown.metrics
    first = "" if metrics is None or metrics.first_text is None else seconds(metrics.first_text)
    outcome = f"{SIGNS[result.outcome]} {result.held_of or result.outcome.value}"
    return [outcome, first, seconds(metrics.total) if metrics else ""]


def _result(report: Report, result: Result) -> list[str]:
    ask = escaped(clean_line(result.question.ask, 200))
    parts = [f"## {SIGNS[result.outcome]} {result.number}. {ask}"]
    if result.question.tags:
        parts.append(escaped(", ".join(result.question.tags)))
    for name, each in answered(report, result):
        if name:
            parts.append(f"### {SIGNS[each.outcome]} {escaped(name)} · {each.outcome.value}")
        parts += _answer(each)
    if told := facts(report, result):
        parts.append(" · ".join(told))
    if changed := changed_lines(result.shown.diff or ()):
        text = "\n".join(changed)
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
        parts.append(f"Against {escaped(report.compared_with)}:\n\n{fence}\n{text}\n{fence}")
    return parts


def _answer(result: Result) -> list[str]:
    run, parts = result.shown, []
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
    if runs := [f"- {escaped(line)}" for line in run_lines(result)]:
        parts.append("\n".join(runs))
    return parts

"""What every form of a report says of a question beside its answer, in the same words."""

from collections.abc import Iterator
from typing import NamedTuple

from userdesk.domain.wording import seconds
from userdesk.questions.likeness import likeness_among
from userdesk.questions.outcome import ANSWERED, Change, Outcome, Result, Run
from userdesk.questions.report import Report

SIGNS = {
    Outcome.HELD: "✓",
    Outcome.NOT_HELD: "✗",
    Outcome.FAILED: "!",
    Outcome.NOT_JUDGED: "?",
    Outcome.STOPPED: "■",
    Outcome.NOT_ASKED: "–",
}


class Answered(NamedTuple):
    """What one chatbot made of a question."""

    chatbot: str
    """Its name; empty where only one was asked."""
    result: Result


def answered(report: Report, result: Result) -> list[Answered]:
    """What there is to show of a question: where two chatbots were asked, the other's first."""
    if report.other is None:
        return [Answered("", result)]
    others = (each for each in report.other.results if each.number == result.number)
    before = [Answered(report.other.chatbot, each) for each in others]
    return [*before, Answered(report.chatbot, result)]


def facts(report: Report, result: Result) -> list[str]:
    """How often it held, how alike its answers are, and how it compares, each in a few words."""
    told = []
    if len(result.runs) > 1:
        needed = f", {result.need} needed" if result.need < len(result.runs) else ""
        among = likeness_among(run.answer for run in result.runs if run.outcome in ANSWERED)
        told += [f"{result.held_of}{needed}"]
        told += [] if among is None else [f"its answers are {among} % alike"]
    if comparison := report.comparison:
        worse, better = report.worse_and_better
        told += [worse] if result.number in comparison.newly_failing else []
        told += [better] if result.number in comparison.mended else []
    if (alike := result.shown.likeness) is not None:
        same = f"same as {report.compared_with}"
        told.append(f"{alike} % alike to {report.compared_with}" if result.shown.diff else same)
    return told


def run_lines(result: Result) -> Iterator[str]:
    """A line for each run of a question that was asked several times: `run 2 ✗ expect 9 · not found`."""
    for number, run in enumerate(result.runs, 1) if len(result.runs) > 1 else ():
        parts = [f"run {number} {SIGNS[run.outcome]} {_came(run)}"]
        if run.metrics:
            parts.append(seconds(run.metrics.total))
        yield " · ".join(parts)


def _came(run: Run) -> str:
    if run.failure:
        return run.failure.headline
    broken = [check.message for check in run.checks if not check.held]
    return "; ".join(broken) or run.outcome.value


def changed_lines(diff: tuple[Change, ...]) -> list[str]:
    """The lines of a word diff that hold a change, marked as git marks words: `open [-Sunday-]{+Monday+}`."""
    marks = {" ": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    lines, has_change = [""], [False]
    for sign, text in diff:
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append("")
                has_change.append(sign != " ")
            if part:
                lines[-1] += marks[sign].format(part)
                has_change[-1] = has_change[-1] or sign != " "
    return [line for line, is_changed in zip(lines, has_change, strict=True) if is_changed and line]

"""How the answers of a run compare with those of an earlier one, or of another chatbot."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from userdesk.domain.safe_text import clean
from userdesk.questions.likeness import likeness, word_diff
from userdesk.questions.model import Question
from userdesk.questions.outcome import ANSWERED, Check, Outcome, Result, Run
from userdesk.questions.report import Comparison, Report


class Earlier(NamedTuple):
    """A question of the run that is compared with."""

    ask: str
    outcome: Outcome
    answers: tuple[str, ...] = ()
    """Each whole answer that it had; safe to show."""
    flickers: bool = False
    """Whether it held at times and at times did not."""


def earlier_of(report: Report) -> list[Earlier]:
    """The questions of a run, for a comparison with it."""
    return [
        Earlier(
            result.question.ask,
            result.outcome,
            tuple(run.answer for run in result.runs if run.outcome in ANSWERED),
            result.flickers,
        )
        for result in report.results
    ]


def matched(
    questions: Iterable[Question], earlier: Iterable[Earlier]
) -> tuple[list[Earlier | None], list[Earlier]]:
    """What an earlier run had of each question, None where it is new; and what it alone had.

    They are the same where their texts are; a question that is asked twice meets its own earlier one.
    """
    left: dict[str, deque[Earlier]] = defaultdict(deque)
    for each in earlier:
        left[each.ask].append(each)
    found = [left[each.ask].popleft() if left[each.ask] else None for each in questions]
    return found, [each for waiting in left.values() for each in waiting]


def compared(report: Report, earlier: Iterable[Earlier]) -> Report:
    """The report, each answer with its likeness to the earlier one.

    Of several earlier answers to a question it is the most alike that counts. An answer that is less alike
    than its question wants does not hold any more. A question that flickered, and still does or is asked
    once now, is not newly failing.
    """
    found, gone = matched((result.question for result in report.results), earlier)
    results, new = [], []
    newly_failing, mended = [], []
    for result, before in zip(report.results, found, strict=True):
        if before is None:
            new.append(result.number)
        elif before.answers:
            result = _compared(result, before.answers)
        was = before.outcome if before else None
        if result.outcome is Outcome.NOT_HELD and was is not Outcome.NOT_HELD and not _still(before, result):
            newly_failing.append(result.number)
        if result.outcome is Outcome.HELD and was is Outcome.NOT_HELD:
            mended.append(result.number)
        results.append(result)
    comparison = Comparison(
        differing=sum(result.differs for result in results),
        newly_failing=tuple(newly_failing),
        mended=tuple(mended),
        new=tuple(new),
        gone=tuple(clean(each.ask) for each in gone),
    )
    return replace(report, results=tuple(results), comparison=comparison)


def _still(before: Earlier | None, result: Result) -> bool:
    """Whether a question flickered, and nothing says that it fails every time now."""
    return before is not None and before.flickers and (result.flickers or len(result.runs) == 1)


def _compared(result: Result, answers: tuple[str, ...]) -> Result:
    wanted = result.question.likeness
    runs = (_run_compared(run, answers, wanted) if run.outcome in ANSWERED else run for run in result.runs)
    return replace(result, runs=tuple(runs))


def _run_compared(run: Run, answers: tuple[str, ...], wanted: int | None) -> Run:
    alike, before = max(((likeness(before, run.answer), before) for before in answers), key=lambda it: it[0])
    run = replace(run, likeness=alike, diff=word_diff(before, run.answer))
    if wanted is None:
        return run
    check = Check("likeness", str(wanted), alike >= wanted, str(alike))
    return run.with_checks((*run.checks, check))

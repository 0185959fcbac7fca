"""Holds an answer against what was expected of it."""

from dataclasses import replace

from userdesk.domain.failure import Failure
from userdesk.domain.message import Figures, Message
from userdesk.domain.safe_text import clean, clean_line
from userdesk.domain.wording import seconds
from userdesk.questions.model import Question
from userdesk.questions.outcome import Check, Outcome, Result


def answered(result: Result, message: Message, failure: Failure | None) -> Result:
    """The result of a question whose turn ended with this message; `failure` says why it is not whole."""
    done = replace(
        result,
        outcome=Outcome.FAILED,
        answer=clean(message.text),
        failure=failure,
        figures=message.figures,
    )
    if failure is None:
        outcome, checks = judge(result.question, done.answer, message.figures)
        done = replace(done, outcome=outcome, checks=checks)
    return done


def judge(question: Question, answer: str, figures: Figures | None) -> tuple[Outcome, tuple[Check, ...]]:
    """Whether a whole answer is what was expected, and each expectation with what came of it."""
    checks = [
        Check("expect", pattern.pattern, pattern.search(answer) is not None) for pattern in question.expect
    ]
    for pattern in question.forbid:
        found = pattern.search(answer)
        checks.append(
            Check("forbid", pattern.pattern, found is None, clean_line(found[0], 80) if found else "")
        )
    if question.within is not None and figures is not None:
        in_time = figures.total <= question.within
        checks.append(Check("within", f"{question.within:g} s", in_time, _taken(figures.total, in_time)))
    held = all(check.held for check in checks)
    return Outcome.HELD if held else Outcome.NOT_HELD, tuple(checks)


def _taken(total: float, in_time: bool) -> str:
    # Rounded, 8.04 s would be told as 8.0 s, too late for 8 s.
    return seconds(total) if in_time else f"{total:.3g} s" if total < 100 else f"{total:.0f} s"

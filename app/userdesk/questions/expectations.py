"""Holds an answer against what was expected of it."""

from dataclasses import replace

from userdesk.domain.failure import Failure
from userdesk.domain.message import Message, Metrics
from userdesk.domain.safe_text import clean, clean_line
from userdesk.domain.wording import seconds
from userdesk.questions.model import Pattern, Question
from userdesk.questions.outcome import Check, Outcome, Run
from userdesk.questions.pattern_matcher import PatternMatcher, Tried


def answered(question: Question, message: Message, failure: Failure | None, matcher: PatternMatcher) -> Run:
    """What came of a question whose turn ended with this message; `failure` says why it is not whole.

    Blocks while patterns are tried; on an event loop it is called in a thread.
    """
    run = Run(answer=clean(message.text), metrics=message.metrics)
    if failure:
        return replace(run, outcome=Outcome.FAILED, failure=failure)
    return run.with_checks(checked(question, run.answer, message.metrics, matcher))


def checked(
    question: Question, answer: str, metrics: Metrics | None, matcher: PatternMatcher
) -> tuple[Check, ...]:
    """What came of each expectation of a whole answer but its meaning and its likeness. Blocks."""
    wanted = [("expect", each) for each in question.expect] + [("forbid", each) for each in question.forbid]
    tried = matcher.tried([pattern.text for _, pattern in wanted], answer) if wanted else []
    checks = [
        _check(kind, pattern, found, answer) for (kind, pattern), found in zip(wanted, tried, strict=True)
    ]
    if question.within is not None and metrics is not None:
        in_time = metrics.total <= question.within
        checks.append(Check("within", f"{question.within:g} s", in_time, _taken(metrics.total, in_time)))
    return tuple(checks)


def _check(kind: str, pattern: Pattern, tried: Tried, answer: str) -> Check:
    if tried.trouble:
        return Check(kind, pattern.text, False, trouble=f"{pattern.where}: {tried.trouble}")
    if kind == "expect" or tried.span is None:
        return Check(kind, pattern.text, (tried.span is not None) == (kind == "expect"))
    start, end = tried.span
    return Check(kind, pattern.text, False, clean_line(answer[start:end], 80))


def _taken(total: float, in_time: bool) -> str:
    # Rounded, 8.04 s would be told as 8.0 s, too late for 8 s.
    return seconds(total) if in_time else f"{total:.3g} s" if total < 100 else f"{total:.0f} s"

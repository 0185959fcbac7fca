"""What came of a question, and of all of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from userdesk.domain.failure import Failure
from userdesk.domain.message import Metrics
from userdesk.domain.safe_text import clean_line
from userdesk.domain.wording import seconds
from userdesk.questions.model import Question, QuestionSet


class Outcome(StrEnum):
    """How a question came out; the value is what reports say."""

    HELD = "held"
    """Everything that was expected was so."""
    NOT_HELD = "not held"
    """The chatbot answered, and something expected was not so."""
    FAILED = "failed"
    """The service failed: nothing can be said of the answer."""
    STOPPED = "stopped"
    """The user stopped it while it was answered."""
    NOT_ASKED = "not asked"

    @property
    def needs_a_look(self) -> bool:
        """Whether something was not as it should be: not held, failed or stopped."""
        return self not in (Outcome.HELD, Outcome.NOT_ASKED)


ANSWERED = (Outcome.HELD, Outcome.NOT_HELD)
"""The outcomes of questions that the chatbot answered."""


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation of an answer."""

    kind: str
    """`expect`, `forbid` or `within`."""
    wanted: str
    """The pattern, or the seconds."""
    held: bool
    found: str = ""
    """What was found, in one safe line."""
    trouble: str = ""
    """Why it cannot be told whether it held, with file and line; then it counts as one that did not."""

    @property
    def outcome(self) -> Outcome:
        """What a question comes out as by this expectation alone."""
        return Outcome.HELD if self.held else Outcome.NOT_HELD

    @property
    def message(self) -> str:
        """The expectation and what came of it, in one line; a long pattern is shortened."""
        match self.kind:
            case _ if self.trouble:
                came = self.trouble
            case "expect":
                came = "found" if self.held else "not found"
            case "forbid":
                came = "not found" if self.held else f"found “{self.found}”"
            case _:
                came = f"took {self.found}"
        return f"{self.kind} {clean_line(self.wanted, 120)} · {came}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One question, its answer and what held of it."""

    number: int
    """From 1, by the order in the file."""
    question: Question
    outcome: Outcome = Outcome.NOT_ASKED
    answer: str = ""
    """What the chatbot answered, or what arrived of it; safe to show."""
    checks: tuple[Check, ...] = ()
    failure: Failure | None = None
    metrics: Metrics | None = None
    diff: tuple[str, ...] | None = None
    """Lines of a unified diff against the baseline's answer, none where they are equal; None where
    there is nothing to compare with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How a run compares with an earlier one; nothing in it is a failure, since answers vary."""

    differing: int
    """How many answers are not as they were."""
    new: tuple[int, ...] = ()
    """The numbers of questions that the earlier run did not have."""
    gone: tuple[str, ...] = ()
    """Questions that only the earlier run had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All results of one run."""

    questions: QuestionSet
    chatbot: str
    """The chatbot's name, one safe line."""
    started: datetime
    seconds: float
    """From the first question to the last answer."""
    results: Sequence[Result] = ()
    ended_by: str = ""
    """What ended it before its last question, in words."""
    waited: float = 0.0
    """Seconds in which nothing was asked because the service had asked to wait; in no answer's time."""
    saved: bool = True
    """False where its conversations were to be kept, and not all of them could be."""
    comparison: Comparison | None = None
    """With the baseline, where there is one."""

    def count(self, outcome: Outcome) -> int:
        """How many questions came out so."""
        return sum(result.outcome is outcome for result in self.results)

    @property
    def about(self) -> str:
        """`Acme · 2026-11-21 20:54 UTC · 41 s`: the chatbot, when it began and how long it took."""
        started = self.started.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        return f"{self.chatbot} · {started} · {seconds(self.seconds)}"

    @property
    def worst_first(self) -> list[Result]:
        """The results, those first that need a look."""
        return sorted(self.results, key=lambda each: not each.outcome.needs_a_look)

    @property
    def too_slow(self) -> int:
        """How many answers took longer than they should."""
        return sum(each.kind == "within" and not each.held for it in self.results for each in it.checks)

    @property
    def times(self) -> str:
        """`first text 0.4 s (95th percentile 0.9 s) · whole answer 2.1 s (95th percentile 3.0 s)`: medians.

        Of answers that are whole; empty where there is none.
        """
        measured = [each.metrics for each in self.results if each.outcome in ANSWERED and each.metrics]
        firsts = [each.first_text for each in measured if each.first_text is not None]
        kinds = {"first text": firsts, "whole answer": [each.total for each in measured]}
        return " · ".join(f"{kind} {_spread(sorted(times))}" for kind, times in kinds.items() if times)

    @property
    def remarks(self) -> list[str]:
        """What to know beside the results, a safe line each: that it was ended, waited, could not save."""
        remarks = [f"Stopped {self.ended_by}: these are the results so far."] if self.ended_by else []
        if self.waited:
            remarks.append(f"Waited {seconds(self.waited)} in total, as the service asked.")
        if not self.saved:
            remarks.append("Not saved: some of these conversations are not in the data folder.")
        return remarks

    @property
    def summary(self) -> str:
        """`30 questions · 28 held · 1 not held · 1 failed`."""
        total = len(self.results)
        parts = [f"{total} question{'' if total == 1 else 's'}"]
        parts += [
            f"{count} {outcome.value}"
            for outcome in Outcome
            if (count := self.count(outcome)) or outcome is Outcome.HELD
        ]
        if self.too_slow:
            parts.append(f"{self.too_slow} too slow")
        if self.comparison:
            count = self.comparison.differing
            parts.append(f"{count} answer{' differs' if count == 1 else 's differ'} from the baseline")
        return " · ".join(parts)

    @property
    def news(self) -> list[str]:
        """The questions that the baseline did not have, and those that it alone has, a safe line each."""
        if not self.comparison:
            return []
        asked = {result.number: result.question.ask for result in self.results}
        new = [f"New since the baseline: {n}. {clean_line(asked[n], 80)}" for n in self.comparison.new]
        return new + [f"Removed since the baseline: {clean_line(ask, 80)}" for ask in self.comparison.gone]


def _spread(times: list[float]) -> str:
    """The median of sorted times, and their 95th percentile, both the longer of two."""
    middle, most = times[len(times) // 2], times[math.ceil(0.95 * len(times)) - 1]
    return f"{seconds(middle)} (95th percentile {seconds(most)})"

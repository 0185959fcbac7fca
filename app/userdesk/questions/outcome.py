"""What came of a question, each time that it was asked."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from userdesk.domain.failure import Failure
from userdesk.domain.message import Metrics
from userdesk.domain.safe_text import clean_line
from userdesk.questions.model import Question


class Outcome(StrEnum):
    """How a question came out; the value is what reports say."""

    HELD = "held"
    """Everything that was expected was so."""
    NOT_HELD = "not held"
    """The chatbot answered, and something expected was not so."""
    FAILED = "failed"
    """The service failed: nothing can be said of the answer."""
    NOT_JUDGED = "not judged"
    """The judge failed: it cannot be said whether the answer means what it should."""
    STOPPED = "stopped"
    """The user stopped it while it was answered."""
    NOT_ASKED = "not asked"

    @property
    def needs_a_look(self) -> bool:
        """Whether something was not as it should be: not held, failed, not judged or stopped."""
        return self not in (Outcome.HELD, Outcome.NOT_ASKED)


ANSWERED = (Outcome.HELD, Outcome.NOT_HELD, Outcome.NOT_JUDGED)
"""The outcomes of questions that the chatbot answered."""


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation of an answer."""

    kind: str
    """`expect`, `forbid`, `within`, `meaning` or `likeness`."""
    wanted: str
    """The pattern, the seconds, the meaning, or the likeness to the baseline's answer."""
    held: bool
    found: str = ""
    """What was found, in one safe line; of a meaning the judge's reason."""
    trouble: str = ""
    """Why it cannot be told whether it held, with file and line; a pattern counts as one that did not."""
    score: float | None = None
    """What the judge gave it, if it did."""

    @property
    def outcome(self) -> Outcome:
        """What a question comes out as by this expectation alone."""
        if self.kind == "meaning" and self.trouble:
            return Outcome.NOT_JUDGED
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
            case "within":
                came = f"took {self.found}"
            case "likeness":
                came = f"is {self.found}"
            case _:
                score = "" if self.score is None else f" (score {self.score:g})"
                came = (
                    f"{'held' if self.held else 'not held'}{score}{f': {self.found}' if self.found else ''}"
                )
        return f"{self.kind} {clean_line(self.wanted, 120)} · {came}"


class Change(NamedTuple):
    """A piece of a word diff."""

    sign: str
    """A blank for what both answers have, `-` for what only the earlier one has, `+` for this one's own."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One time that a question was asked: the answer and what held of it."""

    outcome: Outcome = Outcome.NOT_ASKED
    answer: str = ""
    """What the chatbot answered, or what arrived of it; safe to show."""
    checks: tuple[Check, ...] = ()
    failure: Failure | None = None
    metrics: Metrics | None = None
    likeness: int | None = None
    """To the answer that it is compared with, 0 to 100; None where there is none."""
    diff: tuple[Change, ...] | None = None
    """Against that answer, empty where they are equal; None where there is none."""

    def with_checks(self, checks: tuple[Check, ...]) -> "Run":
        """The run of an answer that is whole, with these expectations and what they come to."""
        outcomes = {check.outcome for check in checks}
        order = (Outcome.NOT_HELD, Outcome.NOT_JUDGED, Outcome.HELD)
        outcome = next((each for each in order if each in outcomes), Outcome.HELD)
        return replace(self, checks=checks, outcome=outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One question, and what came of it each time that it was asked."""

    number: int
    """From 1, by the order in the file, whichever of them are asked."""
    question: Question
    runs: tuple[Run, ...] = (Run(),)
    """At least one."""

    @property
    def shown(self) -> Run:
        """The run to show where there is room for one: the first that needs a look, else the first."""
        return next((run for run in self.runs if run.outcome.needs_a_look), self.runs[0])

    @property
    def need(self) -> int:
        """How many of its runs must hold."""
        return min(self.question.need or len(self.runs), len(self.runs))

    @property
    def outcome(self) -> Outcome:
        """Held where enough runs held, not held where too many did not, else what kept it from being told."""
        held = self.count(Outcome.HELD)
        if held >= self.need:
            return Outcome.HELD
        if len(self.runs) - self.count(Outcome.NOT_HELD) < self.need:
            return Outcome.NOT_HELD
        untold = (Outcome.FAILED, Outcome.NOT_JUDGED, Outcome.STOPPED, Outcome.NOT_ASKED)
        return next(each for each in untold if self.count(each))

    def count(self, outcome: Outcome) -> int:
        """How many of its runs came out so."""
        return sum(run.outcome is outcome for run in self.runs)

    @property
    def flickers(self) -> bool:
        """Whether it held at times and at times did not, though asked alike."""
        return bool(self.count(Outcome.HELD) and self.count(Outcome.NOT_HELD))

    @property
    def held_of(self) -> str:
        """`4 of 5 held`; empty for a question that is asked once."""
        return f"{self.count(Outcome.HELD)} of {len(self.runs)} held" if len(self.runs) > 1 else ""

    @property
    def differs(self) -> bool:
        """Whether an answer differs from what it is compared with."""
        return any(run.diff for run in self.runs)

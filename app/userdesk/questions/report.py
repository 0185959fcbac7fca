"""What came of all questions of a run, and how it compares with another."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from userdesk.domain.message import Metrics
from userdesk.domain.safe_text import clean_line
from userdesk.domain.wording import seconds
from userdesk.questions.model import QuestionSet
from userdesk.questions.outcome import ANSWERED, Outcome, Result, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How a run compares with an earlier one, or with another chatbot's."""

    differing: int
    """How many answers are not as they were."""
    newly_failing: tuple[int, ...] = ()
    """The numbers of questions that do not hold, and did not fail to hold then."""
    mended: tuple[int, ...] = ()
    """The numbers of questions that hold, and did not then."""
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
    notes: Sequence[str] = ()
    """What else to know of it, a safe line each."""
    comparison: Comparison | None = None
    """With the baseline, where there is one, or with `other`."""
    other: "Report | None" = None
    """The report of the chatbot that it is compared with, where two were asked; the same questions."""

    def count(self, outcome: Outcome) -> int:
        """How many questions came out so."""
        return sum(result.outcome is outcome for result in self.results)

    @property
    def about(self) -> str:
        """`Acme · 2026-11-21 20:54 UTC · 41 s`: the chatbot, when it began and how long it took."""
        started = self.started.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        names = f"{self.other.chatbot} and {self.chatbot}" if self.other else self.chatbot
        return f"{names} · {started} · {seconds(self.seconds)}"

    @property
    def compared_with(self) -> str:
        """What it is compared with, in words: the other chatbot's name, or `the baseline`."""
        return self.other.chatbot if self.other else "the baseline"

    @property
    def worse_and_better(self) -> tuple[str, str]:
        """What questions are called that do not hold and held there, and the other way round."""
        return ("worse", "better") if self.other else ("newly failing", "mended")

    @property
    def groups(self) -> list[tuple[str, list[Result]]]:
        """The results in the order in which people want them, under headings; no group is empty.

        A question that one of two chatbots did not answer as it should needs attention as well.
        """
        newly = self.comparison.newly_failing if self.comparison else ()
        of_other = (
            {each.number for each in self.other.results if each.outcome.needs_a_look} if self.other else ()
        )
        worse = self.worse_and_better[0].capitalize()
        groups: dict[str, list[Result]] = {
            "Flickering": [],
            worse: [],
            "Needs attention": [],
            "Everything else": [],
        }
        for each in self.results:
            if each.flickers:
                groups["Flickering"].append(each)
            elif each.number in newly:
                groups[worse].append(each)
            elif each.outcome.needs_a_look or each.number in of_other:
                groups["Needs attention"].append(each)
            else:
                groups["Everything else"].append(each)
        return [(heading, results) for heading, results in groups.items() if results]

    @property
    def worst_first(self) -> list[Result]:
        """The results, those first that need a look."""
        return [result for _, results in self.groups for result in results]

    @property
    def runs(self) -> Iterator[Run]:
        """Every time that a question was asked."""
        return (run for result in self.results for run in result.runs)

    @property
    def too_slow(self) -> int:
        """How many answers took longer than they should."""
        return sum(each.kind == "within" and not each.held for run in self.runs for each in run.checks)

    @property
    def times(self) -> str:
        """`first text 0.4 s (95th percentile 0.9 s) · whole answer 2.1 s (95th percentile 3.0 s)`: medians.

        Of answers that are whole; empty where there is none.
        """
        firsts = [each.first_text for each in self.measured if each.first_text is not None]
        kinds = {"first text": firsts, "whole answer": [each.total for each in self.measured]}
        return " · ".join(f"{kind} {_spread(times)}" for kind, times in kinds.items() if times)

    @property
    def measured(self) -> list[Metrics]:
        """The figures of each whole answer."""
        return [run.metrics for run in self.runs if run.outcome in ANSWERED and run.metrics]

    @property
    def remarks(self) -> list[str]:
        """What to know beside the results, a safe line each: that it was ended, waited, could not save."""
        remarks = [f"Stopped {self.ended_by}: these are the results so far."] if self.ended_by else []
        if self.waited:
            remarks.append(f"Waited {seconds(self.waited)} in total, as the service asked.")
        if not self.saved:
            remarks.append("Not saved: some of these conversations are not in the data folder.")
        return [*remarks, *self.notes]

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
        if flickering := sum(result.flickers for result in self.results):
            parts.append(f"{flickering} flickering")
        if told := self.comparison:
            counts = zip(self.worse_and_better, (told.newly_failing, told.mended), strict=True)
            parts += [f"{len(numbers)} {words}" for words, numbers in counts if numbers]
            count = told.differing
            parts.append(
                f"{count} answer{' differs' if count == 1 else 's differ'} from {self.compared_with}"
            )
        return " · ".join(parts)

    @property
    def news(self) -> list[str]:
        """The questions that the baseline did not have, and those that it alone has, a safe line each."""
        if not self.comparison:
            return []
        asked = {result.number: result.question.ask for result in self.results}
        new = [f"New since the baseline: {n}. {clean_line(asked[n], 80)}" for n in self.comparison.new]
        return new + [f"Removed since the baseline: {clean_line(ask, 80)}" for ask in self.comparison.gone]


def percentile(times: list[float], share: float) -> float:
    """The time that a `share` (0 to 1) of some times, at least one, does not exceed, by nearest rank."""
    return sorted(times)[max(0, math.ceil(share * len(times)) - 1)]


def _spread(times: list[float]) -> str:
    middle, most = percentile(times, 0.5), percentile(times, 0.95)
    return f"{seconds(middle)} (95th percentile {seconds(most)})"

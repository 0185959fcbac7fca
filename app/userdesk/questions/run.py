"""A question set that a person walks through: which question is next, and what came of those asked."""

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Status, now
from userdesk.domain.safe_text import clean, clean_line
from userdesk.questions.expectations import answered
from userdesk.questions.model import Question, QuestionSet
from userdesk.questions.outcome import Check, Outcome, Result, Run
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.report import Report

_INTERRUPTED = Failure(FailureKind.INTERRUPTED)
_NO_JUDGE = "not judged here; `userdesk check --allow-judge` asks the judge"


class QuestionSetRun:
    """Knows no screen. A question is offered, then asked, then answered; numbers count from 0."""

    def __init__(self, questions: QuestionSet, chatbot: str) -> None:
        self.questions = questions
        self.at = 0
        """The question that the run stands at."""
        self.is_offered = False
        """Whether it was put where it can be sent."""
        self.is_asked = False
        """Whether it was sent since the run came to it."""
        self._chatbot = clean_line(chatbot)
        self._results = [Result(number=n, question=each) for n, each in enumerate(questions.questions, 1)]
        self._waiting: dict[str, int] = {}
        self._checking: set[str] = set()
        self._asked: set[int] = set()
        self._starts = [each.start for each in questions.segments()]
        self._numbers: dict[str, list[int]] = defaultdict(list)
        for number, each in enumerate(questions.questions):
            self._numbers[folded(each.ask)].append(number)
        self._started = now()
        self._begun: float | None = None
        self._ended = 0.0

    @property
    def question(self) -> Question:
        """The question that the run stands at."""
        return self.questions.questions[self.at]

    @property
    def is_last(self) -> bool:
        """Whether no question follows."""
        return self.at == len(self.questions.questions) - 1

    @property
    def answers_to_come(self) -> int:
        """How many turns of questions are under way, or their answers being checked."""
        return len(self._waiting)

    @property
    def is_checking(self) -> bool:
        """Whether all of these answers are there, and being checked."""
        return len(self._checking) == len(self._waiting) > 0

    @property
    def segment(self) -> int:
        """The first question of the segment that goes on in one conversation with this one."""
        return self._starts[bisect_right(self._starts, self.at) - 1]

    def has(self, text: str) -> bool:
        """Whether this is a question of the set, as it is after an input field."""
        return folded(text) in self._numbers

    def forward(self, *, unsent: bool) -> bool:
        """Go to the question to offer next; False where none is left.

        One that was not sent is offered again, but where it still stands there `unsent` it is skipped.
        """
        if self.is_offered and (self.is_asked or unsent):
            if self.is_last:
                return False
            self._go(self.at + 1)
        self.is_offered = True
        return True

    def back(self) -> None:
        """Go to the question before, to offer it again."""
        self._go(max(0, self.at - 1))
        self.is_offered = True

    def _go(self, number: int) -> None:
        self.at = number
        self.is_asked = False

    def sent(self, turn: str, text: str) -> bool:
        """A message was sent, as that turn; whether it is a question of the set.

        Anything else may be asked in between.
        """
        same = self._numbers.get(folded(text), [])
        retried = max((number for number in same if number in self._asked), default=None)
        number = self.at if self.at in same else retried
        if number is None:
            return False
        if self._begun is None:
            self._begun, self._started = time.monotonic(), now()
        self._waiting[turn] = number
        self._asked.add(number)
        if number == self.at:
            self.is_offered = self.is_asked = True
        return True

    def withdrawn(self, turn: str) -> None:
        """A turn was taken back before it was sent."""
        number = self._waiting.pop(turn)
        self.is_asked = self.is_asked and number != self.at

    def arrived(self, turn: str, outcome: Message) -> Callable[[PatternMatcher], Run]:
        """A turn ended; what checks its answer: it blocks while patterns are tried, in any thread."""
        self._ended = time.monotonic()
        self._checking.add(turn)
        return partial(_run, self.questions.questions[self._waiting[turn]], outcome)

    def checked(self, turn: str, run: Run) -> None:
        """What came of a turn that arrived."""
        self._checking.remove(turn)
        number = self._waiting.pop(turn)
        self._results[number] = replace(self._results[number], runs=(run,))

    def report(self) -> Report:
        """What came of all questions so far."""
        return Report(
            questions=self.questions,
            chatbot=self._chatbot,
            started=self._started,
            seconds=max(0.0, self._ended - self._begun) if self._begun is not None else 0.0,
            results=tuple(self._results),
        )


def folded(text: str) -> str:
    """A text by which a question is known again once it went through an input field."""
    return " ".join(clean(text).split())


def _run(question: Question, outcome: Message, matcher: PatternMatcher) -> Run:
    if outcome.status is Status.STOPPED:
        return Run(outcome=Outcome.STOPPED, answer=clean(outcome.text), metrics=outcome.metrics)
    failure = None if outcome.status is Status.COMPLETE else outcome.failure or _INTERRUPTED
    run = answered(question, outcome, failure, matcher)
    if failure or not question.meaning:
        return run
    check = Check("meaning", question.meaning, False, trouble=_NO_JUDGE)
    return run.with_checks((*run.checks, check))

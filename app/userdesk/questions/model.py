"""A question set as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

LARGEST = 4_000_000
"""Bytes of the largest question set that is read."""
MOST_REPEATS = 100
"""How many times a question may be asked in one run."""


class QuestionsError(Exception):
    """A question set or an earlier report cannot be used; the text is one line with file, line and reason."""


class Pattern(NamedTuple):
    """A regular expression of the user's, as Python's `re` reads them."""

    text: str
    file: str = ""
    """The name of the file that it stands in, one safe line."""
    line: int = 0

    @property
    def where(self) -> str:
        """Its file and line, as people write them: `hours.toml:4`."""
        return f"{self.file}:{self.line}"


class Judge(NamedTuple):
    """A program of the user's that says whether an answer means what it should."""

    command: tuple[str, ...]
    """The program and its arguments; no shell reads them."""
    folder: Path
    """Where the question set stands, and where the program runs."""
    where: str = ""
    """File and line that name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question and what is expected of its answer."""

    ask: str
    expect: tuple[Pattern, ...] = ()
    """All of them must be found in the answer."""
    forbid: tuple[Pattern, ...] = ()
    """None of them may be."""
    within: float | None = None
    """Seconds to the whole answer."""
    new_conversation: bool = False
    """Start afresh before this one."""
    begins_set: bool = False
    """Whether it is the first of one of several sets that were joined; it starts afresh, too."""
    meaning: str = ""
    """What the answer must mean, in plain words, as `judge` decides; empty where that is not asked."""
    judge: Judge | None = None
    """The judge of its set; there is one wherever there is a meaning."""
    tags: tuple[str, ...] = ()
    """Names by which questions are chosen."""
    repeat: int | None = None
    """How many times it is asked, each time in a fresh conversation; None for once."""
    need: int | None = None
    """How many of these times it must hold; None for all."""
    line: int = 0
    """Where it stands in its file, from 1; 0 where it stands in none."""
    likeness: int | None = None
    """How alike the answer must at least be to the baseline's, 0 to 100; None where that is not asked."""
    number: int | None = None
    """From 1, where it was chosen from a larger set: its number there."""


class Segment(NamedTuple):
    """Questions that go on in one conversation, one of the times that they are asked."""

    numbers: range
    """From 0."""
    time: int
    """From 0."""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions in the order in which they are asked; at least one."""

    title: str
    questions: tuple[Question, ...]

    def segments(self) -> list[range]:
        """The numbers (from 0) of questions that go on in one conversation each."""
        starts = [
            number
            for number, question in enumerate(self.questions)
            if number == 0 or question.new_conversation or question.begins_set
        ]
        return [range(first, end) for first, end in pairwise([*starts, len(self.questions)])]

    def repeated_segments(self) -> list[Segment]:
        """The segments in the order in which they are asked: all for the first time, then again.

        A segment is asked as often as the question of it that is asked most.
        """
        segments = [(numbers, self.times(numbers)) for numbers in self.segments()]
        most = max(times for _, times in segments)
        return [Segment(numbers, time) for time in range(most) for numbers, times in segments if time < times]

    def times(self, numbers: range) -> int:
        """How many times these questions of one segment are asked."""
        return max(self.questions[number].repeat or 1 for number in numbers)


def joined(sets: Sequence[QuestionSet]) -> QuestionSet:
    """Several sets, at least one, as one: each begins with a fresh conversation."""
    questions: list[Question] = []
    for first, *others in (each.questions for each in sets):
        questions += [replace(first, begins_set=True), *others]
    return QuestionSet(" · ".join(dict.fromkeys(each.title for each in sets)), tuple(questions))

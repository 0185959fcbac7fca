"""A question set as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple


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


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions in the order in which they are asked; at least one."""

    title: str
    questions: tuple[Question, ...]

    def segments(self) -> list[range]:
        """The numbers (from 0) of questions that go on in one conversation each."""
        starts = [n for n, question in enumerate(self.questions) if n == 0 or question.new_conversation]
        return [range(first, end) for first, end in pairwise([*starts, len(self.questions)])]


def joined(sets: Sequence[QuestionSet]) -> QuestionSet:
    """Several sets, at least one, as one: each begins with a fresh conversation."""
    questions: list[Question] = []
    for first, *others in (each.questions for each in sets):
        questions += [replace(first, new_conversation=True), *others]
    return QuestionSet(" · ".join(dict.fromkeys(each.title for each in sets)), tuple(questions))

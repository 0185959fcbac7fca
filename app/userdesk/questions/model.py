"""A question set as plain data."""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path


class QuestionsError(Exception):
    """A question set or an earlier report cannot be used; the text is one line with file, line and reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question and what is expected of its answer."""

    ask: str
    expect: tuple[re.Pattern[str], ...] = ()
    """All of them must be found in the answer."""
    forbid: tuple[re.Pattern[str], ...] = ()
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
    path: Path

    def stretches(self) -> list[range]:
        """The numbers (from 0) of questions that go on in one conversation each."""
        starts = [n for n, question in enumerate(self.questions) if n == 0 or question.new_conversation]
        return [range(first, end) for first, end in pairwise([*starts, len(self.questions)])]

"""What in a question set is allowed and probably not meant."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from userdesk.domain.safe_text import clean_line
from userdesk.questions.model import Pattern, Question, QuestionSet


class Remark(NamedTuple):
    """Something to look at again."""

    line: int
    """Where it stands, from 1."""
    message: str
    """One safe line."""


def remarks_on(questions: QuestionSet) -> list[Remark]:
    """All that may not be meant, by line."""
    remarks: list[Remark] = []
    asked: dict[str, int] = {}
    for number, question in enumerate(questions.questions):
        remarks += _on_question(question)
        before = asked.setdefault(" ".join(question.ask.casefold().split()), question.line)
        if before != question.line:
            remarks.append(
                Remark(question.line, f"asks the same as line {before}: baselines tell them apart by order")
            )
        if question.repeat and number and not question.new_conversation:
            first = next(
                n for n in range(number, -1, -1) if n == 0 or questions.questions[n].new_conversation
            )
            told = f"repeat: asks from line {questions.questions[first].line} on again, each time"
            remarks.append(Remark(question.line, f"{told}: its conversation begins there"))
    return sorted(remarks)


def _on_question(question: Question) -> Iterator[Remark]:
    if not (question.expect or question.forbid or question.meaning or question.within or question.likeness):
        yield Remark(question.line, "nothing is expected of the answer: it holds whatever it says")
    if question.need and not question.repeat:
        yield Remark(question.line, "need without repeat: it says something with --repeat alone")
    forbidden = {pattern.text for pattern in question.forbid}
    for kind, patterns in (("expect", question.expect), ("forbid", question.forbid)):
        seen: set[str] = set()
        for pattern in patterns:
            yield from _on_pattern(kind, pattern)
            if pattern.text in seen:
                yield Remark(pattern.line, f"{kind}: {_shown(pattern)} stands there twice")
            seen.add(pattern.text)
    for pattern in question.expect:
        if pattern.text in forbidden:
            yield Remark(pattern.line, f"{_shown(pattern)} is expected and forbidden: no answer can hold")


def _on_pattern(kind: str, pattern: Pattern) -> Iterator[Remark]:
    text = pattern.text
    if re.match(r"(?:\(\?\w+\))?(?:\.[*?]|\w\*)\Z", text):
        yield Remark(pattern.line, f"{kind}: {_shown(pattern)} is found in every text")
    if text != text.strip():
        yield Remark(pattern.line, f"{kind}: {_shown(pattern)} begins or ends with a space, which counts")
    if re.fullmatch(r"[^\\\[(*+?{|^$]*[A-Za-z][^\\\[(*+{|^$]*\?", text):
        yield Remark(
            pattern.line, f"{kind}: the ? in {_shown(pattern)} makes the letter before it optional: write \\?"
        )


def _shown(pattern: Pattern) -> str:
    return repr(clean_line(pattern.text, 60))

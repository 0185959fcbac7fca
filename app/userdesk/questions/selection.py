"""Chooses questions of a set: by their tags, or by what came of them in an earlier run."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from userdesk.domain.quoting import quoted
from userdesk.questions.baseline import Earlier, matched
from userdesk.questions.model import QuestionsError, QuestionSet
from userdesk.questions.outcome import Outcome


def tagged(questions: QuestionSet, tags: Iterable[str]) -> set[int]:
    """The numbers (from 0) of questions with any of these tags. Raises QuestionsError at an unknown tag."""
    known = list(dict.fromkeys(tag for question in questions.questions for tag in question.tags))
    for tag in tags:
        if tag not in known:
            there_are = f"tags: {', '.join(known)}" if known else "no question has tags"
            raise QuestionsError(f"no question has the tag {quoted(tag)} ({there_are})")
    return {n for n, question in enumerate(questions.questions) if not set(tags).isdisjoint(question.tags)}


def unsettled(questions: QuestionSet, earlier: Iterable[Earlier]) -> set[int]:
    """The numbers (from 0) of questions that did not come out as held in an earlier run, or flickered."""
    found, _ = matched(questions.questions, earlier)
    return {n for n, each in enumerate(found) if each and (each.outcome is not Outcome.HELD or each.flickers)}


def chosen(questions: QuestionSet, numbers: Collection[int]) -> QuestionSet:
    """These questions (from 0, at least one), and those that stand before them in their conversations.

    Each keeps its number.
    """
    kept = [
        replace(questions.questions[n], number=n + 1)
        for segment in questions.segments()
        if (within := set(segment).intersection(numbers))
        for n in range(segment.start, max(within) + 1)
    ]
    return replace(questions, questions=tuple(kept))


def of_chosen(baseline: Iterable[Earlier], whole: QuestionSet, questions: QuestionSet) -> list[Earlier]:
    """The baseline without the questions of the whole set that were not chosen: they are not gone."""
    asked = {each.number for each in questions.questions}
    found, gone = matched(whole.questions, baseline)
    return [each for n, each in enumerate(found, 1) if each and n in asked] + gone

"""Which questions of a set are asked: by their tags, and by what came of them earlier."""

import pytest

from userdesk.questions.baseline import Earlier
from userdesk.questions.model import Question, QuestionsError, QuestionSet
from userdesk.questions.outcome import Outcome
from userdesk.questions.selection import chosen, of_chosen, tagged, unsettled

# Two conversations, of three questions and of two.
SET = QuestionSet(
    "Set",
    (
        Question(ask="a"),
        Question(ask="b", tags=("billing", "slow")),
        Question(ask="c"),
        Question(ask="d", tags=("hours",), new_conversation=True),
        Question(ask="b", tags=("billing",)),
    ),
)


def numbers(questions: QuestionSet) -> list[int | None]:
    return [each.number for each in questions.questions]


@pytest.mark.parametrize(
    ("tags", "expected"), [(["slow"], {1}), (["slow", "hours"], {1, 3}), (["billing"], {1, 4})]
)
def test_any_of_the_tags_chooses_a_question(tags: list[str], expected: set[int]) -> None:
    assert tagged(SET, tags) == expected


def test_a_tag_that_no_question_has_names_those_there_are() -> None:
    with pytest.raises(QuestionsError, match=r"the tag biling \(tags: billing, slow, hours\)"):
        tagged(SET, ["hours", "biling"])
    with pytest.raises(QuestionsError, match="no question has tags"):
        tagged(QuestionSet("Set", (Question(ask="a"),)), ["hours"])


def test_what_did_not_come_out_as_held_is_unsettled() -> None:
    outcomes = [Outcome.HELD, Outcome.HELD, Outcome.STOPPED, Outcome.HELD, Outcome.NOT_ASKED]
    earlier = [Earlier(each.ask, came) for each, came in zip(SET.questions, outcomes, strict=True)]
    earlier[3] = earlier[3]._replace(flickers=True)
    assert unsettled(SET, earlier) == {2, 3, 4}
    assert unsettled(SET, [Earlier("never asked here", Outcome.FAILED)]) == set()


def test_a_question_keeps_its_number_and_what_stands_before_it_in_its_conversation() -> None:
    assert numbers(chosen(SET, {1})) == [1, 2]
    assert numbers(chosen(SET, {4})) == [4, 5]
    assert numbers(chosen(SET, {0, 3})) == [1, 4]
    assert [list(each) for each in chosen(SET, {0, 3}).segments()] == [[0], [1]]


def test_questions_that_were_not_chosen_are_not_gone_from_the_baseline() -> None:
    earlier = [Earlier(ask, Outcome.HELD, (f"{n}",)) for n, ask in enumerate("abcdbx")]
    left = of_chosen(earlier, SET, chosen(SET, {4}))
    assert [(each.ask, each.answers) for each in left] == [("d", ("3",)), ("b", ("4",)), ("x", ("5",))]

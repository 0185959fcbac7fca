"""Likeness of answers, word diffs, and what a comparison with an earlier run comes to."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userdesk.questions.baseline import Earlier, compared, earlier_of
from userdesk.questions.likeness import MOST_MATCHED, likeness, likeness_among, word_diff
from userdesk.questions.model import Question, QuestionSet
from userdesk.questions.outcome import Check, Outcome, Result, Run
from userdesk.questions.report import Report
from userdesk.questions.report_facts import changed_lines

HELD, NOT_HELD, FAILED = Outcome.HELD, Outcome.NOT_HELD, Outcome.FAILED
WORDS = st.text(alphabet="ab .\n", max_size=30)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", 100),
        ("", "a", 0),
        ("open on Monday", "open  on\nMonday", 100),
        ("open on Monday", "closed at noon", 0),
        ("open on Monday", "# open\n> on **Monday**", 100),
        ("a b c d", "a b c e", 75),
        ("a " * 1000 + "b", "a " * 1000 + "c", 99),
    ],
)
def test_likeness_is_the_share_of_common_words(before: str, after: str, expected: int) -> None:
    assert likeness(before, after) == likeness(after, before) == expected


def test_the_likeness_of_several_answers_is_the_mean_of_all_pairs() -> None:
    assert likeness_among(["a b", "a b", "a c"]) == 66
    assert likeness_among(["a"]) is likeness_among([]) is None


@given(WORDS, WORDS)
def test_a_word_diff_holds_both_answers(before: str, after: str) -> None:
    diff = word_diff(before, after)
    if before != after:
        assert "".join(each.text for each in diff if each.sign in " -") == before
        assert "".join(each.text for each in diff if each.sign in " +") == after
    else:
        assert diff == ()


def test_a_word_diff_shows_words_and_no_spaces() -> None:
    diff = word_diff("The same.\nOpen Monday at 9, or so.\nEnd", "The same.\nOpen Tuesday noon, or so.\nEnd")
    assert changed_lines(diff) == ["Open [-Monday at 9-]{+Tuesday noon+}, or so."]
    assert changed_lines(word_diff("a\nb c", "a\nd\ne c")) == ["[-b-]{+d+}", "{+e+} c"]


def test_long_answers_are_compared_in_bounded_time() -> None:
    """What matches words takes time and memory by the product of their numbers."""
    before, after = (" ".join(f"{n % modulus}" for n in range(50 * MOST_MATCHED)) for modulus in (251, 241))
    begun = time.process_time()
    assert [change.sign for change in word_diff(before, after)] == ["-", "+"]
    assert word_diff(before, before) == ()
    assert time.process_time() - begun < 2


def report(*results: Result) -> Report:
    questions = tuple(result.question for result in results)
    started = datetime(2026, 11, 21, tzinfo=UTC)
    return Report(
        questions=QuestionSet("Set", questions), chatbot="Acme", started=started, seconds=1, results=results
    )


def asked(number: int, *outcomes: Outcome, **question: int) -> Result:
    runs = tuple(
        Run(
            outcome=each, answer="yes" if each is HELD else "no", checks=(Check("expect", "y", each is HELD),)
        )
        for each in outcomes
    )
    return Result(number=number, question=Question(ask=f"q{number}", **question), runs=runs)  # type: ignore[arg-type]


def test_outcomes_are_compared_with_those_of_the_earlier_run() -> None:
    before = report(asked(1, HELD), asked(2, NOT_HELD), asked(3, NOT_HELD), asked(4, FAILED), asked(5, HELD))
    after = report(
        asked(1, NOT_HELD),
        asked(2, HELD),
        asked(3, NOT_HELD),
        asked(4, NOT_HELD),
        asked(5, FAILED),
        asked(6, NOT_HELD),
    )
    told = compared(after, earlier_of(before))
    assert told.comparison is not None
    assert told.comparison.newly_failing == (1, 4, 6)
    assert told.comparison.mended == (2,)
    assert "3 newly failing · 1 mended · 2 answers differ" in told.summary
    assert [each.number for each in told.worst_first] == [1, 4, 6, 3, 5, 2]


def test_of_several_earlier_answers_the_most_alike_counts() -> None:
    told = compared(report(asked(1, HELD)), [Earlier("q1", HELD, ("never", "yes", "yes and no"))])
    (result,) = told.results
    assert (result.shown.likeness, result.shown.diff) == (100, ())


def test_an_answer_that_is_less_alike_than_it_should_be_does_not_hold() -> None:
    answers = {"q1": "yes", "q2": "no", "q3": "yes no yes"}
    earlier = [Earlier(ask, HELD, (answer,)) for ask, answer in answers.items()]
    results = asked(1, HELD, likeness=100), asked(2, HELD), asked(3, HELD, likeness=90)
    told = compared(report(*results), earlier)
    assert [each.outcome for each in told.results] == [HELD, HELD, NOT_HELD]
    assert [check.message for check in told.results[2].shown.checks if not check.held] == [
        "likeness 90 · is 50"
    ]


@pytest.mark.parametrize(
    ("outcomes", "need", "expected", "flickers"),
    [
        ([HELD] * 5, None, HELD, False),
        ([HELD] * 4 + [NOT_HELD], None, NOT_HELD, True),
        ([HELD] * 4 + [NOT_HELD], 4, HELD, True),
        ([HELD] * 4 + [FAILED], 4, HELD, False),
        ([HELD] * 3 + [NOT_HELD, FAILED], 4, FAILED, True),
        ([NOT_HELD, NOT_HELD, FAILED], 2, NOT_HELD, False),
        ([HELD, HELD], 5, HELD, False),
        ([HELD, Outcome.NOT_JUDGED], None, Outcome.NOT_JUDGED, False),
        ([Outcome.STOPPED, Outcome.NOT_ASKED], None, Outcome.STOPPED, False),
    ],
)
def test_what_several_runs_come_to(
    outcomes: list[Outcome], need: int | None, expected: Outcome, flickers: bool
) -> None:
    result = asked(1, *outcomes, **({} if need is None else {"need": need}))
    assert (result.outcome, result.flickers) == (expected, flickers)

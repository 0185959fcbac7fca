"""Walking through a question set: forward, back, around, and what the report then says."""

from pathlib import Path

import pytest

from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Metrics, Role, Status, now
from userdesk.questions.model import QuestionSet
from userdesk.questions.outcome import Outcome
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.reading import read_questions
from userdesk.questions.run import QuestionSetRun

TEXT = """\
[[question]]
ask = "one"
expect = ["1"]
[[question]]
ask = '''two
 lines'''
[[question]]
ask = "three"
new_conversation = true
[[question]]
ask = "one"
"""


@pytest.fixture
def questions(tmp_path: Path, matcher: PatternMatcher) -> QuestionSet:
    path = tmp_path / "set.toml"
    path.write_text(TEXT, "utf-8")
    return read_questions(path, matcher)


@pytest.fixture
def walk(questions: QuestionSet) -> QuestionSetRun:
    return QuestionSetRun(questions, "Acme")


def answer(text: str, status: Status = Status.COMPLETE) -> Message:
    failure = Failure(FailureKind.SERVER_ERROR, status=500) if status is Status.FAILED else None
    return Message(
        role=Role.ASSISTANT, text=text, at=now(), status=status, failure=failure, metrics=Metrics(0.1, 0.2, 1)
    )


def ended(walk: QuestionSetRun, turn: str, outcome: Message, matcher: PatternMatcher) -> None:
    walk.checked(turn, walk.arrived(turn, outcome)(matcher))


def test_question_is_offered_until_it_is_sent_or_skipped(walk: QuestionSetRun) -> None:
    assert walk.forward(unsent=False) and walk.at == 0
    assert walk.forward(unsent=False) and walk.at == 0  # something else was asked: offered again
    assert walk.forward(unsent=True) and walk.at == 1  # skipped
    assert walk.sent("t1", "two lines") and walk.is_asked  # white space is no difference
    assert walk.forward(unsent=False) and walk.at == 2
    walk.back()
    assert walk.at == 1 and walk.is_offered and not walk.is_asked


def test_other_messages_are_no_questions(walk: QuestionSetRun) -> None:
    walk.forward(unsent=False)
    assert not walk.sent("t1", "What else?") and not walk.is_asked
    assert not walk.sent("t2", "three")  # it has not come to that one
    assert walk.answers_to_come == 0


def test_stretches_begin_where_the_file_says(walk: QuestionSetRun) -> None:
    seen = []
    while walk.forward(unsent=True):
        seen.append((walk.at, walk.segment))
    assert seen == [(0, 0), (1, 0), (2, 2), (3, 2)]
    assert walk.is_last and not walk.forward(unsent=True)


def test_report_holds_the_last_answer_of_each_question(walk: QuestionSetRun, matcher: PatternMatcher) -> None:
    walk.forward(unsent=False)
    walk.sent("t1", "one")
    ended(walk, "t1", answer("", Status.FAILED), matcher)
    assert walk.report().results[0].outcome is Outcome.FAILED
    walk.sent("t2", "one")  # the retry
    assert walk.answers_to_come == 1
    ended(walk, "t2", answer("\x1b1"), matcher)
    for text in ("two\n lines", "three", "one"):
        walk.forward(unsent=False)
        walk.sent(text, text)
    ended(walk, "two\n lines", answer("part", Status.STOPPED), matcher)
    walk.withdrawn("three")  # taken back while it waited
    ended(walk, "one", answer("twice"), matcher)
    report = walk.report()
    outcomes = [result.outcome for result in report.results]
    assert outcomes == [Outcome.HELD, Outcome.STOPPED, Outcome.NOT_ASKED, Outcome.HELD]
    assert [result.shown.answer for result in report.results] == [
        "\N{REPLACEMENT CHARACTER}1",
        "part",
        "",
        "twice",
    ]
    assert report.summary == "4 questions · 2 held · 1 stopped · 1 not asked"


def test_retry_of_an_earlier_question_counts_for_it(walk: QuestionSetRun, matcher: PatternMatcher) -> None:
    walk.forward(unsent=False)
    walk.sent("t1", "one")
    ended(walk, "t1", answer("0"), matcher)
    walk.forward(unsent=False)
    walk.sent("t2", "one")
    ended(walk, "t2", answer("1"), matcher)
    assert walk.at == 1 and not walk.is_asked
    assert [result.outcome for result in walk.report().results[:2]] == [Outcome.HELD, Outcome.NOT_ASKED]

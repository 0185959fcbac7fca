"""Question sets that are written: out of conversations, and one question more."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userdesk.domain.message import Message, Role, Status
from userdesk.files.toml_text import parse_toml
from userdesk.files.user_files import UnreadableFile
from userdesk.questions.model import Pattern, Question
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.reading import read_questions
from userdesk.questions.writing import Entry, appended, entries_of, entry_text, set_text

AT = datetime(2026, 11, 21, tzinfo=UTC)
EVERYTHING = Question(
    ask='Say "it"',
    expect=(Pattern(r"\d+ €"), Pattern("it's \\ ok")),
    forbid=(Pattern("(?i)no"),),
    within=8.5,
    tags=("a", "b c"),
    repeat=5,
    need=4,
    likeness=0,
    new_conversation=True,
)


def test_what_is_written_reads_as_it_was(tmp_path: Path, matcher: PatternMatcher) -> None:
    path = tmp_path / "set.toml"
    path.write_text(
        set_text("A “title”", [Entry(EVERYTHING, "An\nanswer"), Entry(Question(ask="b"))]), "utf-8"
    )
    read = read_questions(path, matcher)
    first = read.questions[0]
    assert read.title == "A “title”" and len(read.questions) == 2
    assert [pattern.text for pattern in first.expect] == [pattern.text for pattern in EVERYTHING.expect]
    for name in ("ask", "within", "tags", "repeat", "need", "likeness", "new_conversation"):
        assert getattr(first, name) == getattr(EVERYTHING, name)
    assert r"expect = ['\d+ €', " in path.read_text("utf-8")


def test_the_answer_is_a_comment_and_likeness_is_offered() -> None:
    text = entry_text(Entry(Question(ask="When?"), "On **Monday**.\n\n[[question]]\x1b"))
    assert text.startswith('[[question]]\nask = "When?"\n# likeness = 80  #')
    assert text.endswith("# It was answered:\n# On **Monday**.\n#\n# [[question]]\N{REPLACEMENT CHARACTER}\n")


@given(st.text(min_size=1).filter(str.strip), st.text())
def test_any_text_can_be_written(ask: str, answer: str) -> None:
    text = set_text(ask, [Entry(Question(ask=ask, expect=(Pattern(ask),)), answer)])
    assert len(parse_toml(text)["question"]) == 1


def said(role: Role, text: str, status: Status = Status.COMPLETE) -> Message:
    return Message(role=role, text=text, at=AT, status=status)


def test_a_conversation_becomes_its_questions() -> None:
    user, assistant = Role.USER, Role.ASSISTANT
    entries = entries_of(
        [
            said(assistant, "Welcome"),
            said(user, "  one "),
            said(assistant, "first"),
            said(user, "two"),
            said(assistant, "cut", Status.INTERRUPTED),
            said(user, "three"),
        ]
    )
    assert [(each.question.ask, each.answer) for each in entries] == [
        ("one", "first"),
        ("two", None),
        ("three", None),
    ]
    assert [each.question.new_conversation for each in entries] == [True, False, False]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# mine\ntitle = 'a'",
        "[[question]]\nask = 'a'  # mine\n\n\n",
        "[[question]]\nask='a'\n[other]\nb=1",
    ],
)
def test_one_more_question_leaves_the_rest_as_it_was(text: str) -> None:
    more = appended(text, Entry(Question(ask="new"), "yes"))
    assert more.startswith(text.rstrip())
    assert parse_toml(more)["question"][-1] == {"ask": "new"}


@pytest.mark.parametrize(
    "text", ["question = [{ask = 'a'}]", "question = 3", "[question]\nask = 'a'", "ask = '"]
)
def test_what_is_no_set_gets_no_question(text: str) -> None:
    with pytest.raises(UnreadableFile):
        appended(text, Entry(Question(ask="new")))

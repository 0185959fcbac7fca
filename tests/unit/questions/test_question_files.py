"""Question sets are read whole, or refused with file, line and reason."""

from pathlib import Path

import pytest

from userdesk.questions.model import QuestionsError
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.reading import find_questions, read_questions


def written(folder: Path, text: str) -> Path:
    path = folder / "set.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_set_is_read_whole(tmp_path: Path, matcher: PatternMatcher) -> None:
    questions = read_questions(
        written(
            tmp_path,
            """title = "Hours"
judge = ["python3", "judge.py"]
[[question]]
ask = "When?"
meaning = "open on Mondays"
tags = ["hours", "hours", "shop"]
repeat = 5
need = 4
likeness = 80
expect = ["(?i)monday", "9"]
forbid = "(?i)as an ai"
within = 8
[[question]]
ask = "And then?"
[[question]]
ask = "Who?"
new_conversation = true
""",
        ),
        matcher,
    )
    first = questions.questions[0]
    assert questions.title == "Hours"
    assert [pattern.text for pattern in first.expect] == ["(?i)monday", "9"]
    assert [pattern.text for pattern in first.forbid] == ["(?i)as an ai"]
    assert first.within == 8.0
    assert (first.meaning, first.tags) == ("open on Mondays", ("hours", "shop"))
    assert (first.repeat, first.need, first.likeness) == (5, 4, 80)
    assert first.judge == (("python3", "judge.py"), tmp_path, "set.toml:2")
    assert questions.questions[1].judge is None
    assert questions.segments() == [range(0, 2), range(2, 3)]
    again = [(range(0, 2), time) for time in range(1, 5)]
    assert questions.repeated_segments() == [(range(0, 2), 0), (range(2, 3), 0), *again]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("title = 3\n[[question]]\nask='a'", 1, "title: expected text"),
        ("title = 'a'", 1, "there is no question"),
        ("titel = 'a'", 1, "titel: unknown key; did you mean title?"),
        ("[question]\nask = 'a'", 1, "expected [[question]]"),
        ("[[question]]\n\nexpect = ['a']", 1, "ask: expected the question"),
        ("[[question]]\nask = 'a'\n[[question]]\nask = '  '", 4, "ask: expected the question"),
        ("[[question]]\nask = 'a'\nexpekt = ['b']", 3, "did you mean expect?"),
        ("[[question]]\nask = 'a'\nexpect = [\n'(b']", 4, "'(b' is not a valid regular expression"),
        (
            "[[question]]\nask = 'a'\nexpect = [\n  'a',  # one ] ,\n\n  \"b\", 'c',\n  '(d',\n]",
            7,
            "'(d' is not a valid regular expression",
        ),
        ("[[question]]\nask = 'a'\nforbid = ['x', '''\n,\n''', \n '']", 6, "matches everything"),
        ("[[question]]\nask = 'a'\nexpect = [\n 'a',\n 4]", 5, "expected regular expressions"),
        ("[[question]]\nask = 'a'\nexpect = [[\n'b'],\n4]", 3, "expected regular expressions"),
        ("[[question]]\nask = 'a'\n\n[question.expect]\nb = 1", 4, "expect: expected regular expressions"),
        ("[[question]]\nask = 'a'\n[question.x]\nwithin = 1\n", 3, "x: unknown key"),
        ("[[question]]\nask = 'a'\nexpect.b = 'c'", 3, "expect: expected regular expressions"),
        ("[[question]]\nask = 'a'\n\n[[questions]]\nask = 'b'", 4, "did you mean question?"),
        ("title = 'a'\n\n[question]\nask = 'b'", 3, "expected [[question]]"),
        ("question = [\n{ask = 'a'},\n{ask = 1}]", 3, "ask: expected"),
        ("[[question]]\nask = 'a'\nexpect = 4", 3, "expected regular expressions"),
        ("[[question]]\nask = 'a'\nforbid = ['']", 3, "matches everything"),
        ("[[question]]\nask = '''\nwithin = 1\n'''\nwithin = 0", 5, "within: expected a number of seconds"),
        ("judge = 'python3 judge.py'\n[[question]]\nask = 'a'", 1, "judge: expected a program and its"),
        ("judge = []\n[[question]]\nask = 'a'", 1, "judge: expected a program and its"),
        ("judge = ['a',\n3]\n[[question]]\nask = 'a'", 2, "judge: expected a program and its"),
        ("[[question]]\nask = 'a'\nmeaning = 'b'", 3, "meaning: needs a judge: expected judge = ["),
        ("judge = ['a']\n[[question]]\nask = 'a'\nmeaning = ' '", 4, "meaning: expected what the answer"),
        ("[[question]]\nask = 'a'\ntags = ['b', '']", 3, "tags: expected words in quotes"),
        ("[[question]]\nask = 'a'\nrepeat = 0", 3, "repeat: expected a whole number, 1 to 100"),
        ("[[question]]\nask = 'a'\nrepeat = 2.0", 3, "repeat: expected a whole number, 1 to 100"),
        ("[[question]]\nask = 'a'\nrepeat = 2\nneed = 3", 4, "need: expected a whole number, 1 to 2"),
        ("[[question]]\nask = 'a'\nlikeness = 101", 3, "likeness: expected a whole number, 0 to 100"),
        ("[[question]]\nask = 'a'\nlikeness = true", 3, "likeness: expected a whole number, 0 to 100"),
        ("[[question]]\nask = 'a'\nwithin = true", 3, "within: expected"),
        ("[[question]]\nask = 'a'\nwithin = nan", 3, "within: expected"),
        ("[[question]]\nask = 'a'\nnew_conversation = 1", 3, "expected true or false"),
        ("[[question]]\nask = 'a'\nask = 'b'", 3, "expected TOML"),
        ("question = [{ask = 'a'}, {ask = 1}]", 1, "ask: expected"),
        ('[[question]]\nask = "a', 2, "expected TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, matcher: PatternMatcher, text: str, line: int, reason: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(QuestionsError) as caught:
        read_questions(path, matcher)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_no_text_is_told(tmp_path: Path, matcher: PatternMatcher) -> None:
    path = tmp_path / "set.toml"
    path.write_bytes(b"title = 'a'\n\xff")
    with pytest.raises(QuestionsError, match=":2: expected UTF-8"):
        read_questions(path, matcher)
    with pytest.raises(QuestionsError, match="could not be read"):
        read_questions(tmp_path, matcher)


def test_a_missing_file_names_the_examples(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match="built-in sets: newcomer, tour"):
        find_questions(tmp_path / "nothing.toml")


def test_the_example_is_fifty_questions_or_more_and_each_expects_something(matcher: PatternMatcher) -> None:
    questions = read_questions(find_questions(Path("newcomer")), matcher).questions
    assert len(questions) >= 50
    assert len({question.ask for question in questions}) == len(questions)
    assert all(question.expect for question in questions)

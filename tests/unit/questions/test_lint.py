"""What in a question set is allowed and probably not meant."""

from pathlib import Path

import pytest

from userdesk.questions.lint import remarks_on
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.reading import find_questions, read_questions


def remarks(folder: Path, matcher: PatternMatcher, text: str) -> list[tuple[int, str]]:
    path = folder / "set.toml"
    path.write_text(text, "utf-8")
    return [(line, message) for line, message in remarks_on(read_questions(path, matcher))]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("ask = 'a'", 1, "nothing is expected of the answer"),
        ("ask = 'a'\nwithin = 1\n[[question]]\nask = ' A'\nwithin = 1", 4, "asks the same as line 1"),
        ("ask = 'a'\nwithin = 1\nneed = 2", 1, "need without repeat"),
        ("ask = 'a'\nwithin = 1\n[[question]]\nask = 'b'\nwithin = 1\nrepeat = 2", 4, "asks from line 1 on"),
        ("ask = 'a'\nexpect = ['.*']", 3, "expect: '.*' is found in every text"),
        ("ask = 'a'\nexpect = ['b',\n'b']", 4, "expect: 'b' stands there twice"),
        ("ask = 'a'\nexpect = 'B'\nforbid = 'B'", 3, "'B' is expected and forbidden"),
        ("ask = 'a'\nexpect = ' b'", 3, "begins or ends with a space"),
        ("ask = 'a'\nexpect = 'open today?'", 3, "makes the letter before it optional"),
    ],
)
def test_what_is_probably_not_meant_is_told_with_its_line(
    tmp_path: Path, matcher: PatternMatcher, text: str, line: int, message: str
) -> None:
    told = remarks(tmp_path, matcher, f"[[question]]\n{text}")
    assert len(told) == 1
    assert (told[0][0], message in told[0][1]) == (line, True), told


def test_a_good_set_gets_no_remark(tmp_path: Path, matcher: PatternMatcher) -> None:
    text = (
        "[[question]]\nask = 'a'\nexpect = ['(?i)monday', 'open\\?', 'colou?r']\nforbid = 'sorry'\nrepeat = 3"
    )
    assert remarks(tmp_path, matcher, text) == []


@pytest.mark.parametrize("name", ["tour", "newcomer"])
def test_the_built_in_sets_get_no_remark(matcher: PatternMatcher, name: str) -> None:
    assert remarks_on(read_questions(find_questions(Path(name)), matcher)) == []

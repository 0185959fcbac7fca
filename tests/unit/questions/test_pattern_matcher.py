"""A user's regular expressions cost a bounded time and memory, and mean what Python's own mean."""

import os
import re
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator

import pytest

from userdesk.questions.expectations import checked
from userdesk.questions.model import Pattern, Question
from userdesk.questions.outcome import Outcome
from userdesk.questions.pattern_matcher import MOST_SLOW, PatternMatcher

SLOW = "^(a+)+$"
LONG = "a" * 40 + "!"


@pytest.fixture
def own() -> Iterator[PatternMatcher]:
    """A matcher that no other test uses."""
    with PatternMatcher(pattern_seconds=0.1) as matcher:
        yield matcher


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(?i)monday", "MONDAY"),
        ("a{e<=1}", "b"),  # no approximate match, as other engines read it
        ("[[a]", "["),
        ("[a&&b]", "&"),
        ("[[:alpha:]]", "x]"),
        (r"\N{BULLET}", "•"),
        (r"(?x) a # b", "a"),
        (r"(?s)a.b", "a\nb"),
        (r"(?P<q>['\"]).*?(?P=q)", "say 'yes'"),
        (r"(?i)k", "\u212a"),
        (r"\bwörter\b", "zwei Wörter, wörter"),
        ("😀+", "an 😀😀"),
        ("", "a"),
        (r"(?>a+)b", "aab"),
    ],
)
def test_patterns_mean_what_they_mean_in_python(matcher: PatternMatcher, pattern: str, text: str) -> None:
    with warnings.catch_warnings(action="ignore", category=FutureWarning):
        expected = re.search(pattern, text)
    (tried,) = matcher.tried([pattern], text)
    assert tried == (expected and expected.span(), "")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(b", 'a ")" is missing, at character 1'),
        ("a)", 'a ")" without its "(", at character 2'),
        ("[a", 'a "]" is missing, at character 1'),
        ("*", "there is nothing to repeat, at character 1"),
        (r"\y", "a backslash before a letter"),
        (r"\N{nothing at all}", "an unknown Unicode character name"),
        ("(?a)(?u)x", "flags that cannot be combined"),
        ("(?L)x", "flags that cannot be combined"),
        ("x(?i)y", "a global flag, which must come first, at character 2"),
        ("a{" + "1" * 5000 + "}", "a number with too many digits"),
        ("a{4294967295}", "too large a repetition"),
        ("(" * 5000 + ")" * 5000, "nested too deeply"),
        ("(?<=a*)b", "a look-behind must have a fixed length"),
    ],
)
def test_what_is_no_pattern_is_told_in_our_words(matcher: PatternMatcher, pattern: str, words: str) -> None:
    (tried,) = matcher.tried([pattern])
    assert words in tried.trouble
    with pytest.raises((re.error, ValueError, OverflowError, RecursionError)):
        re.compile(pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param(SLOW, LONG, id="by the power"),
        pytest.param("x*y", "x" * 2_000_000, id="by the square, in one step"),
        pytest.param("|".join(f"{n}{n}" for n in range(200_000)), "", id="to read"),
    ],
)
def test_a_pattern_that_takes_too_long_is_ended(own: PatternMatcher, pattern: str, text: str) -> None:
    begun = time.process_time()
    tried = own.tried(["a|x", pattern, "!|$"], text)
    assert [each.trouble[:9] for each in tried] == ["", "took more", ""]
    assert time.process_time() - begun < 1  # it is not this process that works


def test_a_pattern_that_takes_too_much_memory_is_told(own: PatternMatcher) -> None:
    tried = own.tried(["(?:(a)|(b)|c)*d", "c"], "abc" * 1_300_000)
    assert tried[0].trouble and tried[1].span


def test_many_slow_patterns_are_bounded_together(own: PatternMatcher) -> None:
    tried = own.tried([SLOW] * 50 + ["a"], LONG)
    words = [each.trouble for each in tried]
    assert len(words) == 51
    assert [each.startswith("took more") for each in words].count(True) == MOST_SLOW
    assert words[MOST_SLOW:] == ["not tested: earlier patterns took too long"] * (51 - MOST_SLOW)


def test_five_thousand_patterns_are_no_matter(own: PatternMatcher) -> None:
    tried = own.tried([f"a{n}" for n in range(5000)], "a4999")
    assert sum(bool(each.span) for each in tried) == len({"4999"[:n] for n in range(1, 5)})
    assert not any(each.trouble for each in tried)


def test_closing_ends_a_search_that_another_thread_waits_for(own: PatternMatcher) -> None:
    tried: list[object] = []
    searching = threading.Thread(target=lambda: tried.extend(own.tried([SLOW] * MOST_SLOW, LONG)))
    own.tried(["a"], "a")  # the process is there
    child = own.child
    searching.start()
    own.close()
    searching.join(10)
    assert not searching.is_alive() and len(tried) == MOST_SLOW
    assert child and child.poll() is not None
    assert own.tried(["a"], "a")[0].trouble  # closed for good


def test_the_process_gets_no_key_and_ends_with_ours(own: PatternMatcher) -> None:
    """Its environment holds no setting; when the program is killed in mid-search, it is gone soon."""
    code = (
        "from userdesk.questions.pattern_matcher import PatternMatcher; matcher = PatternMatcher()\n"
        "matcher.tried(['a'], 'a'); print(matcher.child.pid, flush=True)\n"
        f"matcher.tried([{SLOW!r}], {LONG!r})"
    )
    environment = os.environ | {"USERDESK_API_KEY": "secret-key", "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE) as program:
        assert program.stdout
        child = int(program.stdout.readline())
        if os.path.exists("/proc"):
            with open(f"/proc/{child}/environ", "rb") as file:
                assert b"secret-key" not in file.read()
        program.kill()
    end = time.monotonic() + 30
    while _is_alive(child):
        assert time.monotonic() < end


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_cannot_be_tried_did_not_hold_and_is_told_with_its_line(own: PatternMatcher) -> None:
    slow = Pattern(SLOW + "|" + "b" * 500, "hours.toml", 4)
    question = Question(ask="?", expect=(slow, Pattern("!", "hours.toml", 4)), forbid=(slow,))
    checks = checked(question, LONG, None, own)
    assert checks[0].outcome is Outcome.NOT_HELD
    assert [check.held for check in checks] == [False, True, False]
    words = checks[0].message
    assert words.startswith("expect ^(a+)+$|bbb")
    assert words.endswith("b… · hours.toml:4: took more than 0.1 s; simplify it")
    assert (
        checks[2].message.startswith("forbid ^(a+)+$|bbb") and "hours.toml:4: took more" in checks[2].message
    )

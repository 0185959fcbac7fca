"""Other tools' files become question sets; what cannot be taken is told with its line."""

import re

import pytest

from userdesk.files.user_files import UnreadableFile
from userdesk.questions.importing.assertions import NotTaken, literal, with_assertion
from userdesk.questions.importing.imported import Imported
from userdesk.questions.importing.promptfoo import MOST_NODES, read_promptfoo
from userdesk.questions.importing.rows import read_csv, read_jsonl
from userdesk.questions.model import Question

PROMPTFOO = """\
prompts:
  - 'Answer politely: {{question}}'
providers: [openai:gpt-4o]
defaultTest:
  assert:
    - type: latency
      threshold: 3000
  metadata:
    team: support
tests:
  - vars:
      question: When are you open?
    metadata:
      tags: [hours, shop]
    assert:
      - type: icontains
        value: monday
      - type: not-contains
        value: As an AI
      - type: regex
        value: '\\d+ (am|pm)'
      - type: llm-rubric
        value: is polite
      - type: contains-all
        value: [a.b, c]
  - description: no question
    vars: {topic: refunds}
  - vars: {question: "How much?"}
    options: {transform: x}
    assert:
      - type: javascript
        value: output.length < 9
      - type: not-icontains-any
        value: [never, no way]
"""


def asked(imported: Imported) -> list[str]:
    return [entry.question.ask for entry in imported.entries]


def patterns(question: Question) -> tuple[list[str], list[str]]:
    return [each.text for each in question.expect], [each.text for each in question.forbid]


def test_promptfoos_tests_are_questions() -> None:
    imported = read_promptfoo(PROMPTFOO)
    assert asked(imported) == ["Answer politely: When are you open?", "Answer politely: How much?"]
    first, second = (entry.question for entry in imported.entries)
    assert patterns(first) == (["(?i)monday", r"\d+ (am|pm)", r"a\.b", "c"], ["As an AI"])
    assert patterns(second) == ([], ["(?i)never|no way"])
    assert first.within == second.within == 3.0
    assert first.tags == ("team:support", "hours", "shop")
    assert first.new_conversation and second.new_conversation
    assert imported.lines == [11, 28]
    assert sorted(imported.left_out) == [
        (22, "llm-rubric has no counterpart in a question set"),
        (26, "a test was left out: its prompt wants question, which it does not have"),
        (28, "options was left out"),
        (31, "javascript has no counterpart in a question set"),
    ]


def test_lists_of_values_are_a_test_each() -> None:
    imported = read_promptfoo(
        "prompts: 'Rooms on {{ day }} {{year}}?'\ntests:\n- vars: {day: [Monday, Friday], year: 2026}\n"
        "  assert: [{type: contains, value: 'on {{day}}'}, {type: similar, value: x},"
        " {type: regex, value: '{{z}}'}]"
    )
    assert asked(imported) == ["Rooms on Monday 2026?", "Rooms on Friday 2026?"]
    assert [patterns(each.question)[0] for each in imported.entries] == [["on Monday"], ["on Friday"]]
    assert [why for _, why in imported.left_out] == [
        "similar has no counterpart in a question set",
        "regex: its value is a template",
    ]


@pytest.mark.parametrize(
    ("kind", "value", "matches", "differs"),
    [
        ("equals", " 4.5 ", "4.5\n", "4x5"),
        ("equals", 42, "42", "421"),
        ("contains", "1+1", "so 1+1=2", "11"),
        ("icontains", "Straße", "die STRAßE", "strasse"),
        ("contains-all", ["a", "b"], "b a", "b"),
        ("contains-all", "a, b", "b a", "a"),
        ("icontains-all", ["A", "B"], "b a", "b"),
        ("contains-any", ["a|b", "c"], "c", "b"),
        ("icontains-any", ["A", "c"], "a", "b"),
        ("starts-with", "Yes", "Yes, sir", "Oh Yes"),
        ("regex", "^ab?c$", "ac", "abbc"),
    ],
)
def test_an_assertion_and_its_opposite(kind: str, value: object, matches: str, differs: str) -> None:
    def holds(question: Question, answer: str) -> bool:
        wanted, unwanted = patterns(question)
        return all(re.search(each, answer) for each in wanted) and not any(
            re.search(each, answer) for each in unwanted
        )

    question = with_assertion(Question(ask="?"), kind, value)
    assert holds(question, matches) and not holds(question, differs)
    opposite = with_assertion(Question(ask="?"), f"not-{kind}", value)
    assert holds(opposite, differs) and not holds(opposite, matches)


def test_not_all_is_held_by_an_answer_with_some() -> None:
    question = with_assertion(Question(ask="?"), "not-icontains-all", ["A.", "b"])
    (pattern,) = question.forbid
    assert re.search(pattern.text, "b\na.") and not re.search(pattern.text, "ax b")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("similar", "a"),
        ("not-latency", None),
        ("latency", None),
        ("contains", ["a", 3]),
        ("contains", ""),
        ("contains-any", []),
        ("contains", "file://x.txt"),
        ("contains", "{{name}}"),
        ("regex", {"a": 1}),
    ],
)
def test_what_has_no_counterpart_is_not_taken(kind: str, value: object) -> None:
    with pytest.raises(NotTaken):
        with_assertion(Question(ask="?"), kind, value)


@pytest.mark.parametrize("text", [r"a\b.*^$+?{}[]|()", "x y-z#&~"])
def test_a_literal_finds_itself(text: str) -> None:
    assert re.fullmatch(literal(text), text)
    assert " " not in text or "\\ " not in literal(text)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("tests: [", 1, "expected YAML"),
        ("a: 1\nb: [\n", 3, "expected YAML"),
        ("prompts: [a]", 1, "expected promptfoo's tests"),
        ("tests: file://tests.yaml", 1, "expected a list"),
        ("[" * 5000, 1, "nested too deeply"),
        ("a: &a [1,1,1,1,1,1,1,1]\n" + "".join(
            f"{b}: &{b} [{', '.join([f'*{a}'] * 8)}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
        ), 1, f"at most {MOST_NODES} values"),
        ("!!python/object:os.system x", 1, "expected promptfoo's tests"),
    ],
)  # fmt: skip
def test_what_is_no_promptfoo_file_is_told(text: str, line: int, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=re.escape(reason)) as caught:
        read_promptfoo(text)
    assert (caught.value.line or line) == line


def test_a_table_has_its_columns_by_many_names() -> None:
    imported = read_csv(
        '"Question";"Expected";"Category";"Regex";"Within";"Owner";"__expected"\n'
        '"When are\nyou open?";"Monday\n9:00";"hours, shop";"\\d+";"8,5";"Ada";"not-icontains: closed"\n'
        ";;;;;;\n"
        '"How much?";;;;"2.5";;"latency(4000)"\n'
        '"";"x";;;;;\n'
    )
    assert asked(imported) == ["When are\nyou open?", "How much?"]
    first, second = (entry.question for entry in imported.entries)
    assert patterns(first) == ([r"\d+", "(?i)Monday", "(?i)9:00"], ["(?i)closed"])
    assert first.tags == ("hours", "shop") and first.within is None
    assert second.within == 4.0
    assert imported.lines == [2, 6]
    assert imported.left_out == [
        (1, "the column Owner was left out"),
        (2, "within: 8,5 is no number that it may have"),
        (7, "left out: it asks nothing"),
    ]


def test_an_answer_that_is_known_stays_beside_its_question() -> None:
    (entry,) = read_csv("prompt,ideal\nWhen?,On Monday.\n").entries
    assert entry.answer == "On Monday." and not entry.question.expect


def test_a_single_column_needs_no_head() -> None:
    assert asked(read_csv("When are you open?\nHow much?\n")) == ["When are you open?", "How much?"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "there is no row"),
        ("a,b\n1,2\n", 1, "expected a column named ask, question"),
        ('ask\n"a\n', 2, "quotes that end"),
    ],
)
def test_what_is_no_table_is_told(text: str, line: int, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as caught:
        read_csv(text)
    assert caught.value.line == line


def test_json_lines_are_objects_or_texts() -> None:
    imported = read_jsonl(
        '{"input": "one", "ideal": "1", "expect": ["a", "b"], "id": 7, "tags": "x"}\n\n'
        '"two"\n'
        '{"messages": [{"role": "user", "content": "three"}, {"role": "assistant", "content": "3"}]}\n'
        '{"ask": "four", "id": 8, "repeat": 3, "likeness": 400, "new_conversation": false}\n'
    )
    assert asked(imported) == ["one", "two", "three", "four"]
    assert patterns(imported.entries[0].question)[0] == ["a", "b"]
    last = imported.entries[3].question
    assert (last.repeat, last.likeness, last.new_conversation) == (3, None, False)
    assert imported.left_out == [
        (1, "id was left out, here and below"),
        (5, "likeness: 400 is no number that it may have"),
    ]


@pytest.mark.parametrize("text", ['{"ask": "a"}\n[1]', '"a"\n{', '"a"\n' + "[" * 100_000])
def test_what_is_no_json_object_is_told_with_its_line(text: str) -> None:
    with pytest.raises(UnreadableFile, match="expected a JSON object on each line") as caught:
        read_jsonl(text)
    assert caught.value.line == 2

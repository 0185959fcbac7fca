"""While a line is open only what is likely is guessed, and what was guessed is taken back once at most."""

import pytest

from conformance.answers import Watch, answers
from userdesk.markdown.document import Document


def shown(text: str) -> list[tuple[str, str]]:
    return [(run.text, run.style) for row in Document(text).layout(60).rows for run in row.runs]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "it*s",
            "a**b",
            "2*3 and",
            "5` tall",
            "the ` character",
            "my_file",
            "see *2 below",
            "set $USER_ID and",
        ),
        *("|x| is the absolute value", "|x|, where x", "so |x| is"),
    ],
)
def test_a_mark_that_is_unlikely_to_close_is_text_at_once(text: str) -> None:
    assert shown(text) == [(text, "")]


@pytest.mark.parametrize("text", ["|x", "|x|", "|x| "])
def test_a_row_that_may_be_a_sentence_waits(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize("text", ["|name|si", "| name", "| name | size", "| `a|b` | c"])
def test_a_header_is_one_at_once(text: str) -> None:
    assert all(style in ("table-head", "table-border", "table-head code", "") for _, style in shown(text))
    assert "table-head" in shown(text)[0][1]


def test_a_link_over_two_lines_is_drawn_once() -> None:
    watch = Watch()
    for character in "write a [configuration\nfile](http://e.x/y) with $USER_ID in it":
        watch.show(character)
    assert watch.shrunk == []


@pytest.mark.parametrize("name", ["stray_marks", "prices", "html_details", "absolute_value"])
def test_no_row_of_an_answer_changes_its_look_twice(name: str) -> None:
    watch = Watch()
    for character in answers()[name]:
        watch.show(character)
    watch.finish()
    assert watch.restless_rows() == []
    assert watch.shrunk == []

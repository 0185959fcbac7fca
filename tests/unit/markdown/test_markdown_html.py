"""Harmless HTML is set as what it means; any other is text, and so are comments."""

import pytest

from userdesk.markdown.document import Document, whole


def styled(text: str) -> list[list[tuple[str, str]]]:
    return [[(run.text, run.style) for run in row.runs] for row in whole(text, 80).rows]


def test_a_break_is_a_break() -> None:
    assert [row.text for row in whole("x<br>y <br/> \nz<BR /> end", 80).rows] == ["x", "y", "z", "end"]


def test_marks_for_letters() -> None:
    text = "<b>a *i*</b><strong>b</strong><i>c</i><em>d</em><u>e</u><mark>f</mark><kbd>g</kbd><del>h</del>"
    assert styled(text) == [
        [
            *(("a ", "strong"), ("i", "strong em"), ("b", "strong"), ("cd", "em"), ("e", "underline")),
            *(("f", "mark"), ("g", "code"), ("h", "strike")),
        ]
    ]


def test_raised_and_lowered_signs() -> None:
    text = "H<sub>2</sub>O 10<sup>-3</sup> 5<sup>th</sup> x<sub>max</sub> a<sub>i, j</sub>"
    assert styled(text) == [[("H₂O 10⁻³ 5^th x_max a_(i, j)", "")]]


@pytest.mark.parametrize(
    "head", ["<details>\n<summary>More</summary>\n\n", "<details open><summary>More</summary>\n"]
)
def test_details_have_a_heading(head: str) -> None:
    rows = styled(f"{head}Body\n</details>\n\nEnd")
    assert rows[0] == [("▸ More", "strong")]
    assert [parts[0][0] for parts in rows[1:] if parts] == ["Body", "End"]


@pytest.mark.parametrize(
    "text",
    [
        "List<String>",
        "<your-api-key>",
        "<div>x</div>",
        "</b> x",
        "<b>x",
        "<i>x</u>",
        "a < b > c",
        "<sub>2",
        "<!-- x",
    ],
)
def test_any_other_is_text(text: str) -> None:
    assert styled(text) == [[(text, "")]]


def test_a_comment_is_shown_as_it_is_written() -> None:
    assert styled("a <!-- *b* --> c") == [[("a ", ""), ("<!-- *b* -->", "comment"), (" c", "")]]
    assert styled("<!-- a\nb -->") == [[("<!-- a", "comment")], [("b -->", "comment")]]


@pytest.mark.parametrize(
    "text", ["a <b>bold</b> c", "a <!-- b c --> d", "H<sub>2</sub>O x", "a<br>b", "<details>\nx"]
)
def test_no_tag_is_drawn_while_it_grows(text: str) -> None:
    final = [(character, style) for row in styled(text) for part, style in row for character in part]
    for end in range(1, len(text)):
        rows = Document(text[:end]).layout(80).rows
        drawn = [(character, run.style) for row in rows for run in row.runs for character in run.text]
        assert drawn == final[: len(drawn)]

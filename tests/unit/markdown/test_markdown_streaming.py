"""Markdown that streams in: the same rows as the whole text, and calm on the way there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userdesk.markdown.document import Document, whole
from userdesk.markdown.layout.rows import STYLES, Layout, Row

PIECES = (
    *("a", "word ", " ", "  ", "    ", "\t", "\n", "\n\n", "x" * 30, ".", "!", "\\"),
    *("**", "*", "_", "~~", "`", "``", "```py\n", "```\n", "~~~\n", "===", "---", "# ", "## "),
    *("- ", "* ", "1. ", "2) ", "> ", "[ ] ", "[x] ", "| a | b |\n|--|:-:|\n", "|", "| c | d |\n"),
    *("[", "]", "](http://x.y)", "![", "(", ")", "<", "<http://a.b>", "http://e.x/y", "www.a.b ", "me@x.io "),
    *("&amp;", "&#x202e;", "[foo]: /url\n", "[foo]", "東京", "🚀", "👩‍💻", "e\u0301", "\u200d", "<b>"),
    *(
        "$",
        "$$\n",
        "\\(",
        "\\)",
        "\\[ ",
        "\\]",
        "x_1 = 2",
        "</b>",
        "<!-- ",
        "-->",
        "<br>",
        "<details>\n",
        "[",
        "「",
        "**「",
    ),
)
markdown = st.lists(st.sampled_from(PIECES), max_size=50).map("".join)
widths = st.sampled_from((4, 5, 8, 20, 40, 80, 200))
steps = st.lists(st.integers(1, 14), min_size=1, max_size=12)
quick = settings(max_examples=250, deadline=None, derandomize=True, database=None)


def changed(layout: Layout, before: list[Row]) -> list[int]:
    """The rows above `changed_from` that are others than before."""
    return [n for n in range(layout.changed_from) if layout.rows[n] != before[n]]


def streamed(text: str, width: int, sizes: list[int]) -> Layout:
    """The layout after a stream, its promises checked at every step."""
    document, at, count = Document(), 0, 0
    before: list[Row] = []
    stable = 0
    while at < len(text):
        size = sizes[count % len(sizes)]
        document.append(text[at : at + size])
        at, count = at + size, count + 1
        layout = document.layout(width)
        assert layout.stable >= stable
        assert [row.text for row in layout.rows[:stable]] == [row.text for row in before[:stable]]
        assert set(changed(layout, before)) <= set(layout.recoloured)
        assert all(row.cells <= width for row in layout.rows)
        stable, before = layout.stable, list(layout.rows)
    document.finish()
    layout = document.layout(width)
    assert set(changed(layout, before)) <= set(layout.recoloured)
    assert layout.stable == len(layout)
    return layout


@given(markdown, widths, steps)
@quick
def test_a_text_that_is_laid_out_in_parts_equals_the_whole_one(
    text: str, width: int, sizes: list[int]
) -> None:
    document, size = Document(), sizes[0] * 20
    for at in range(0, len(text), size):
        document.append(text[at : at + size])
        document.go_on(width, 0)
    document.layout(width)
    document.finish()
    while not document.go_on(width + 1, 0):
        pass
    while not document.go_on(width, 0):
        pass
    assert document.layout(width).rows == whole(text, width).rows


@given(markdown, widths, steps)
@quick
def test_a_streamed_text_equals_the_whole_one(text: str, width: int, sizes: list[int]) -> None:
    expected = whole(text, width)
    layout = streamed(text, width, sizes)
    assert layout.rows == expected.rows
    lines = range(expected.line_count)
    assert [layout.line_text(line) for line in lines] == [expected.line_text(line) for line in lines]


@given(st.text(max_size=300), widths)
@quick
def test_any_text_is_laid_out_within_its_width(text: str, width: int) -> None:
    for row in whole(text, width).rows:
        assert row.cells <= width
        assert 0 <= row.prefix <= len(row.runs)
        assert all(set(run.style.split()) <= STYLES for run in row.runs)


@given(markdown, widths)
@settings(quick, max_examples=100)
def test_rows_hold_every_character_of_their_lines(text: str, width: int) -> None:
    layout = whole(text, width)
    drawn: dict[int, list[tuple[int, str]]] = {}
    for row in layout.rows:
        drawn.setdefault(row.line, []).extend((at, piece) for _, at, piece in row.placed())
    for line, pieces in drawn.items():
        shown = "".join(piece for _, piece in sorted(pieces))
        said = layout.line_text(line)
        # What stands between cells and titles is decoration on the screen.
        is_shortened = any("…" in row.text for row in layout.rows if row.line == line)
        assert is_shortened or "".join(shown.split()) == "".join(said.split()) or ": " in said


@given(markdown, widths)
@quick
def test_logical_lines_follow_one_another(text: str, width: int) -> None:
    lines = [row.line for row in whole(text, width).rows]
    assert lines == sorted(lines)
    assert set(lines) == set(range(len(set(lines))))


WORDS = "some **bold words** and `code` with a [link](http://e.x/y) go on here "
LONG = {
    "a paragraph in one line": WORDS * 120,
    "a paragraph of many lines": (WORDS + "\n") * 120,
    "a list item": "- " + WORDS * 120,
    "a word": "x" * 7000,
    "wide characters": "東京の天気は晴れです。" * 700,
    "a line of code": "```js\n" + "var a = 1; f(a, 'b');" * 300 + "\n```\nafter",
    "code": "```python\n" + "    total = sum(items)  # all\n" * 200 + "```\nafter",
    "a table": "| a | b |\n|---|---|\n" + f"| one | {WORDS}|\n" * 150 + "\nafter",
    "a table of high and low rows": "| a | b |\n|---|---|\n"
    + f"| {WORDS}| x |\n| one | two |\n| three | x |\n" * 50,
    "a table's row": "| a | b |\n|---|---|\n" + f"| {WORDS}" * 100 + "\n| c | d |\n",
    "a heading": "# " + WORDS * 60 + "\nafter",
    "definitions": "".join(f"[n{n}]: http://e.x/{n}\n" for n in range(200)) + "\n[n7] and [n199]",
    "nested quotes": (">" * 60 + " a\n") * 40,
    "a long definition": "[a]: http://e.x/" + "x" * 1800 + "\nafter",
    "a line that may be a formula": "\\[ x" + "<http://e.x/y>" * 9 + "\\(y_1\\)",
    "a formula": "$$\n" + "x_1 &= 2 - \\alpha\n" * 150 + "$$\nafter",
}


@pytest.mark.parametrize("kind", LONG)
@pytest.mark.parametrize("sizes", [[250], [997, 13], [5000]])
def test_what_is_cut_because_it_is_long_is_cut_alike(kind: str, sizes: list[int]) -> None:
    layout, expected = streamed(LONG[kind], 60, sizes), whole(LONG[kind], 60)
    assert layout.rows == expected.rows
    lines = range(0, expected.line_count, 7)
    assert [layout.line_text(line) for line in lines] == [expected.line_text(line) for line in lines]


def test_no_space_is_lost_where_a_line_with_long_addresses_was_cut() -> None:
    text = "x-12 " * 340 + f"https://e.x/{'a' * 80}"
    for width in range(20, 26):
        assert whole(text, width).line_text(0) == text


def test_no_row_is_short_where_a_long_paragraph_was_cut() -> None:
    rows = whole("word " * 3000, 50).rows
    assert {row.cells for row in rows[:-1]} == {49}
    assert {row.line for row in rows} == {0}


def test_a_late_definition_resolves_references_before_it() -> None:
    document = Document("see [docs]\n\n")
    assert not any(run.href for row in document.layout(60).rows for run in row.runs)
    document.append("[docs]: https://e.x/docs\n")
    document.finish()
    layout = document.layout(60)
    assert layout.changed_from == 0
    assert layout.line_text(0) == "see docs (https://e.x/docs)"


def test_a_layout_without_news_changes_nothing() -> None:
    document = Document("some *text*\n\nmore")
    first = document.layout(40)
    rows = list(first.rows)
    second = document.layout(40)
    assert second is first
    assert second.rows == rows
    assert second.changed_from == len(rows)


def test_another_width_gives_what_the_whole_text_gives() -> None:
    text = "# Title\n\n- one **two**\n\n```py\nx = 1\n```\n" + WORDS * 5
    document = Document(text)
    document.finish()
    for width in (80, 30, 120):
        assert document.layout(width).rows == whole(text, width).rows


def shown(text: str) -> list[str]:
    return [row.text for row in Document(text).layout(40).rows]


@pytest.mark.parametrize(
    "line",
    ["-", "- ", "1", "1.", "##", "**", "```py", "~~~", "> - ", "- [", "- [x", "---", "|--", "[a]: http:"],
)
def test_a_line_that_may_become_anything_is_held_back(line: str) -> None:
    assert shown("before\n\n" + line)[0:1] == ["before"]
    assert not any(line.strip("> ") in row for row in shown("before\n\n" + line))


@pytest.mark.parametrize(
    ("growing", "style"),
    [("a **bo", "strong"), ("a *bo", "em"), ("a ~~bo", "strike"), ("a `bo", "code"), ("a **bo*", "strong")],
)
def test_an_open_mark_is_shown_as_if_it_were_closed(growing: str, style: str) -> None:
    runs = Document(growing).layout(40).rows[0].runs
    assert [(run.text, run.style) for run in runs] == [("a ", ""), ("bo", style)]


@pytest.mark.parametrize("growing", ["see [te", "see [text]", "see [text](htt", "see ![alt](x", "see <http"])
def test_a_link_that_is_not_complete_is_held_back(growing: str) -> None:
    assert [row.rstrip() for row in shown(growing)] == ["see"]


def test_the_end_shows_marks_that_stayed_open() -> None:
    document = Document("a **bo [te")
    document.layout(40)
    document.finish()
    assert document.layout(40).rows[0].text == "a **bo [te"


def test_a_table_is_a_table_from_its_first_line_on() -> None:
    text = "| name | size |\n|---|---|\n| a | 1 |\n"
    for end in range(3, len(text)):
        rows = Document(text[:end]).layout(40).rows
        assert "|" not in rows[0].text
        assert "table-head" in rows[0].runs[0].style

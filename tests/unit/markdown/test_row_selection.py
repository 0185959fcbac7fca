"""From cells on the screen to text and back, without wraps, borders and padding."""

from hypothesis import given, settings
from hypothesis import strategies as st

from userdesk.markdown.document import whole
from userdesk.markdown.layout.plain import plain_layout

TEXT = "- **some** words that are wrapped, then 東京タワー and more\n\n> a quote\n\n```\ncode  line\n```\n"


def test_a_logical_line_has_no_wraps_and_no_markers() -> None:
    for width in (10, 17, 80):
        layout = whole(TEXT, width)
        assert layout.line_text(0) == "some words that are wrapped, then 東京タワー and more"
        assert layout.line_text(layout.line_count - 1) == "code  line"
        assert layout.line_text(layout.line_count) == ""


def test_every_piece_of_a_row_knows_its_place_in_the_line() -> None:
    layout = whole(TEXT, 17)
    for row in layout.rows:
        for _, at, text in row.placed():
            assert layout.line_text(row.line)[at : at + len(text)] == text


def test_a_wide_character_takes_both_of_its_cells() -> None:
    row = plain_layout("a東b", 20).rows[0]
    assert row.spans(1, 2) == [(1, 3)]


def test_the_margin_belongs_to_no_character() -> None:
    row = whole("- item", 20).rows[0]
    assert row.spans(0, 4) == [(2, 6)]


@given(st.text(alphabet="ab 東e\u0301🚀", max_size=120), st.integers(4, 30))
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    layout = plain_layout(text, width)
    assert layout.line_text(0).rstrip(" ") == text.rstrip(" ")
    assert all(row.cells <= width for row in layout.rows)

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


def test_text_between_places_in_different_blocks() -> None:
    layout = whole(TEXT, 20)
    assert layout.text_between((0, 5), (2, 3)) == "words that are wrapped, then 東京タワー and more\n\na q"
    assert layout.text_between((0, 5), (0, 10)) == "words"


def test_every_cell_of_a_text_leads_to_its_character() -> None:
    layout = whole(TEXT, 17)
    for row in layout.rows:
        for first, at, text in row.placed():
            assert layout.line_text(row.line)[at : at + len(text)] == text
            assert row.offset_at(first) == at


def test_both_cells_of_a_wide_character_are_that_character() -> None:
    row = plain_layout("a東b", 20).rows[0]
    assert [row.offset_at(x) for x in range(6)] == [0, 1, 1, 2, 3, 3]
    assert row.spans(1, 2) == [(1, 3)]


def test_a_place_in_the_margin_is_the_rows_start() -> None:
    row = whole("- item", 20).rows[0]
    assert row.offset_at(0) == 0
    assert row.spans(0, 4) == [(2, 6)]


@given(st.text(alphabet="ab 東e\u0301🚀", max_size=120), st.integers(4, 30))
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    layout = plain_layout(text, width)
    assert layout.line_text(0).rstrip(" ") == text.rstrip(" ")
    assert all(row.cells <= width for row in layout.rows)

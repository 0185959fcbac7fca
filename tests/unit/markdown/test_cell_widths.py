"""Widths that every terminal agrees on, and where lines are broken."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from userdesk.markdown.layout.cells import cells, display, is_disputed
from userdesk.markdown.layout.wrap import folded, wrapped


@given(st.text(max_size=40) | st.text(alphabet="a東\u200d\ufe0f👩💻🏽⚠❤e\u0301", max_size=20))
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
def test_a_width_is_that_of_what_is_drawn(text: str) -> None:
    shown = display(text)
    vowel_signs = sum(unicodedata.category(character) == "Mc" for character in shown)
    assert cells(text) == cell_len(shown) + vowel_signs


def test_vowel_signs_beside_their_letter_are_cells_and_said_to_be_disputed() -> None:
    assert cells("का") == 2
    assert is_disputed("का")
    assert not is_disputed("कैसे naïve 東京 👍 é")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("👩\u200d💻", "👩💻"), ("⚠\ufe0f", "⚠"), ("👍🏽", "👍"), ("می\u200cخواهم", "می\u200cخواهم")],
)
def test_clusters_are_drawn_apart(text: str, shown: str) -> None:
    assert display(text) == shown


def rows(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in wrapped(text, width)]


def test_lines_break_at_spaces_and_fold_long_words() -> None:
    assert rows("one two  three", 7) == ["one two", "three"]
    assert rows("abcdefghij kl", 4) == ["abcd", "efgh", "ij", "kl"]
    assert rows("", 4) == [""]


def test_wide_characters_break_anywhere_but_not_before_a_full_stop() -> None:
    assert rows("東京の天気", 4) == ["東京", "の天", "気"]
    assert rows("東京。天気", 4) == ["東", "京。", "天気"]


def test_a_combining_mark_stays_with_its_letter() -> None:
    assert rows("e\u0301" * 6, 4) == ["e\u0301" * 4, "e\u0301" * 2]


def test_code_is_folded_with_all_its_spaces() -> None:
    assert folded("a   b   c", 4) == [(0, 4), (4, 8), (8, 9)]
    assert [("東 京" * 2)[a:b] for a, b in folded("東 京" * 2, 4)] == ["東 ", "京東", " 京"]

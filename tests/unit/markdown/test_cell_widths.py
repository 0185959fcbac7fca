"""Widths that every terminal agrees on, and where lines are broken."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import wcswidth

from userdesk.markdown.layout.cells import cells, display, is_disputed, join_clusters
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


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("안녕하세요. 반갑습니다.", 11, ["안녕하세요.", "반갑습니다."]),
        ("안녕하세요. 반갑습니다.", 10, ["안녕하세", "요.", "반갑습니", "다."]),
        ("설정(Settings)을 바꾸세요!", 16, ["설정(Settings)을", "바꾸세요!"]),
        ("中文,英文.还有!标点)", 6, ["中文,", "英文.", "还有!", "标点)"]),
        ("他说“你好”。然后（走）了", 7, ["他说“你", "好”。然", "后", "（走）", "了"]),
        ("edit your .profile", 10, ["edit your", ".profile"]),
        ("请用Python写", 8, ["请用", "Python写"]),
        ("データーベース", 6, ["デー", "ター", "ベース"]),
        ("Bonjour ! Ça va ?", 9, ["Bonjour !", "Ça va ?"]),
        ("« Oui » dit-il", 9, ["« Oui »", "dit-il"]),
        ("state-of-the-art and/or", 9, ["state-of-", "the-art", "and/or"]),
        ("use --force-with-lease", 11, ["use", "--force-", "with-lease"]),
        ("on 2024-05-01", 9, ["on", "2024-05-0", "1"]),
        ("it is so )", 8, ["it is", "so )"]),
        ("wait 100 000 €", 11, ["wait 100", "000 €"]),
    ],
)
def test_lines_break_as_readers_of_their_script_expect(text: str, width: int, expected: list[str]) -> None:
    assert rows(text, width) == expected


@pytest.mark.parametrize("cluster", ["👩\u200d💻", "👍🏽", "🇩🇪", "e\u0301", "क्षि", "한", "❤\ufe0f"])
def test_no_row_ends_within_a_cluster(cluster: str) -> None:
    for wrap in (wrapped, folded):
        pieces = [(cluster * 19)[start:end] for start, end in wrap(cluster * 19, 9)]
        assert len(pieces) > 1
        assert all(piece == cluster * (len(piece) // len(cluster)) for piece in pieces)


STARTS_NO_ROW = re.compile(r"[.,!?)\]}。、，！？）」』】ーぁっゃ\u0301\u200d\ufe0f]")


@given(
    st.text(
        alphabet="ab 1-/.,!?()[]{}“”«»東京、。」「（）ーっ안녕é\u0301👩💻\u200d\ufe0f\u00a0ไท", max_size=60
    ),
    st.integers(4, 30),
)
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
def test_rows_fit_and_lose_only_spaces(text: str, width: int) -> None:
    for wrap in (wrapped, folded):
        slices = wrap(text, width)
        assert all(cells(text[start:end]) <= width for start, end in slices)
        assert not "".join(
            text[end:start] for (_, end), (start, _) in pairwise([*slices, (len(text), 0)])
        ).strip(" ")


@given(
    st.lists(
        st.sampled_from(("東京", "한국어", "word", "é", "123", " ", "、", "。", "!", ")", ", ", "（", "(")),
        max_size=16,
    ).map("".join)
)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_no_row_begins_with_a_closing_mark(text: str) -> None:
    shown = [text[start:end] for start, end in wrapped(text, 12)]
    for before, row in pairwise(shown):
        # Marks alone, or more of them than a row holds, have no letter to stay with.
        if before.strip("、。!),（( "):
            assert not STARTS_NO_ROW.match(row), shown


def test_code_is_folded_with_all_its_spaces() -> None:
    assert folded("a   b   c", 4) == [(0, 4), (4, 8), (8, 9)]
    assert [("東 京" * 2)[a:b] for a, b in folded("東 京" * 2, 4)] == ["東 ", "京東", " 京"]


@pytest.fixture
def joined() -> Iterator[None]:
    join_clusters(True)
    yield
    join_clusters(False)


@pytest.mark.usefixtures("joined")
@pytest.mark.parametrize(
    "sequence",
    [
        "👩\u200d💻",
        "👍🏽",
        "⚠\ufe0f",
        "1\ufe0f\u20e3",
        "🏴\u200d☠\ufe0f",
        "🇩🇪",
        "⚠",
        "🏽",
        "東",
        "नि",
        "می\u200cخ",
    ],
)
def test_where_the_terminal_joins_clusters_they_are_drawn_and_measured_as_one(sequence: str) -> None:
    assert display(sequence) == sequence
    assert cells(sequence) == wcswidth(sequence)
    assert cells(f"a{sequence}b") == cells(sequence) + 2


@pytest.mark.usefixtures("joined")
def test_a_line_with_joined_clusters_is_drawn_so_that_none_is_moved_by_them() -> None:
    assert is_disputed("👩\u200d💻")
    assert folded("👩\u200d💻" * 9, 5)[0] == (0, 6)
    assert not is_disputed("👍 東京")

"""Who looks for letters finds them in any case, with and without accents, as text and as bytes."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from userdesk.domain.text_folding import fold_letters, plain_bytes, plain_letter

FOLDED = {
    "Plain ASCII 1!": "plain ascii 1!",
    "Über": "uber",
    "U\u0308ber": "uber",
    "STRAẞE Straße": "strasse strasse",
    "Smørrebrød Đà Łódź": "smorrebrod da lodz",
    "ĦŦı ð": "hti d",
    "Æon œuvre": "aeon oeuvre",
    "Ἀθήνα": "αθηνα",
    "한글": "한글",
    "ガ": "ガ",
    "й": "и",
    "👩\u200d💻 ❤\ufe0f a\u200cb": "👩💻 ❤ ab",
    "\ufe00a\ufe0f": "a",
    "\u0300a\u036f": "a",
    "\u0370\ufe10": "\u0371\ufe10",
    "東京": "東京",
}


@pytest.mark.parametrize("text", FOLDED, ids=ascii)
def test_letters_lose_case_and_accents(text: str) -> None:
    wanted = FOLDED[text]
    assert fold_letters(text) == wanted
    assert plain_bytes(text.encode()) == wanted.encode()
    assert "".join(map(plain_letter, text)) == wanted


def test_syllables_and_letters_with_parts_that_are_no_accents_stay_apart() -> None:
    assert fold_letters("한") != fold_letters("하")
    assert fold_letters("ガ") != fold_letters("カ")


def test_long_runs_of_other_scripts_are_folded_like_short_ones() -> None:
    for size in (1, 8, 16, 17, 400):
        assert plain_bytes(("Ü" * size).encode()) == b"u" * size
        assert plain_bytes(("Ж" * size).encode()) == ("ж" * size).encode()


def test_what_is_no_utf_8_stands_for_nothing_that_could_be_found() -> None:
    assert plain_bytes(b"A\xff\xfeB") == "a\ufffd\ufffdb".encode()
    assert plain_bytes(b"\xc3" * 40) == ("\ufffd" * 40).encode()


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text("aÜüßéЖж한가退\u0301\u200d👩İŒæ"))
@example("".join(map(chr, range(0xC0, 0x180))))
@example("ÀÉ" * 40)
def test_bytes_are_folded_as_their_text_is(text: str) -> None:
    assert plain_bytes(text.encode()) == fold_letters(text).encode()


@given(st.binary() | st.text("aÜß👩").map(lambda text: text.encode()[1:-1]))
@example(b"\xc3a\xb6")
def test_what_is_cut_or_damaged_is_folded_as_it_is_read(data: bytes) -> None:
    assert plain_bytes(data) == fold_letters(data.decode("utf-8", "replace")).encode()


def test_what_is_folded_stays_as_it_is() -> None:
    every = (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    folded = {plain_letter(character) for character in every}
    assert all(fold_letters(text) == text for text in folded)

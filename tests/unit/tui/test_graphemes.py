"""Letters as readers count them, and words made of them."""

import subprocess
import sys

import pytest

from userdesk.tui.input import graphemes

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
LETTERS = [
    FAMILY,
    "🇩🇪",
    "👋🏽",
    "1\ufe0f\u20e3",
    "❤\ufe0f\u200d🔥",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\u1112\u1161\u11ab",  # Hangul jamo
    "กำ",
    "क्षि",
    "நி",
    "e\u0301",
    "ی\u200c",
    "漢",
    "é",
    "a",
]


@pytest.mark.parametrize("letter", LETTERS, ids=ascii)
def test_a_letter_is_one_step(letter: str) -> None:
    text = f"x{letter}y"
    end = 1 + len(letter)
    assert graphemes.after(text, 1) == end
    assert graphemes.before(text, end) == 1
    for inside in range(1, end):
        assert graphemes.begin_of(text, inside) == 1


def test_steps_stop_at_the_ends() -> None:
    for text in ("", "abc", FAMILY):
        assert graphemes.before(text, 0) == 0
        assert graphemes.after(text, len(text)) == len(text)
        assert graphemes.backspace(text, 0) == 0


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        (FAMILY, ""),
        ("🇩🇪🇫🇷", "🇩🇪"),
        ("👋🏽", ""),
        ("1\ufe0f\u20e3", ""),
        ("e\u0301", ""),
        ("\u1112\u1161\u11ab", ""),
        ("กำ", "ก"),
        ("कि", "क"),
        ("क्ष", "क्"),
        ("می\u200c", "می"),
        ("שָׁ", "שׁ"[:1] + "שָׁ"[1:2]),
    ],
    ids=ascii,
)
def test_backspace_takes_a_letter_or_its_last_mark(typed: str, left: str) -> None:
    assert typed[: graphemes.backspace(typed, len(typed))] == left


@pytest.mark.parametrize(
    "words",
    [
        ("two", "  ", "words"),
        ("कि", " ", "क्षि"),
        ("ภาษา", " ", "ไทย"),
        ("cafe\u0301s", " ", "x"),
        (FAMILY, " ", "漢字"),
        ("a", "\u3000", "b"),
    ],
    ids=ascii,
)
def test_moves_by_words(words: tuple[str, str, str]) -> None:
    first, gap, second = words
    text = first + gap + second
    assert graphemes.word_left(text, len(text)) == len(first + gap)
    assert graphemes.word_left(text, len(first + gap)) == 0
    assert graphemes.word_right(text, 0) == len(first)
    assert graphemes.word_right(text, len(first)) == len(text)


def test_signs_are_words_of_their_own() -> None:
    assert graphemes.word_left("foo, bar", 5) == 3
    assert graphemes.word_right("foo, bar", 3) == 4


def test_ordinary_text_needs_no_tables() -> None:
    text = "plain, señor, grüß, Привет, שלום, سلام, 漢字かな한글 → 😀"
    code = (
        "import sys; from userdesk.tui.input import graphemes as g\n"
        f"g.after({text!r}, 3), g.word_left({text!r}, 9), g.backspace({text!r}, 5)\n"
        "assert 'wcwidth' not in sys.modules\n"
        "g.after('👨\\u200d👩', 0); assert 'wcwidth' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_simple_characters_are_clusters_of_their_own() -> None:
    """The ranges that are taken as simple agree with Unicode's tables, in any order of characters."""
    from wcwidth import iter_graphemes

    simple = [chr(code) for code in range(0x20, 0x32400) if graphemes.is_simple(chr(code))]
    assert len(simple) > 90_000
    shifted = simple[7:] + simple[:7]
    text = "".join(simple) + "".join(a + b for a, b in zip(simple, shifted, strict=True))
    assert all(len(cluster) == 1 for cluster in iter_graphemes(text))

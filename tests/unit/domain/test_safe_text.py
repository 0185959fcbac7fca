"""No character that is drawn as nothing stays in a text of others, but where emoji and scripts need it."""

import pickle
import unicodedata

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from userdesk.domain.safe_text import REPLACEMENT, Cleaner, clean, clean_line, clean_typed

EVERY_CHARACTER = "".join(map(chr, range(0x110000)))
NOTHING_TO_SEE = regex.compile(
    r"[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Zl}\p{Zp}\p{Cs}\u2800\U0001d159"
    r"\U00016fe4\U00013441\U00013442[\p{Cc}--[\n\t]][\p{Cf}--\p{Prepended_Concatenation_Mark}]]",
    regex.V1,
)
IN_PLACE = {
    "family": "👩\u200d👩\u200d👧\u200d👦",
    "skin tones": "👨🏻\u200d❤️\u200d💋\u200d👨🏿 👩🏽\u200d🚀",
    "flags": "🏳️\u200d🌈 🏳️\u200d⚧️ 🏴\u200d☠️ 🇩🇪",
    "presentation": "❤️ ☎︎ ©️ ™️ ✈︎ ☂️",
    "keycaps": "1️⃣ #️⃣ *️⃣ 0︎⃣",
    "a direction": "🏃\u200d➡️ 🏃🏽\u200d♀️\u200d➡️",
    "Persian": "می\u200cخواهم کتاب\u200cها ه\u200d. CD\u200cها",
    "Hindi": "क्\u200dष क्\u200cष",
    "Sinhala": "ශ්\u200dරී ලංකා",
    "Bengali": "র\u200d্যাব",
    "Malayalam": "അവന്\u200d വന്നു",
    "Kannada": "ರ\u200d್ಕ",
    "Syriac": "ܐ\u200cܒ",
    "Adlam": "\U0001e900\u200c\U0001e901",
    "spaces": "a\u00a0b\u2009c\u202fd\u3000e",
    "signs over numbers": "\u0600١٢ \u06dd٣",
    "private use": "\ue0b0 \U000f0001",
}
NOT_IN_PLACE = {
    "a\u200db": "ab",
    "a\u200cb": "ab",
    "१\u200d२": "१२",
    "sk\ufe0f-1\ufe0f2\ufe0e3": "sk-123",
    "1\ufe0f \u20e3": "1 \u20e3",
    "漢\u200d字 漢\ufe00字 葛\U000e0100": "漢字 漢字 葛",
    "❤\ufe0f\ufe0f\ufe0e": "❤\ufe0f",
    "👩\u200d\u200d\u200d👧": "👩\u200d👧",
    "👩\u200d": "👩",
    "👩\u200d x": "👩 x",
    "\u200d👩": "👩",
    "👩\u200c👧": "👩👧",
    "👩\u200b\u200d\u2060👧": "👩\u200d👧",
    "ب\u200c\u200c\u200cب": "ب\u200cب",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f": "🏴",
    "\ufeffBOM so\u00adft": "BOM soft",
    "ᠠ\u180bᠨ\u180eᠠ a\u034fb \u17b4\u17b5 \u061c": "ᠠᠨᠠ ab  ",
    "\u115f\u1160\u3164\uffa0": "",
    "⠓\u2800⠊": "⠓ ⠊",
    "\U0001d159\U0001d173\U0001d17a\U00016fe4": "",
    "\ufff9a\ufffab\ufffb \U00013430": "ab ",
    "\ufffe \uffff \U0001fffe \ufdd0 \U0010ffff": " ".join(REPLACEMENT * 5),
    "\u202eabc\u2066d\u2069 \x1b[31m \x9b \ud800": "�abc�d� �[31m � �",
    "a\r\nb\rc\u2028d\x85e": "a\nb\nc\nd\ne",
}
PARTS = st.lists(
    st.one_of(
        st.characters(exclude_categories=[]),
        st.sampled_from(
            "\u200c\u200d\ufe0e\ufe0f\u200b\u00ad\u202e\ufffe\r\n\u20e31#a👩👧❤🏽🇩بی्क\u2800\U000e0067"
        ),
    ).map(str),
    max_size=12,
)


@pytest.mark.parametrize("text", IN_PLACE.values(), ids=IN_PLACE.keys())
def test_what_emoji_and_scripts_need_stays(text: str) -> None:
    assert clean(text) == text
    assert in_pieces(text) == text


@pytest.mark.parametrize(("text", "wanted"), NOT_IN_PLACE.items(), ids=map(ascii, NOT_IN_PLACE))
def test_what_they_do_not_need_goes(text: str, wanted: str) -> None:
    assert clean(text) == wanted
    assert in_pieces(text) == wanted


@pytest.mark.parametrize("around", ["{}", "a{}b", "1{}2", "漢{}字", "ア{}"])
def test_no_character_is_drawn_as_nothing(around: str) -> None:
    """All of Unicode, alone and where neither an emoji nor a joining script stands beside it."""
    for character in NOTHING_TO_SEE.findall(EVERY_CHARACTER):
        assert not NOTHING_TO_SEE.search(clean(around.format(character))), hex(ord(character))


def test_every_other_character_stays() -> None:
    """All of Unicode: what is drawn is not touched, in one text and alone."""
    kept = NOTHING_TO_SEE.sub("", EVERY_CHARACTER).replace("\r", "")
    assert len(kept) > 1_000_000
    assert clean(kept) == kept
    assert all(clean(each) == each for each in kept[::97])


def in_pieces(text: str, size: int = 1) -> str:
    cleaner = Cleaner()
    pieces = [cleaner.feed(text[at : at + size]) for at in range(0, len(text), size)]
    return "".join(pieces) + cleaner.flush()


@given(PARTS)
@example(["👩", "\u200d", "👧"])
@example(["\r", "\u200b", "\n"])
@example(["1", "\ufe0f", "\ufe0f\u200d", "\u20e3"])
@example(["❤", "\ufe0f\u200b", "\ufe0f", "\u200d", "❤"])
@example(["\r", "\u200dष\u200d\r"])
def test_pieces_give_what_the_whole_gives(parts: list[str]) -> None:
    whole = clean("".join(parts))
    cleaner = Cleaner()
    assert "".join([*map(cleaner.feed, parts), cleaner.flush()]) == whole
    assert clean(whole) == whole


@given(PARTS, PARTS)
@example(["a\r"], ["\nb"])
def test_what_becomes_of_a_character_depends_on_its_neighbours(before: list[str], after: list[str]) -> None:
    text, following = "".join(before), "".join(after)
    assert clean(f"{text}-{following}") == f"{clean(text)}-{clean(following)}"


@pytest.mark.parametrize("text", ["plain", "größer", *IN_PLACE.values()])
def test_a_safe_text_is_given_back_as_it_is(text: str) -> None:
    assert clean(text) is text


@pytest.mark.parametrize("part", ["\U0001f469\u200d", "\U0001d538", "\u200b", "\r"])
def test_a_long_run_of_what_is_suspect_is_as_safe_as_a_short_one(part: str) -> None:
    once = clean(f"a{part}{part}b").removeprefix("a").removesuffix("b")
    assert set(clean(f"a{part * 1000}b")) == {"a", *once, "b"}


def test_a_cleaner_holds_little() -> None:
    cleaner = Cleaner()
    cleaner.feed("👩")
    for _ in range(50):
        assert cleaner.feed("\u200d\u200b\ufe0f\u00ad" * 50) == ""
    assert len(pickle.dumps(cleaner)) < len(pickle.dumps(Cleaner())) + 50
    assert cleaner.feed("👧") == "\u200d👧"


def test_a_line_is_one_line() -> None:
    assert clean_line("a\u200b\r\n b\u2800\u2028c\ufffe") == "a b c�"


TYPED = (
    "漢\u3000字 می\u200cخواهم 👩\u200d👧 a\u200db 10\u00a0000\u202fkm \ue0b0 葛\U000e0100 "
    "x\ufe0f\u00ad\u200b\u200f"
)


def test_what_a_person_typed_is_what_is_sent() -> None:
    assert clean_typed(TYPED) == TYPED
    assert "".join(map(clean_typed, TYPED)) == TYPED
    assert clean_typed("a\r\nb\rc\u2028d\te") == "a\nb\nc\nd\te"
    assert clean_typed("\x1b]52;c;x\x07\x9b\x7f\u202e\u2066\ud800\ufffe") == "�]52;c;x�������"


def test_typed_text_commands_no_terminal() -> None:
    for character in map(chr, range(0x110000)):
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            assert clean_typed(character) in ("\t", "\n", REPLACEMENT), hex(ord(character))


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [
        ("x" * 200, None, "x" * 200),
        ("x" * 201, None, "x" * 199 + "…"),
        ("one two three", 8, "one two…"),
        ("one two", 7, "one two"),
        ("   one \t\n two  ", 20, "one two"),
        ("\u200b" * 40 + "abc", 4, ""),
        ("\u200b" * 20 + "abc", 4, "abc"),
        ("", 4, ""),
    ],
)
def test_a_line_is_cut_where_it_is_too_long(text: str, limit: int | None, line: str) -> None:
    assert (clean_line(text) if limit is None else clean_line(text, limit)) == line


def test_what_stands_before_a_piece_counts_for_it() -> None:
    cleaner = Cleaner()
    assert cleaner.feed("👩") == "👩"
    assert cleaner.feed("") == ""
    assert cleaner.feed("\u200d") == ""
    assert cleaner.feed("👧\r") == "\u200d👧"
    assert cleaner.feed("\n") == "\n"
    assert cleaner.feed("ب\u200c") == "ب"
    assert cleaner.flush() == "\u200c"
    assert cleaner.flush() == ""

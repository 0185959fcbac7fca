"""Secrets are masked in a text however they are written in it, and nothing else is."""

import base64
import html
import json
import urllib.parse
from collections.abc import Callable

import pytest

from userdesk.domain.chatbot import ApiKey
from userdesk.domain.safe_text import clean, clean_line
from userdesk.domain.secret_mask import KNOWN, MaskedStream, SecretMask, Span

KEY = "sk_live-4eC39HqLyjWD/arjtT+1zdp7dc=="
SHORT_KEY = "q7#Zx"
ODD_KEYS = ("a\\b'c\"d_*e", "p&w<o>r[d]%", "'quoted'", '"double"', "tail\\", "__init__", "50%off")
HYPHENS = ("\u2010", "\u2011", "\u2013", "\u2212", "\ufe63", "&hyphen;", "&#8209;", "&ndash;", "\\-")


@pytest.fixture(autouse=True)
def key() -> ApiKey:
    return ApiKey(KEY)


def test_what_stands_for_it_says_which_key_it_was() -> None:
    assert clean(f"Your key {KEY} is wrong") == "Your key …dc== is wrong"
    assert clean(f"**{KEY[:5]}\u200b{KEY[5:]}**") == "**…dc==**"


@pytest.mark.parametrize("key", [SHORT_KEY, *ODD_KEYS, "x" * 64, "abcd"])
@pytest.mark.parametrize(
    "quoted",
    [
        str,
        repr,
        lambda key: repr(key.encode()),
        lambda key: repr(bytearray(key.encode() + b"\r\n")),
        lambda key: repr(f"it's {key}"),
        json.dumps,
        lambda key: json.dumps(json.dumps({"key": key})),
        lambda key: json.dumps("".join(f"\\u{ord(letter):04x}" for letter in key)),
        urllib.parse.quote,
        lambda key: urllib.parse.quote(key, safe=""),
        urllib.parse.quote_plus,
        html.escape,
        lambda key: f"https://example.com/?key={key}&x=1",
        lambda key: f"Bearer {key}",
    ],
)
def test_a_key_of_any_length_and_form_however_a_library_quotes_it(
    key: str, quoted: Callable[[str], str]
) -> None:
    mask = SecretMask()
    mask.know(key, "…")
    told = f"illegal header line: {quoted(key)} (see above)"
    left = mask.whole(told)
    assert "…" in left and key not in left and html.unescape(quoted(key)) not in left
    assert left.startswith("illegal header line: ") and left.endswith(" (see above)")
    for size in (1, 2, 7):
        stream = MaskedStream(mask)
        pieces = [stream.feed(told[at : at + size]) for at in range(0, len(told), size)]
        shown = "".join(pieces) + stream.flush()
        assert "…" in shown and key not in shown and html.unescape(quoted(key)) not in shown
        assert shown.startswith("illegal header line: ") and shown.endswith(" (see above)")


@pytest.mark.parametrize("before", ["", "Bearer ", "x", "user:", "Authorization: Bearer "])
@pytest.mark.parametrize("behind", ["", "\n", "!!"])
def test_in_base64(before: str, behind: str) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(f"{before}{KEY}{behind}".encode()).decode()
        assert len(clean(encoded)) < len(encoded) - 30


@pytest.mark.parametrize("size", [1, 5])
@pytest.mark.parametrize(
    "encoded",
    [
        base64.b64encode(KEY.encode()).decode(),
        base64.b64encode(f"Bearer {KEY}".encode()).decode(),
        base64.urlsafe_b64encode(f"user:{KEY}".encode()).decode(),
        KEY.encode().hex(),
        KEY.encode().hex().upper(),
    ],
)
def test_encoded_in_a_stream(encoded: str, size: int) -> None:
    stream = MaskedStream(KNOWN)
    told = f"as words: {encoded} and more"
    shown = "".join(stream.feed(told[at : at + size]) for at in range(0, len(told), size)) + stream.flush()
    assert shown.startswith("as words: ") and shown.endswith(" and more")
    assert "…dc==" in shown and encoded[20:-8] not in shown


@pytest.mark.parametrize("hyphen", HYPHENS)
def test_with_other_hyphens(hyphen: str) -> None:
    mask = SecretMask()
    mask.know("sk-probe-7Kq9XvZ2mWtR4", "…")
    told = f"key {hyphen.join(('sk', 'probe', '7Kq9XvZ2mWtR4'))} end"
    assert mask.whole(told) == "key … end"
    stream = MaskedStream(mask)
    assert "".join(map(stream.feed, told)) + stream.flush() == "key … end"


@pytest.mark.parametrize(
    "told",
    [
        f"[retry](https://example.com/?key={urllib.parse.quote(KEY, safe='')}&x=1) now",
        f'<a href="https://example.com/?key={html.escape(KEY)}">x</a> now',
        f'<img alt="{"".join(f"&#{ord(letter)};" for letter in KEY)}"> now',
    ],
)
def test_within_addresses_and_tags(told: str) -> None:
    stream = MaskedStream(KNOWN)
    for shown in (clean(told), "".join(map(stream.feed, told)) + stream.flush()):
        assert "…dc==" in shown and shown.endswith(" now")
        assert KEY not in html.unescape(urllib.parse.unquote(shown))


def test_ordinary_text_stays() -> None:
    mask = SecretMask()
    for key in (KEY, SHORT_KEY, "ab", "new", *ODD_KEYS):
        mask.know(key, "…")
    text = "A cab ab-sorbs news: 100 % & <b>bold</b> [link](https://example.com/%41?x=1) sk_live **s**\n"
    assert mask.whole(text) == text.replace(" ab-sorbs", " …-sorbs")
    stream = MaskedStream(mask)
    assert "".join(map(stream.feed, text)) + stream.flush() == text.replace(" ab-sorbs", " …-sorbs")


@pytest.mark.parametrize("told", ["X-Key: Zq9", repr("Zq9"), "b'Zq9\\r\\n'", "Bearer Zq9.", "(Zq9)", "_Zq9_"])
def test_a_very_short_key_is_masked_as_a_word(told: str) -> None:
    mask = SecretMask()
    mask.know("Zq9", "…")
    assert "Zq9" not in mask.whole(f"a {told} z")
    assert mask.whole("Zq99 aZq9") == "Zq99 aZq9"
    stream = MaskedStream(mask)
    assert "Zq9" not in "".join(map(stream.feed, f"a {told} z")) + stream.flush()


def test_little_is_held_back() -> None:
    mask = SecretMask()
    mask.know(KEY, "…")
    stream = MaskedStream(mask)
    assert stream.feed("The answer is") == "The answer i"
    assert stream.feed(" here") == "s here"
    assert len(stream.feed("&" * 3 + "s" + "*" * 20_000)) > 10_000
    assert stream.feed(" the end ").endswith(" the end ")


def test_a_line_that_is_cut_shows_no_part_of_it() -> None:
    for hidden in range(1580, 1601):
        assert KEY[:6] not in clean_line("\u200b" * hidden + KEY)


def mask_of(*secrets: str) -> SecretMask:
    mask = SecretMask()
    for number, secret in enumerate(secrets):
        mask.know(secret, f"({number})")
    return mask


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("the key abcd1234 ends", [(8, 16)]),
        ("ABCD1234 abcd1234", [(0, 8), (9, 17)]),
        ("a**b**cd-1234", [(0, 13)]),
        ("&#97;bcd1234!", [(0, 12)]),
        ("%61bcd\\u0031\\x32&#x33;4", [(0, 23)]),
        ("ab<b>cd</b>12<!-- x > y -->34", [(0, 29)]),
        ("[ab](https://a.example/x)[cd](y)1234", [(1, 36)]),
        ("ab[c][1]d1234", [(0, 13)]),
        ("ab\x1b[31mcd\x1b]8;;x\x0712\x1b]0;y\x1b\\34", [(0, 27)]),
        ("\uff41\uff42cd\u2460\u00b2\u2083\U0001d7dc", [(0, 8)]),
        ("abcd 1234", []),
        ("abcd123", []),
        ("ab%zzcd1234", []),
        ("", []),
    ],
)
def test_a_secret_is_found_where_it_stands(text: str, spans: list[tuple[int, int]]) -> None:
    mask = mask_of("abcd1234")
    assert mask.spans(text) == [Span(start, end, "(0)") for start, end in spans]
    shown = text
    for start, end in reversed(spans):
        shown = f"{shown[:start]}(0){shown[end:]}"
    assert mask.whole(text) == shown


def test_of_two_secrets_that_begin_alike_the_longer_one_is_shown() -> None:
    mask = mask_of("abcd1234", "abcd12345678")
    assert mask.whole("abcd12345678 abcd1234 abcd123456789") == "(1) (0) (1)9"


def test_a_secret_is_masked_where_it_begins_in_one_that_overlaps_it() -> None:
    mask = mask_of("abcd1234", "1234wxyz")
    assert mask.spans("abcd1234wxyz") == [Span(0, 12, "(0)")]
    assert mask.spans("abcd1234 1234wxyz") == [Span(0, 8, "(0)"), Span(9, 17, "(1)")]


def test_a_secret_with_white_space_around_it_is_known_without() -> None:
    assert mask_of(" \tabcd1234\n").whole("xabcd1234x") == "x(0)x"
    assert not mask_of("  ", "")


@pytest.mark.parametrize(("secret", "text"), [("abcd", "xabcdx"), ("a-b-c-d", "xabcdx")])
def test_four_letters_are_masked_within_words(secret: str, text: str) -> None:
    assert mask_of(secret).whole(text) == "x(0)x"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc", "(0)"),
        ("xabc abcx", "xabc abcx"),
        ("1abc", "1abc"),
        ("_abc_", "_(0)_"),
        ("(abc)", "((0))"),
        ("ABC", "ABC"),
    ],
)
def test_three_letters_are_masked_as_a_word_as_it_is_written(text: str, shown: str) -> None:
    mask = mask_of("abc")
    assert mask.whole(text) == shown
    assert mask.without_long(text) == text
    assert mask.spans(text) == []


def test_the_version_tells_whether_what_was_masked_has_to_be_masked_again() -> None:
    mask, versions = SecretMask(), []
    for secret in ("abcd1234", "ABCD-1234", "abcd5678", "abc", "abc", ""):
        mask.know(secret, "…")
        versions.append(mask.version)
    assert versions == [1, 1, 2, 3, 3, 3]
    assert mask
    mask.forget_all()
    assert not mask
    assert mask.version == 4
    assert mask.whole("abcd1234 abc") == "abcd1234 abc"
    assert mask.open_end("abc") == 3


@pytest.mark.parametrize("before", ["", "u", "us", "user", "user:"])
def test_a_long_secret_is_masked_in_every_encoding(before: str) -> None:
    secret = "0123456789üx"
    mask = mask_of(secret)
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        assert "(0)" in mask.whole(encode(f"{before}{secret}".encode()).decode())
        assert "(0)" in mask.whole(encode(f"{before}{secret} and on".encode()).decode())
    assert mask.whole(secret.encode().hex()) == "(0)"
    assert mask.whole(f"0x{secret.encode().hex()};") == "0x(0);"


def test_a_secret_below_twelve_characters_is_not_looked_for_encoded() -> None:
    short, long = "0123456789a", "0123456789ab"
    assert mask_of(short).whole(short.encode().hex()) == short.encode().hex()
    assert mask_of(long).whole(long.encode().hex()) == "(0)"


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("the end", 7),
        ("the a", 4),
        ("the abcd123", 4),
        ("the abcd123 ", 12),
        ("the abcd\t", 9),
        ("x a&#98", 2),
        ("x %6", 2),
        ("x &am", 2),
        ("x \\", 2),
        ("x \\u00", 2),
        ("x <b", 4),
        ("x a<b cl", 2),
        ("x a](ht tp", 2),
        ("x a](h)", 2),
        ("x a<!-- b c", 2),
        ("x a\x1b[3", 2),
        ("x a\x1b]0;t", 2),
        ("a<b and c> no", 13),
        ("x zz", 4),
    ],
)
def test_only_an_end_that_may_begin_a_secret_is_held_back(text: str, end: int) -> None:
    assert mask_of("abcd1234").open_end(text) == end


def test_of_a_long_end_no_more_is_held_back_than_could_count() -> None:
    mask = mask_of("abcd1234")
    assert mask.open_end("a" + "*" * 5000) == 5001
    assert mask.open_end("a" + "*" * 4095) == 0
    assert mask.open_end("a" + "*" * 4096) == 4097


def test_with_a_short_secret_the_last_word_is_held_back() -> None:
    mask = mask_of("abc")
    assert mask.open_end("one two") == 4
    assert mask.open_end("one é") == 5
    assert mask.open_end("one ") == 4


@pytest.mark.parametrize("size", [1, 3, 10])
def test_a_stream_gives_what_the_whole_text_gives(size: int) -> None:
    mask = mask_of("abcd1234", "abc")
    text = "a abc abcd1234, ab<i>cd</i>1234 &#97;bcd1234 abcd123 end ab"
    stream = MaskedStream(mask)
    pieces = [stream.feed(text[at : at + size]) for at in range(0, len(text), size)]
    assert "".join(pieces) + stream.flush() == mask.whole(text)
    assert stream.flush() == ""


def test_what_waited_is_given_out_once_no_secret_is_known_any_more() -> None:
    mask = mask_of("abcd1234")
    stream = MaskedStream(mask)
    assert stream.feed("the abcd") == "the "
    mask.forget_all()
    assert stream.feed("1234 end") == "abcd1234 end"
    assert stream.feed("!") == "!"


def test_an_encoded_secret_whose_beginning_was_given_out_is_still_masked() -> None:
    secret = "0123456789ab"
    encoded = secret.encode().hex()
    stream = MaskedStream(mask_of(secret))
    shown = "".join(map(stream.feed, encoded)) + stream.flush()
    assert shown.endswith("(0)")
    assert len(shown) <= 3 + 3

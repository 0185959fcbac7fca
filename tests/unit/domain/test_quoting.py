"""What somebody typed is quoted without what may be an API key."""

import pytest

from userdesk.domain.quoting import SHOWN, quoted, quoted_name, without_keys

KEY = "sk-0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("acme", "acme", "acme"),
        ("two words", "two words", "two words"),
        ("abc1234", "abc1234", "abc1234"),
        ("abcd1234", "abcd…", "abcd1234"),
        ("abcdefgh12345678", "abcd…", "abcd…"),
        ("abcdefgh1234567", "abcd…", "abcdefgh1234567"),
        (KEY, "sk-0…", "sk-0…"),
        ("12345678901234567890", "12345678901234567890", "12345678901234567890"),
        ("x" * 31, "x" * 31, "x" * 31),
        ("x" * 32, "xxxx…", "xxxx…"),
        ("a\nb\x1b[31m", "a b�[31m", "a b�[31m"),
        ("a b " * 20, ("a b " * 10)[:39] + "…", ("a b " * 10)[:39] + "…"),
    ],
)
def test_a_quoted_name_or_value_is_short_and_no_key(text: str, name: str, value: str) -> None:
    assert quoted_name(text) == name
    assert quoted(text) == value


def test_a_quote_is_as_long_as_asked_for() -> None:
    assert quoted("one two three", 8) == "one two…"
    assert quoted("one two three", 8) == "one two…"
    assert quoted("one two " + "." * 100, 9) == "one two…"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (f"no chatbot {KEY}", "no chatbot sk-0…"),
        (f"“{KEY}”, and {KEY}.", "“sk-0…”, and sk-0…."),
        ("0f0e0d0c-1111-2222-3333-0123456789ab", "0f0e0d0c-1111-2222-3333-0123456789ab"),
        ("/home/me/abcdefgh12345678/file", "/home/me/abcdefgh12345678/file"),
        ("abcdefgh12345678/config", "abcdefgh12345678/config"),
        ("abcdefgh12345678.toml", "abcdefgh12345678.toml"),
        ("abcdefgh1234567", "abcdefgh1234567"),
        ("x" * 40, "xxxx…"),
        ("x" * 20, "x" * 20),
    ],
)
def test_a_message_keeps_paths_and_ids_and_loses_keys(message: str, shown: str) -> None:
    assert without_keys(message) == shown


def test_enough_stays_of_a_key_to_find_where_it_was_pasted() -> None:
    assert SHOWN == 4

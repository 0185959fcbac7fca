"""Chatbots and their keys: which service they mean, and that no key shows itself."""

import pytest

from userdesk.domain.chatbot import DEMO_BOT, ENV_BOT, USERDESK_URL, ApiKey, Chatbot, User
from userdesk.domain.safe_text import clean

KEY = "sk-0123456789-abcdef"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(KEY, "…cdef"), ("0123456789ab", "…89ab"), ("0123456789a", "…"), ("short", "…"), ("", "…")],
)
def test_a_key_shows_four_letters_of_many_and_none_of_few(value: str, shown: str) -> None:
    key = ApiKey(value)
    assert (str(key), repr(key), f"{key}") == (shown, shown, shown)
    assert key.reveal() == value


def test_a_key_is_masked_everywhere_from_the_moment_it_is_made() -> None:
    assert clean(f"the key {KEY}!") == f"the key {KEY}!"
    ApiKey(KEY)
    assert clean(f"the key {KEY}!") == "the key …cdef!"


def test_equal_keys_are_equal_and_nothing_else_is() -> None:
    assert ApiKey(KEY) == ApiKey(KEY)
    assert hash(ApiKey(KEY)) == hash(ApiKey(KEY))
    assert ApiKey(KEY) != ApiKey(f"{KEY}0")
    assert ApiKey(KEY) != KEY


@pytest.mark.parametrize(
    ("chatbot", "is_demo", "foreign"),
    [
        (Chatbot("acme", "Acme", "1"), False, None),
        (Chatbot("acme", "Acme", "1", USERDESK_URL), False, None),
        (Chatbot("acme", "Acme", "1", "https://desk.example"), False, "https://desk.example"),
        (Chatbot(ENV_BOT, "Acme", "1", "https://desk.example"), False, "https://desk.example"),
        (Chatbot(DEMO_BOT, "Demo", "demo", "http://127.0.0.1:4000"), True, None),
    ],
)
def test_only_a_service_other_than_userdesks_own_is_part_of_the_identity(
    chatbot: Chatbot, is_demo: bool, foreign: str | None
) -> None:
    assert (chatbot.is_demo, chatbot.foreign_base_url) == (is_demo, foreign)


def test_names_that_files_and_the_service_rely_on() -> None:
    assert (DEMO_BOT, ENV_BOT, USERDESK_URL) == ("demo", "env", "https://api.userdesk.io")
    assert User() == ("", "")

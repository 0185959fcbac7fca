"""A request as a shell command: no text of a message is ever a command, a path or an escape sequence."""

import json
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userdesk.api.requests import curl_command
from userdesk.domain.chatbot import Chatbot, User
from userdesk.domain.failure import UserdeskError
from userdesk.domain.safe_text import clean

ACME = Chatbot("acme", "Acme", "12 3'4", "https://api.example.com/")


def body_of(command: str) -> dict[str, object]:
    words = shlex.split(command)
    return json.loads(words[words.index("--data-raw") + 1])


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_comes_through_and_nothing_else_does(text: str) -> None:
    command = curl_command(ACME, User("Ada", ""), text, "c-1")
    assert body_of(command) == {"message": text, "stream": True, "conversationId": "c-1", "userName": "Ada"}
    assert clean(command) == command and command.count("\n") == 3
    assert '--header "Authorization: Bearer $USERDESK_API_KEY"' in command
    assert shlex.split(command)[5] == "https://api.example.com/v1/chatbot/12%203%274/message"


def test_escapes_and_invisible_characters_are_written_out() -> None:
    command = curl_command(ACME, User(), "a\x1b]52;c;x\x07b\u202e\x9b\U000e0041é", None)
    assert "\\u001b]52;c;x\\u0007b\\u202e\\u009b\\udb40\\udc41é" in command
    assert "stream" not in body_of(command)


def test_without_an_id_nothing_is_streamed() -> None:
    assert body_of(curl_command(ACME, User(), "Hi", None)) == {"message": "Hi"}


def test_unusable_address_is_told() -> None:
    with pytest.raises(UserdeskError):
        curl_command(Chatbot("x", "X", "1", "not an address"), User(), "Hi", None)

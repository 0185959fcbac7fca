"""What a redacted export leaves out, and what it must leave alone."""

from datetime import UTC, datetime

import pytest

from userdesk.domain.chatbot import ApiKey, User
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Role, Status
from userdesk.export import FORMATS, Subject, redacted, render

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
KEY = ApiKey("short.key.42")
USER = User("Ada Lovelace", "ada@example.com")


def redact(text: str) -> str:
    conversation = Conversation(key="k", bot="acme", created=AT)
    message = Message(role=Role.USER, text=text, at=AT)
    return redacted(Subject.of(conversation, [message], "Acme"), USER, [KEY]).messages[0].text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I am Ada Lovelace.", "I am [name]."),
        ("write to bob.b+x@mail.example.org!", "write to [email]!"),
        ("ADA@EXAMPLE.COM", "[email]"),
        ("call +49 170 123 45 67 now", "call [number] now"),
        ("card 4111 1111 1111 1111", "card [number]"),
        ("pay DE89 3704 0044 0532 0130 00 today", "pay [account] today"),
        ("id ea74ba3d-6645-4f2b-9c1d-0123456789ab.", "id [id]."),
        ("token sk_live_4eC39HqLyjWDarjtT1zdp7dc", "token [secret]"),
        ("the key is short.key.42", "the key is [key]"),
        ("host 10.0.12.7", "host [address]"),
        ("https://u:p@x.example/a?token=1#b ok", "https://x.example/a ok"),
    ],
)
def test_what_tells_who_somebody_is_goes(text: str, left: str) -> None:
    assert redact(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Open 9-18 on 2026-11-21 at 20:54.",
        "It costs 1,299.00 euros for 12 months.",
        "Version 8.2.8, Python 3.11",
        "internationalization_and_localization",
        "See https://example.com/help/opening-hours",
        "Adamant people",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("name", FORMATS)
def test_no_id_survives_in_any_format(name: str) -> None:
    conversation = Conversation(
        key="localkey77",
        bot="acme",
        created=AT,
        id="conv-1",
        title="Mail ada@example.com",
        chatbot_id="bot-99",
        base_url="https://inside.example",
        previous_ids=("conv-0",),
    )
    failure = Failure(kind=FailureKind.SERVER_ERROR, words="Failed", status=500, detail="conv-1 at 10.0.0.9")
    message = Message(
        role=Role.ASSISTANT,
        text="As conv-0 said",
        at=AT,
        status=Status.FAILED,
        failure=failure,
        conversation_id="conv-1",
    )
    text = render(redacted(Subject.of(conversation, [message], "Acme"), USER), name)
    for secret in ("conv-1", "conv-0", "bot-99", "inside.example", "localkey77", "ada@", "10.0.0.9"):
        assert secret not in text
    assert "redacted" in text

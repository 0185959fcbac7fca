"""What a redacted export leaves out, and what it must leave alone."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from userdesk.domain.chatbot import ApiKey, User
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Role, Status
from userdesk.export.formats import FORMATS, render
from userdesk.export.redaction import redacted
from userdesk.export.subject import Subject

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
KEY = ApiKey("short.key.42")
USER = User("Ada Lovelace", "ada@example.com")


def redact(text: str) -> str:
    conversation = Conversation(key="k", bot="acme", created=AT)
    message = Message(role=Role.USER, text=text, at=AT)
    subject = redacted(Subject.of(conversation, [message], "Acme"), USER, [KEY])
    return next(iter(subject.messages)).text


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
        "invoice 2026/11/0042",
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


LINES = ("redaction_lines.toml", "redaction_lines_apart.toml", "redaction_lines_fresh.toml")
MOST_MISSES = 0.05
"""Of what must go."""
MOST_FALSE_HITS = 0.1
"""Of the lines that must stay."""


@pytest.mark.parametrize("name", LINES)
def test_few_secrets_stay_and_few_other_lines_are_touched(name: str) -> None:
    """Lines kept apart from the rules; the fresh ones are by somebody who had not read the rules."""
    lines = tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))["line"]
    secrets = [(line["text"], secret) for line in lines for secret in line.get("gone", ())]
    harmless = [line["text"] for line in lines if "gone" not in line]
    missed = [f"{secret!r} in {redact(text)!r}" for text, secret in secrets if secret in redact(text)]
    touched = [f"{text!r} became {redact(text)!r}" for text in harmless if redact(text) != text]
    told = (
        f"{name}: {len(missed)} of {len(secrets)} secrets missed, {len(touched)} of {len(harmless)} "
        f"harmless lines touched"
    )
    print(told)
    assert len(missed) <= MOST_MISSES * len(secrets), "\n".join((told, *missed))
    assert len(touched) <= MOST_FALSE_HITS * len(harmless), "\n".join((told, *touched))


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
    failure = Failure(FailureKind.SERVER_ERROR, "Failed", status=500, detail="conv-1 at 10.0.0.9")
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


def subject_of(text: str, *, chatbot: str = "Acme", words: str = "Failed", detail: str = "") -> Subject:
    conversation = Conversation(
        key="k", bot="acme", created=AT, chatbot_id="bot-99", base_url="https://inside.example:8443/chat"
    )
    failure = Failure(FailureKind.DNS, words, detail=detail)
    message = Message(role=Role.ASSISTANT, text=text, at=AT, status=Status.FAILED, failure=failure)
    return redacted(Subject.of(conversation, [message], chatbot), USER, [KEY])


@pytest.mark.parametrize(
    "text",
    [
        "I run at https://inside.example:8443/chat.",
        "I run at https://inside.example:8443/chat/v1/chatbot/bot-99/message",
        "inside.example:8443 was unreachable",
        "Could not resolve the host name inside.example",
        "bot-99 is my id",
    ],
)
def test_the_service_and_its_chatbot_are_told_in_no_text(text: str) -> None:
    subject = subject_of(text, words=text, detail=text)
    failure = next(iter(subject.messages)).failure
    assert failure
    for told in (next(iter(subject.messages)).text, failure.message, failure.detail):
        assert "inside.example" not in told and "bot-99" not in told


@pytest.mark.parametrize("name", FORMATS)
def test_a_failures_words_and_the_chatbots_name_are_redacted(name: str) -> None:
    """In every part of an export: nothing that is known or found stands in a name or a failure either."""
    subject = subject_of(
        "Hello Ada!", chatbot="Acme of ada@example.com", words="Ask bob@example.org at +49 30 1234"
    )
    text = render(subject, name)
    for secret in ("ada@example.com", "bob@example.org", "+49 30 1234", "Hello Ada"):
        assert secret not in text
    assert "Acme of" in text


def test_names_are_words_of_their_own() -> None:
    assert redact("Hi Ada, Mrs Lovelace! Adamant ada") == "Hi [name], Mrs [name]! Adamant ada"


def test_what_was_masked_before_shows_no_letters_of_the_key() -> None:
    key = ApiKey("sk-0123456789-WXYZ")
    conversation = Conversation(key="k", bot="acme", created=AT)
    message = Message(role=Role.USER, text=f"it is {key.reveal()}", at=AT)
    subject = redacted(Subject.of(conversation, [message], "Acme"), USER, [key])
    assert next(iter(subject.messages)).text == "it is [key]"


@pytest.mark.parametrize(
    "text", ["a-", "1 ", "1:", "token: x1 ", "(0", "sk_", "password is ", "eyJ", "a@", "x://"]
)
def test_redaction_costs_little_whatever_it_reads(text: str) -> None:
    from time import process_time

    redact("call 555-0134")  # the library is imported with the first number
    begun = process_time()
    redact((text * 50_000)[:50_000])
    assert process_time() - begun < 5

"""Conversations: whose they are, under which ids they go on, and the titles they get."""

import re
from datetime import UTC, datetime

import pytest

from userdesk.domain.chatbot import Chatbot
from userdesk.domain.conversation import UNTITLED, Conversation, attached_title, new_key, title_from

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
ACME = Chatbot("acme", "Acme", "1")
MIRROR = Chatbot("acme", "Acme", "1", "https://mirror.example")


def conversation(**values: object) -> Conversation:
    return Conversation(**{"key": "k1", "bot": "acme", "created": AT, **values})  # type: ignore[arg-type]


def test_keys_are_fresh_and_safe_as_file_names() -> None:
    keys = {new_key() for _ in range(50)}
    assert len(keys) == 50
    assert all(re.fullmatch(r"[0-9a-f]{16}", key) for key in keys)


@pytest.mark.parametrize(("chatbot", "base_url"), [(ACME, None), (MIRROR, "https://mirror.example")])
def test_a_new_conversation_remembers_the_chatbot_that_it_was_begun_with(
    chatbot: Chatbot, base_url: str | None
) -> None:
    begun = Conversation.start(chatbot, AT)
    assert begun == conversation(key=begun.key, chatbot_id="1", base_url=base_url)
    assert begun.belongs_to(chatbot)
    assert Conversation.start(chatbot, AT).key != begun.key


def test_a_new_conversation_has_no_id_no_title_and_no_pin() -> None:
    begun = Conversation.start(ACME, AT)
    assert (begun.id, begun.title, begun.pinned, begun.previous_ids, dict(begun.extra)) == (
        None,
        "",
        False,
        (),
        {},
    )
    assert UNTITLED == "New conversation"


@pytest.mark.parametrize(
    ("fields", "chatbot", "belongs"),
    [
        ({"chatbot_id": "1"}, ACME, True),
        ({"chatbot_id": "2"}, ACME, False),
        ({"chatbot_id": "1"}, MIRROR, False),
        ({"chatbot_id": "1", "base_url": "https://mirror.example"}, MIRROR, True),
        ({"chatbot_id": "1", "base_url": "https://mirror.example"}, ACME, False),
        ({}, ACME, True),
        ({}, MIRROR, True),
        ({}, Chatbot("other", "Acme", "1"), False),
        ({"chatbot_id": "1"}, Chatbot("other", "Acme", "1"), False),
    ],
)
def test_messages_go_to_the_conversations_own_chatbot_alone(
    fields: dict[str, object], chatbot: Chatbot, belongs: bool
) -> None:
    assert conversation(**fields).belongs_to(chatbot) is belongs


def test_the_demo_chatbots_port_is_no_part_of_its_identity() -> None:
    before = Conversation.start(Chatbot("demo", "Demo", "demo", "http://127.0.0.1:4000"), AT)
    assert before.base_url is None
    assert before.belongs_to(Chatbot("demo", "Demo", "demo", "http://127.0.0.1:5000"))


@pytest.mark.parametrize(
    ("before", "known", "after"),
    [
        ({}, "a", {"id": "a"}),
        ({"id": "a"}, "a", {"id": "a"}),
        ({"id": "a"}, "b", {"id": "a", "previous_ids": ("b",)}),
        ({"id": "a", "previous_ids": ("b",)}, "b", {"id": "a", "previous_ids": ("b",)}),
        ({"id": "a", "previous_ids": ("b",)}, "c", {"id": "a", "previous_ids": ("b", "c")}),
        ({"previous_ids": ("b",)}, "c", {"id": "c", "previous_ids": ("b",)}),
    ],
)
def test_an_id_that_it_has_stays_and_no_other_is_lost(
    before: dict[str, object], known: str, after: dict[str, object]
) -> None:
    assert conversation(**before).with_id(known) == conversation(**after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"id": "a"}, {"previous_ids": ("a",)}),
        ({"id": "b", "previous_ids": ("a",)}, {"previous_ids": ("a", "b")}),
        ({"previous_ids": ("a",)}, {"previous_ids": ("a",)}),
    ],
)
def test_an_id_that_is_given_up_is_kept_as_an_earlier_one(
    before: dict[str, object], after: dict[str, object]
) -> None:
    assert conversation(**before).without_id() == conversation(**after)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Where is my parcel?", "Where is my parcel?"),
        ("\n\n  \tWhere   is\tit?  \nthe second line", "Where is it?"),
        ("\u200b\n\x1b[31mred", "�[31mred"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 58 + " and more", "x" * 58 + "…"),
        (" \n\t", ""),
        ("", ""),
    ],
)
def test_a_title_is_the_first_line_that_says_something(text: str, title: str) -> None:
    assert title_from(text) == title


def test_a_title_may_be_asked_for_shorter() -> None:
    assert title_from("one two three", limit=8) == "one two…"


def test_a_conversation_attached_by_its_id_is_called_by_its_beginning() -> None:
    assert attached_title("0123456789abcdef") == "Opened 01234567"

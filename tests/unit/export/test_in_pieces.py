"""An export holds a message at a time, however many there are, and comes out as if made at once."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from userdesk.domain.chatbot import User
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role
from userdesk.export.formats import BLOCK, FORMATS, in_blocks, render, rendered
from userdesk.export.redaction import redacted
from userdesk.export.subject import Subject

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
HELD_AT_MOST = 4


class Watched(Message):
    """A message that counts how many there are of its kind, copies included."""

    alive = most_alive = 0

    def __new__(cls, **fields: Any) -> "Watched":
        return cls._make(Message(**fields))

    @classmethod
    def _make(cls, iterable: Iterable[Any]) -> "Watched":
        Watched.alive += 1
        Watched.most_alive = max(Watched.most_alive, Watched.alive)
        return super()._make(iterable)

    def __del__(self) -> None:
        Watched.alive -= 1


class Passing:
    """Messages that are made as they are asked for."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Message]:
        for number in range(self._count):
            role = Role.ASSISTANT if number % 2 else Role.USER
            yield Watched(role=role, text=f"**{number}** of a@b.example\x00\n\n- 日本", at=AT)


def subject_of(messages: Passing | list[Message]) -> Subject:
    return Subject.of(Conversation(key="k", bot="acme", created=AT, title="Long"), messages, "Acme")


@pytest.mark.parametrize("redacts", [False, True])
@pytest.mark.parametrize("name", FORMATS)
def test_no_format_holds_more_than_a_few_messages(name: str, redacts: bool) -> None:
    Watched.most_alive = 0
    subject = subject_of(Passing(400))
    subject = redacted(subject, User()) if redacts else subject
    text = b"".join(in_blocks(rendered(subject, name))).decode()
    assert 0 < Watched.most_alive <= HELD_AT_MOST
    assert "**399**" in text or "399" in text
    assert ("a@b.example" in text) is not redacts
    assert text == render(subject, name), "they can be gone through again"


def test_blocks_are_neither_small_nor_whole() -> None:
    blocks = list(in_blocks(f"{number:09d}€" for number in range(50_000)))
    assert [len(block.decode()) > BLOCK for block in blocks[:-1]] == [True] * (len(blocks) - 1)
    assert all(len(block.decode()) <= BLOCK + 10 for block in blocks) and len(blocks) > 5
    assert b"".join(blocks).decode() == "".join(f"{number:09d}€" for number in range(50_000))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_in_pieces_is_laid_out_as_one_document(count: int) -> None:
    text = render(subject_of(list(Passing(count))), "json")
    document = json.loads(text)
    assert len(document["messages"]) == count
    assert text == json.dumps(document, ensure_ascii=False, indent=2) + "\n"

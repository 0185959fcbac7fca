"""A failure's detail says what its headline does not, or nothing."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Role, Status
from userdesk.store import Store

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)


@pytest.mark.parametrize(
    ("detail", "left"),
    [
        ("Wrong API Key", ""),
        ("wrong  API key.", ""),
        ("401", ""),
        ("401 · Wrong API Key", ""),
        ("Wrong API Key; Unauthorized", "Unauthorized"),
        ("Wrong API Key ending in …6789", "Wrong API Key ending in …6789"),
        ("no such chatbot; ask the owner", "no such chatbot; ask the owner"),
    ],
)
def test_what_the_headline_says_is_left_out(detail: str, left: str) -> None:
    failure = Failure(FailureKind.WRONG_KEY, "Wrong API Key", status=401, detail=detail)
    assert failure.detail == left
    assert replace(failure, status=None).message == "Wrong API Key"


def test_transcripts_of_earlier_versions_are_read_so_too(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.open()
    store.add(Conversation(key="one", bot="acme", created=AT, title="One"))
    failure = Failure(FailureKind.WRONG_KEY, "Wrong API Key", status=401, detail="revoked")
    store.transcript("one").append(
        Message(role=Role.ASSISTANT, text="", at=AT, status=Status.FAILED, failure=failure)
    )
    path = tmp_path / "transcripts" / "one.jsonl"
    assert json.loads(path.read_text("utf-8"))["failure"]["detail"] == "revoked"
    path.write_text(path.read_text("utf-8").replace("revoked", "Wrong API Key"), "utf-8")
    read = Store(tmp_path)
    read.open()
    again = read.transcript("one")[-1].failure
    assert again is not None and again.detail == ""

"""Messages as lines of a transcript, and back: one JSON object a line, never trusted to be ours."""

import math
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import TypeVar

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import LONGEST_ANSWER, NOTHING, Message, Metrics, Role, Status
from userdesk.domain.timestamps import BEGINNING, moment_in, timestamp
from userdesk.files.formats import FileFormat
from userdesk.store.transcript.long_line import with_note

_Enum = TypeVar("_Enum", bound=StrEnum)

FORMAT = FileFormat(version=1)
ENTRY = "conversation"
"""Under which a line carries what the list says of its conversation."""
UNREADABLE_LINE = "This line of the transcript could not be read"
NOT_THERE = "This message is no longer in the transcript file"
_KNOWN = {
    *["role", "text", "at", "status", "failure", "figures", "conversation_id", "welcome", "chunks", "turn"],
    ENTRY,
}
_ROLES = {role.value: role for role in Role}
_STATUSES = {status.value: status for status in Status}
_FAILURE_KINDS = {kind.value: kind for kind in FailureKind}
_ENTRY_BEGINS = f'"{ENTRY}": {{'.encode()  # within a text each quote has a backslash before it
_NEVER = 10**15  # ms or characters; figures and replays count in floats, which not every number has
_LINE_BEGINS = b'{"role": "'
_TEXT_BEGINS = b', "text": "'
_TEXT_ENDS = b'", "at": "'


def encode(message: Message, turn_id: str | None = None, entry: Conversation | None = None) -> bytes:
    """A message as its line of the transcript; with `entry` it carries what the list says."""
    metrics = message.metrics._asdict() if message.metrics else {}
    record: dict[str, object] = {
        "role": message.role.value,
        "text": message.text,
        "at": timestamp(message.at),
        "status": message.status.value,
        "failure": message.failure and _failure_record(message.failure),
        "figures": {key: value for key, value in metrics.items() if value is not None} or None,
        "conversation_id": message.conversation_id,
        "welcome": message.welcome or None,
        "chunks": message.chunks or None,
        "turn": turn_id,
        ENTRY: entry and _entry_record(entry),
    }
    said = {key: value for key, value in record.items() if value is not None}
    unknown = {key: value for key, value in message.extra.items() if key not in said}
    return FORMAT.line(said | unknown)


def decode(line: bytes, fallback: datetime) -> Message:
    """The message of a line; one marked failed if it can't be read. `fallback` is for a missing time."""
    record = FORMAT.parse(line)
    if record is None or not isinstance(text := record.get("text"), str):
        return unreadable(fallback)
    if len(text) > LONGEST_ANSWER:  # by another program, or an earlier version of this one
        text = with_note(text, len(text))
    at = moment_in(record.get("at"), fallback)
    if (role := _member(_ROLES, record.get("role"))) is None:
        return unreadable(at, text)
    conversation_id = record.get("conversation_id")
    extra = NOTHING
    if not _KNOWN.issuperset(record):
        extra = {key: value for key, value in record.items() if key not in _KNOWN}
    return Message(
        role=role,
        text=text,
        at=at,
        status=_member(_STATUSES, record.get("status")) or Status.COMPLETE,
        failure=_failure(record.get("failure")),
        metrics=_figures(record.get("figures")),
        conversation_id=conversation_id if isinstance(conversation_id, str) else None,
        welcome=record.get("welcome") is True,
        chunks=chunk_pairs(record.get("chunks")),
        extra=extra,
    )


def text_bytes(line: bytes) -> bytes:
    """The bytes of a message's text where its line has the form we write it in, else the whole line.

    Inside a JSON string every quote has a backslash before it, so the marks can't be part of the text.
    """
    if line.startswith(_LINE_BEGINS):
        begin = line.find(_TEXT_BEGINS, len(_LINE_BEGINS), 64)
        end = line.find(_TEXT_ENDS, begin + len(_TEXT_BEGINS)) if begin > 0 else -1
        if end > 0:
            return line[begin + len(_TEXT_BEGINS) : end]
    return line


def is_answer_of(line: bytes, turn_id: str) -> bool:
    """Whether a line is the answer of a turn."""
    if turn_id.encode() not in line:
        return False
    record = FORMAT.parse(line) or {}
    return record.get("turn") == turn_id and record.get("role") == Role.ASSISTANT.value


def last_entry(data: bytes, key: ConversationKey) -> Conversation | None:
    """What the last of some lines that carries its conversation says of it; None where none does."""
    at = len(data)
    while (at := data.rfind(_ENTRY_BEGINS, 0, at)) >= 0:
        begin, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        record = FORMAT.parse(data[begin : end if end >= 0 else len(data)]) or {}
        if (conversation := _conversation(record.get(ENTRY), key)) is not None:
            return conversation
    return None


def _entry_record(conversation: Conversation) -> dict[str, object]:
    record: dict[str, object] = {
        "id": conversation.id,
        "bot": conversation.bot,
        "chatbot_id": conversation.chatbot_id,
        "base_url": conversation.base_url,
        "title": conversation.title,
        "created": timestamp(conversation.created) if conversation.created != BEGINNING else None,
        "previous_ids": list(conversation.previous_ids),
    }
    return {key: value for key, value in record.items() if value}


def _conversation(record: object, key: ConversationKey) -> Conversation | None:
    if not isinstance(record, dict) or not isinstance(record.get("bot"), str):
        return None
    text = {name: value for name, value in record.items() if isinstance(value, str)}
    previous = record.get("previous_ids")
    return Conversation(
        key=key,
        bot=text["bot"],
        created=moment_in(record.get("created"), BEGINNING),
        id=text.get("id"),
        title=text.get("title", ""),
        chatbot_id=text.get("chatbot_id"),
        base_url=text.get("base_url"),
        previous_ids=tuple(x for x in previous if isinstance(x, str)) if isinstance(previous, list) else (),
    )


def unreadable(at: datetime, text: str = "", why: str = UNREADABLE_LINE) -> Message:
    """What stands for a line that can't be read, so that the reader sees that something is there."""
    failure = Failure(FailureKind.UNREADABLE_ANSWER, why)
    return Message(role=Role.ASSISTANT, text=text, at=at, status=Status.FAILED, failure=failure)


def chunk_pairs(value: object) -> tuple[tuple[int, int], ...]:
    """(milliseconds, characters) pairs of a line; empty where they are not that."""
    if not isinstance(value, list) or not value:
        return ()
    try:
        if set(map(type, chain.from_iterable(value))) == {int} and set(map(len, value)) == {2}:
            pairs = tuple(map(tuple, value))
        else:
            pairs = tuple((int(milliseconds), int(characters)) for milliseconds, characters in value)
    except (TypeError, ValueError, OverflowError):
        return ()
    return pairs if max(map(abs, chain.from_iterable(pairs))) < _NEVER else ()


def _member(members: Mapping[str, _Enum], value: object) -> _Enum | None:
    return members.get(value) if isinstance(value, str) else None


def _failure_record(failure: Failure) -> dict[str, object]:
    more = {"status": failure.status, "detail": failure.detail, "may_have_arrived": failure.may_have_arrived}
    said = {key: value for key, value in more.items() if value}
    return {"kind": failure.kind.value, "words": failure.message, **said}


def _failure(value: object) -> Failure | None:
    if not isinstance(value, dict) or not isinstance(value.get("words"), str):
        return None
    # Of a kind that only a newer version has, the words still say what happened.
    kind = _member(_FAILURE_KINDS, value.get("kind")) or FailureKind.OTHER_STATUS
    status, detail = value.get("status"), value.get("detail")
    return Failure(
        kind,
        value["words"],
        status=status if isinstance(status, int) and not isinstance(status, bool) else None,
        detail=detail if isinstance(detail, str) else "",
        may_have_arrived=value.get("may_have_arrived") is True,
    )


def _figures(value: object) -> Metrics | None:
    if not isinstance(value, dict):
        return None
    total, characters = _seconds(value.get("total")), value.get("characters")
    if total is None or not isinstance(characters, int) or abs(characters) >= _NEVER:
        return None
    return Metrics(first_text=_seconds(value.get("first_text")), total=total, characters=characters)


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = float(value)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) else None

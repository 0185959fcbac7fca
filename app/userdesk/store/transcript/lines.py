"""Messages as lines of a transcript, and back: one JSON object a line, never trusted to be ours."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import LONGEST_ANSWER, NOTHING, Message, Metrics, Role, Status
from userdesk.store.times import BEGINNING

UNREADABLE_LINE = "This line of the transcript could not be read"
NOT_THERE = "This message is not in the transcript's file any more"
ENTRY = "conversation"
"""What a line may carry of its conversation, from which a lost entry is made again."""
_KNOWN = frozenset(
    (
        "role",
        "text",
        "at",
        "status",
        "failure",
        "figures",
        "conversation_id",
        "welcome",
        "chunks",
        "turn",
        ENTRY,
    )
)
_SHOWN = 100_000  # characters of a text beyond the limit; it opens as any other
_SURROGATE = re.compile("[\ud800-\udfff]")


def json_line(record: Mapping[str, object]) -> bytes:
    """A record as one line of UTF-8, not escaped; lone surrogates become U+FFFD."""
    text = json.dumps(record, ensure_ascii=False, default=str)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.encode() + b"\n"


def record_of(line: bytes) -> dict[str, Any] | None:
    """The JSON object a line holds; None where it holds none."""
    try:
        record = json.loads(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def encode(message: Message, turn_id: str | None = None, entry: Conversation | None = None) -> bytes:
    """A message as its line of the transcript, newline included; keys stand only where they say something.

    With `entry` it carries what conversations.toml says of the conversation.
    """
    record: dict[str, object] = {
        "role": message.role.value,
        "text": message.text,
        "at": _timestamp(message.at),
        "status": message.status.value,
    }
    if message.failure is not None:
        record["failure"] = _failure_record(message.failure)
    if message.metrics is not None:
        metrics = {
            "first_text": message.metrics.first_text,
            "total": message.metrics.total,
            "characters": message.metrics.characters,
        }
        record["figures"] = {key: value for key, value in metrics.items() if value is not None}
    if message.conversation_id is not None:
        record["conversation_id"] = message.conversation_id
    if message.welcome:
        record["welcome"] = True
    if message.chunks:
        record["chunks"] = [list(pair) for pair in message.chunks]
    if turn_id is not None:
        record["turn"] = turn_id
    if entry is not None:
        record[ENTRY] = _entry_record(entry)
    for key, value in message.extra.items():
        record.setdefault(key, value)
    return json_line(record)


def decode(line: bytes, fallback: datetime) -> Message:
    """The message of a line; one marked failed if it can't be read. `fallback` is for a missing time."""
    record = record_of(line)
    if record is None or not isinstance(record.get("text"), str):
        return unreadable(fallback)
    if len(record["text"]) > LONGEST_ANSWER:  # by another program, or an earlier version of this one
        record["text"] = _beginning(record["text"])
    at = _moment(record.get("at"), fallback)
    try:
        role = Role(str(record.get("role")))
    except ValueError:
        return unreadable(at, record["text"])
    conversation_id = record.get("conversation_id")
    extra = {key: value for key, value in record.items() if key not in _KNOWN}
    return Message(
        role=role,
        text=record["text"],
        at=at,
        status=_status(record.get("status")),
        failure=_failure(record.get("failure")),
        metrics=_figures(record.get("figures")),
        conversation_id=conversation_id if isinstance(conversation_id, str) else None,
        welcome=record.get("welcome") is True,
        chunks=chunk_pairs(record.get("chunks")),
        extra=extra or NOTHING,
    )


def _beginning(text: str) -> str:
    """What is shown of a text beyond the limit; all of it stays in its file."""
    count = f"{len(text) / 1e6:.1f} million characters"
    return f"{text[:_SHOWN]}\n\n[{count}: the rest stands in the transcript's file and is not shown]"


def unreadable(at: datetime, text: str = "", words: str = UNREADABLE_LINE) -> Message:
    """What stands for a line that can't be read, so that the reader sees that something is there."""
    failure = Failure(kind=FailureKind.UNREADABLE_ANSWER, words=words)
    return Message(role=Role.ASSISTANT, text=text, at=at, status=Status.FAILED, failure=failure)


def chunk_pairs(value: object) -> tuple[tuple[int, int], ...]:
    """(milliseconds, characters) pairs of a line; empty where they are not that."""
    if not isinstance(value, list):
        return ()
    try:
        return tuple((int(milliseconds), int(characters)) for milliseconds, characters in value)
    except (TypeError, ValueError, OverflowError):
        return ()


def _timestamp(moment: datetime) -> str:
    try:
        moment = moment.astimezone(UTC)
    except (OverflowError, ValueError, OSError):
        moment = moment.replace(tzinfo=UTC)  # the first or last day of the calendar
    return moment.isoformat().replace("+00:00", "Z")


def _moment(value: object, fallback: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else fallback
    except ValueError:
        return fallback
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _status(value: object) -> Status:
    try:
        return Status(str(value))
    except ValueError:
        return Status.COMPLETE


def _entry_record(conversation: Conversation) -> dict[str, object]:
    record: dict[str, object] = {
        "id": conversation.id,
        "bot": conversation.bot,
        "chatbot_id": conversation.chatbot_id,
        "base_url": conversation.base_url,
        "title": conversation.title,
        "created": _timestamp(conversation.created) if conversation.created != BEGINNING else None,
        "previous_ids": list(conversation.previous_ids),
    }
    return {key: value for key, value in record.items() if value}


def entry_of(line: bytes, key: str) -> Conversation | None:
    """The conversation that a line of its transcript carries; None where it carries none."""
    record = record_of(line) if f'"{ENTRY}"'.encode() in line else None
    entry = record.get(ENTRY) if record else None
    if not isinstance(entry, dict) or not isinstance(entry.get("bot"), str):
        return None
    text = {name: value for name, value in entry.items() if isinstance(value, str)}
    previous = entry.get("previous_ids")
    return Conversation(
        key=key,
        bot=text["bot"],
        created=_moment(entry.get("created"), BEGINNING),
        id=text.get("id"),
        title=text.get("title", ""),
        chatbot_id=text.get("chatbot_id"),
        base_url=text.get("base_url"),
        previous_ids=tuple(x for x in previous if isinstance(x, str)) if isinstance(previous, list) else (),
    )


def _failure_record(failure: Failure) -> dict[str, object]:
    record: dict[str, object] = {"kind": failure.kind.value, "words": failure.words}
    if failure.status is not None:
        record["status"] = failure.status
    if failure.detail:
        record["detail"] = failure.detail
    if failure.may_have_arrived:
        record["may_have_arrived"] = True
    return record


def _failure(value: object) -> Failure | None:
    if not isinstance(value, dict) or not isinstance(value.get("words"), str):
        return None
    try:
        kind = FailureKind(str(value.get("kind")))
    except ValueError:
        kind = FailureKind.OTHER_STATUS  # a newer version's kind: its words still say what happened
    status, detail = value.get("status"), value.get("detail")
    return Failure(
        kind=kind,
        words=value["words"],
        status=status if isinstance(status, int) and not isinstance(status, bool) else None,
        detail=detail if isinstance(detail, str) else "",
        may_have_arrived=value.get("may_have_arrived") is True,
    )


def _figures(value: object) -> Metrics | None:
    if not isinstance(value, dict):
        return None
    total, characters = _seconds(value.get("total")), value.get("characters")
    if total is None or not isinstance(characters, int):
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

"""A conversation as JSON: everything that is known of it and that says something.

Keys are those of the data folder and of `send --json`; `conversationId` is Userdesk's own word.
"""

import json
from collections.abc import Iterator, Mapping

from userdesk.domain.failure import Failure
from userdesk.domain.message import Message
from userdesk.domain.timestamps import timestamp
from userdesk.domain.verdict import Judgement
from userdesk.export.subject import Subject

_encoded = json.JSONEncoder(ensure_ascii=False).encode


def json_of(subject: Subject) -> Iterator[str]:
    """One indented JSON object, in UTF-8 that is not escaped."""
    conversation = subject.conversation
    head = {
        "title": subject.title,
        "conversationId": conversation.id,
        "previous_ids": list(conversation.previous_ids),
        "chatbot": subject.chatbot,
        "chatbot_id": conversation.chatbot_id,
        "base_url": conversation.base_url,
        "created": timestamp(conversation.created),
        "redacted": subject.is_redacted,
    }
    yield _object(_told(head), "").removesuffix("\n}") + ',\n  "messages": ['
    place, verdicts = -1, subject.verdicts
    for place, message in enumerate(subject.messages):
        record = _message(message)
        if place in verdicts:
            record |= _verdict(verdicts[place])
        yield ("," if place else "") + f"\n    {_object(record, '    ')}"
    yield "\n  ]\n}\n" if place >= 0 else "]\n}\n"


def _object(record: Mapping[str, object], indent: str) -> str:
    """A record whose lines are indented, its first one aside: what `json.dumps` gives, several times as fast.

    That would go through each value in Python, once anything is to be indented.
    """
    inner = f"{indent}  "
    lines = [f'{inner}"{key}": {_value(value, inner)}' for key, value in record.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _value(value: object, indent: str) -> str:
    if isinstance(value, str):
        return _encoded(value)
    if isinstance(value, dict):
        return _object(value, indent)
    if isinstance(value, list):
        inner = f"{indent}  "
        return f"[\n{inner}" + f",\n{inner}".join(map(_encoded, value)) + f"\n{indent}]"
    return _encoded(value)


def _message(message: Message) -> dict[str, object]:
    record: dict[str, object] = {
        "role": message.role.value,
        "text": message.text,
        "at": timestamp(message.at),
        "status": message.status.value,
    }
    if message.welcome:
        record["welcome"] = True
    if message.failure:
        record["failure"] = _failure(message.failure)
    if message.metrics:
        record["figures"] = message.metrics.rounded
    if message.conversation_id:
        record["conversationId"] = message.conversation_id
    return record


def _verdict(judgement: Judgement) -> dict[str, object]:
    record = {"verdict": judgement.verdict, "note": judgement.note, "judged": timestamp(judgement.at)}
    return _told(record)


def _failure(failure: Failure) -> dict[str, object]:
    record = {
        "kind": failure.kind.value,
        "status": failure.status,
        "message": failure.message,
        "detail": failure.detail,
        "may_have_arrived": failure.may_have_arrived,
    }
    return _told(record)


def _told(record: Mapping[str, object]) -> dict[str, object]:
    """Of a record what says something."""
    return {key: value for key, value in record.items() if value not in (None, "", [], False)}

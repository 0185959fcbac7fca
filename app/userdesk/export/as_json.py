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
    yield _indented(_told(head)).removesuffix("\n}") + ',\n  "messages": ['
    place = -1
    for place, message in enumerate(subject.messages):
        record = _indented(_message(message) | _verdict(subject.verdicts.get(place)))
        # No text has a line break of its own in it: JSON escapes them.
        yield ("," if place else "") + f"\n{record}".replace("\n", "\n    ")
    yield "\n  ]\n}\n" if place >= 0 else "]\n}\n"


def _indented(record: Mapping[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2)


def _message(message: Message) -> dict[str, object]:
    record = {
        "role": message.role.value,
        "text": message.text,
        "at": timestamp(message.at),
        "status": message.status.value,
    }
    more = {
        "welcome": message.welcome,
        "failure": message.failure and _failure(message.failure),
        "figures": message.metrics and message.metrics.rounded,
        "conversationId": message.conversation_id,
    }
    return record | _told(more)


def _verdict(judgement: Judgement | None) -> dict[str, object]:
    if judgement is None:
        return {}
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

"""A conversation as JSON: everything that is known of it and that says something.

Keys are those of the data folder and of `send --json`; `conversationId` is Userdesk's own word.
"""

import json

from userdesk.domain.failure import Failure
from userdesk.domain.message import Message
from userdesk.domain.timestamps import timestamp
from userdesk.export.subject import Subject


def json_of(subject: Subject) -> str:
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
    document: dict[str, object] = {
        key: value for key, value in head.items() if value not in (None, [], False)
    }
    document["messages"] = [_message(message) for message in subject.messages]
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


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


def _failure(failure: Failure) -> dict[str, object]:
    record = {
        "kind": failure.kind.value,
        "status": failure.status,
        "message": failure.message,
        "detail": failure.detail,
        "may_have_arrived": failure.may_have_arrived,
    }
    return {key: value for key, value in record.items() if value not in (None, "", False)}

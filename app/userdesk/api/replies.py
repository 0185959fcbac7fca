"""What the two endpoints reply, and how the documented JSON is read."""

import json
from typing import NamedTuple

from userdesk.api.server_words import words_in


class Created(NamedTuple):
    """A new conversation's id and the chatbot's welcome message, where one is configured."""

    conversation_id: str
    welcome: str | None


class Answer(NamedTuple):
    """A whole answer; the id is None where the server left it out."""

    text: str
    conversation_id: str | None


class Chunk(NamedTuple):
    """A piece of a streamed answer: its text and its size in bytes as it came.

    The text is empty where the piece only began or continued a character.
    """

    text: str
    size: int
    split: bool = False
    """Whether it ended inside a character, which the next one goes on with."""


class CreateUnavailable(Exception):
    """The service lacks the endpoint that creates conversations; no failure to tell the user."""


class UndocumentedReply(Exception):
    """A success status without the documented JSON; `words` are the server's own, where it has some."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def read_created(body: bytes) -> Created:
    """Read the reply of "Create a conversation"; raises UndocumentedReply."""
    reply = _documented(body)
    conversation_id = _text(reply, "conversationId")
    if not conversation_id:
        raise UndocumentedReply("the conversationId is missing")
    return Created(conversation_id, _text(reply, "response") or None)


def read_answer(body: bytes) -> Answer:
    """Read the unstreamed reply of "Send a message"; raises UndocumentedReply."""
    reply = _documented(body)
    text = _text(reply, "response")
    if text is None:
        raise UndocumentedReply("the response is missing")
    return Answer(text, _text(reply, "conversationId") or None)


def _documented(body: bytes) -> dict[str, object]:
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError):  # a UnicodeDecodeError is a ValueError
        raise UndocumentedReply("not JSON" if body.strip() else "an empty body") from None
    if not isinstance(reply, dict):
        raise UndocumentedReply("not a JSON object")
    if reply.get("success") is not True:
        words = words_in(reply) if reply.get("success") is False else ""
        raise UndocumentedReply(words or "without success: true")
    return reply


def _text(reply: dict[str, object], field: str) -> str | None:
    value = reply.get(field)
    return encodable(value) if isinstance(value, str) else None


def encodable(text: str) -> str:
    r"""The text with lone surrogates (JSON's `\ud800`) replaced, so that it can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text

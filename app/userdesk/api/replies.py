"""What the two endpoints reply."""

from typing import NamedTuple

from userdesk.api.charsets import LONGEST_BOM, decoder_for, stated_charset
from userdesk.api.envelope import UnusableId, conversation_id_of, is_error, parsed, text_of
from userdesk.api.failures import unreadable
from userdesk.api.server_words import words_in
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.safe_text import clean_line
from userdesk.domain.secret_mask import KNOWN


class Created(NamedTuple):
    """A new conversation's id and the chatbot's welcome message, where one is configured."""

    conversation_id: str
    welcome: str | None


class Chunk(NamedTuple):
    """A piece of a streamed answer. Its text is empty where it only began or continued a character."""

    text: str
    size: int
    split: bool = False
    """Whether it ended inside a character, which the next one goes on with."""


class CreateUnavailable(Exception):
    """The service lacks the endpoint that creates conversations; no failure to tell the user."""


def read_created(body: bytes, content_type: str) -> Created | Failure:
    """What the reply of "Create a conversation" says, or what is wrong with it."""
    beginning = body[:LONGEST_BOM]
    text = decoder_for(stated_charset(content_type), beginning).decode(body, True).strip("\0\ufeff \t\r\n")
    reply = parsed(text)
    if not isinstance(reply, dict):
        from userdesk.api.web_page import is_page, title_of  # its patterns take their time at a start

        if is_page(text, stated="html" in content_type.lower()):
            return Failure(FailureKind.WEB_PAGE, detail=clean_line(title_of(text)))
        return unreadable(None, "it is not a JSON object" if text else "it is empty")
    if is_error(reply):
        return Failure(FailureKind.ERROR_IN_ANSWER, detail=clean_line(words_in(reply)))
    try:
        conversation_id = conversation_id_of(reply)
    except UnusableId as error:
        return unreadable(None, str(error))
    if not conversation_id:
        return unreadable(None, "the conversationId is missing")
    # A service that sends the key back must not have it stored or shown.
    welcome = KNOWN.whole(text_of(reply, "response") or "")
    return Created(KNOWN.whole(conversation_id), welcome if welcome.strip() else None)

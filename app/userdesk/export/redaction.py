"""Takes out what tells who somebody is or opens something: for a transcript that is shown to others."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from userdesk.domain.chatbot import ApiKey, User
from userdesk.domain.message import Message
from userdesk.export.subject import Subject

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("[email]", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    (
        "[id]",
        re.compile(r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"),
    ),
    # Long, with letters and digits both, and no word: an API key, a token, a hash.
    ("[secret]", re.compile(r"\b(?=[\w-]{0,200}\d)(?=[\w-]{0,200}[A-Za-z])[A-Za-z0-9_-]{20,}\b")),
    ("[account]", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")),
    ("[address]", re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")),
    # A date and a time are digits and hyphens as well, so a phone number or a card needs nine digits.
    ("[number]", re.compile(r"(?<![\w.])\+?\(?\d(?:[ ()/.-]{0,2}\d){8,18}(?![\w])")),
)
_QUERY = re.compile(r"(https?://[^\s?#<>()\[\]]+)[?#][^\s<>()\[\]]*")
_USERINFO = re.compile(r"(https?://)[^\s/@]+@")


def redacted(subject: Subject, user: User, keys: Iterable[ApiKey] = ()) -> Subject:
    """The conversation without ids, addresses and secrets.

    Taken out: every id, the service's address, the user's name and email, the API keys given; and in
    all texts email addresses, UUIDs, long tokens, IP addresses, account, card and phone numbers, and
    what stands behind `?` and `#` in addresses. Names that nobody told us stay: read it before you
    give it away.
    """
    hide = _hider(user, keys, subject)
    conversation = subject.conversation.evolve(
        key="redacted",
        id=None,
        previous_ids=(),
        chatbot_id=None,
        base_url=None,
        title=hide(subject.conversation.title),
    )
    messages = tuple(_message(message, hide) for message in subject.messages)
    return replace(
        subject, conversation=conversation, messages=messages, chatbot=hide(subject.chatbot), is_redacted=True
    )


def _message(message: Message, hide: Callable[[str], str]) -> Message:
    failure = message.failure
    if failure:
        failure = replace(failure, words=hide(failure.words), detail=hide(failure.detail))
    return message.evolve(
        text=hide(message.text),
        failure=failure,
        # That it went on under another id stays visible, the id does not.
        conversation_id="redacted" if message.conversation_id else None,
        chunks=(),
    )


def _hider(user: User, keys: Iterable[ApiKey], subject: Subject) -> Callable[[str], str]:
    conversation = subject.conversation
    known: list[tuple[str, str]] = [(key.reveal(), "[key]") for key in keys]
    known += [(each, "[id]") for each in (conversation.id, *conversation.previous_ids) if each]
    known += [(user.email, "[email]"), (user.name, "[name]"), (conversation.base_url or "", "[address]")]
    exact = [
        (re.compile(rf"(?<!\w){re.escape(text.strip())}(?!\w)", re.IGNORECASE), word)
        for text, word in sorted(known, key=lambda pair: -len(pair[0]))
        if text.strip()
    ]

    def hide(text: str) -> str:
        for pattern, word in exact:
            text = pattern.sub(word, text)
        text = _USERINFO.sub(r"\1", _QUERY.sub(r"\1", text))
        for word, pattern in _PATTERNS:
            text = pattern.sub(word, text)
        return text

    return hide

"""Takes out what tells who somebody is or opens something: for a transcript that is shown to others."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

from userdesk.domain.chatbot import ApiKey, User
from userdesk.domain.message import Message
from userdesk.export.subject import Subject


def redacted(subject: Subject, user: User, api_keys: Iterable[ApiKey] = ()) -> Subject:
    """The conversation without ids, addresses and secrets.

    Taken out: every id, the service's address, the user's name and email, the API keys given; and in
    all texts passwords, tokens and keys, email addresses, UUIDs, addresses of machines, account, card and
    phone numbers, and what stands behind `?` and `#` in addresses. Names that nobody told us stay: read
    it before you give it away.
    """
    hide = _hider(user, api_keys, subject)
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
        failure = replace(failure, message=hide(failure.message), detail=hide(failure.detail))
    return message.evolve(
        text=hide(message.text),
        failure=failure,
        # That it went on under another id stays visible, the id does not.
        conversation_id="redacted" if message.conversation_id else None,
    )


def _hider(user: User, api_keys: Iterable[ApiKey], subject: Subject) -> Callable[[str], str]:
    known = sorted(_known(user, api_keys, subject), key=lambda each: -len(each.text))
    exact = [(each.pattern(), each.word) for each in known if each.text.strip()]
    # Their patterns are many: a start, which redacts nothing, does without them.
    from userdesk.export.credentials import without_credentials
    from userdesk.export.personal_data import without_personal_data

    def hide(text: str) -> str:
        for pattern, word in exact:
            text = pattern.sub(word, text)
        return without_personal_data(without_credentials(text))

    return hide


class _Known(NamedTuple):
    """A text that was told to us, and what stands in its place."""

    text: str
    word: str
    any_case: bool = True

    def pattern(self) -> re.Pattern[str]:
        flags = re.IGNORECASE if self.any_case else 0
        return re.compile(rf"(?<!\w){re.escape(self.text.strip())}(?!\w)", flags)


def _known(user: User, api_keys: Iterable[ApiKey], subject: Subject) -> Iterator[_Known]:
    conversation = subject.conversation
    for api_key in api_keys:
        yield _Known(api_key.reveal(), "[key]")
        if len(str(api_key)) > 1:  # a key was masked when the text was cleaned: its last letters go too
            yield _Known(str(api_key), "[key]")
    for each in (conversation.id, *conversation.previous_ids, conversation.chatbot_id):
        yield _Known(each or "", "[id]")
    for each in _places(conversation.base_url or ""):
        yield _Known(each, "[address]")
    yield _Known(user.email, "[email]")
    yield _Known(user.name, "[name]")
    for part in user.name.split():
        if len(part) > 2:  # "Hi Ada"; in another case a name may be a word, as Mark is
            yield _Known(part, "[name]", any_case=False)


def _places(base_url: str) -> tuple[str, ...]:
    """The service's address, and its host with and without the port: an error speaks of those."""
    try:
        parts = urlsplit(base_url)
        return base_url, base_url.rstrip("/"), parts.netloc.rpartition("@")[2], parts.hostname or ""
    except ValueError:
        return (base_url,)

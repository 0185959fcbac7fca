"""Takes out what tells who somebody is or opens something: for a transcript that is shown to others."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from userdesk.domain.chatbot import ApiKey, User
from userdesk.domain.message import Message
from userdesk.export.subject import Changed, Subject, with_notes, with_texts


def redacted(subject: Subject, user: User, api_keys: Sequence[ApiKey] = ()) -> Subject:
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

    def without(message: Message) -> Message:
        # That one went on under another id stays visible, the id does not.
        return with_texts(message, hide, hide, "redacted" if message.conversation_id else None)

    return replace(
        subject,
        conversation=conversation,
        messages=Changed(subject.messages, without),
        chatbot=hide(subject.chatbot),
        verdicts=with_notes(subject.verdicts, hide),
        is_redacted=True,
    )


def _hider(user: User, api_keys: Sequence[ApiKey], subject: Subject) -> Callable[[str], str]:
    known = sorted(_known(user, api_keys, subject), key=lambda each: -len(each[0]))
    exact = [(re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", flags), word) for text, word, flags in known]
    # Their patterns are many: a start, which redacts nothing, does without them.
    from userdesk.export.credentials import without_credentials
    from userdesk.export.personal_data import without_personal_data

    def hide(text: str) -> str:
        for pattern, word in exact:
            text = pattern.sub(word, text)
        return without_personal_data(without_credentials(text))

    return hide


def _known(
    user: User, api_keys: Sequence[ApiKey], subject: Subject
) -> Iterator[tuple[str, str, re.RegexFlag]]:
    """Texts that were told to us, what stands in their place, and how they are looked for."""
    conversation, any_case = subject.conversation, re.IGNORECASE
    ids = (conversation.id, *conversation.previous_ids, conversation.chatbot_id)
    told = [(api_key.reveal(), "[key]") for api_key in api_keys]
    # A key was masked when the text was cleaned: its last letters go too.
    told += [(str(api_key), "[key]") for api_key in api_keys if len(str(api_key)) > 1]
    told += [(each or "", "[id]") for each in ids]
    told += [(each, "[address]") for each in _places(conversation.base_url or "")]
    told += [(user.email, "[email]"), (user.name, "[name]")]
    yield from ((text.strip(), word, any_case) for text, word in told if text.strip())
    for part in user.name.split():
        if len(part) > 2:  # "Hi Ada"; in another case a name may be a word, as Mark is
            yield part, "[name]", re.RegexFlag(0)


def _places(base_url: str) -> tuple[str, ...]:
    """The service's address, and its host with and without the port: an error speaks of those."""
    try:
        parts = urlsplit(base_url)
        return base_url, base_url.rstrip("/"), parts.netloc.rpartition("@")[2], parts.hostname or ""
    except ValueError:
        return (base_url,)

"""Keeps the API key out of what a server says: one that sends it back must not have it stored or shown."""

from userdesk.api.replies import Answer, Created
from userdesk.domain.chatbot import ApiKey

SHORTEST = 6  # characters; a shorter key would mask parts of ordinary words


class KeyMask:
    """Replaces the key by `…last4`, in whole texts and in one that arrives in pieces."""

    def __init__(self, key: ApiKey | None) -> None:
        secret = key.reveal().strip() if key else ""
        self._secret = secret if len(secret) >= SHORTEST else ""
        self._shown = str(key)
        self._held = ""

    def whole(self, text: str) -> str:
        """The text without the key."""
        return text.replace(self._secret, self._shown) if self._secret else text

    def feed(self, piece: str) -> str:
        """A piece without the key; an end that may be the beginning of the key waits for the next piece."""
        if not self._secret:
            return piece
        text, self._held = self._held + piece, ""
        if self._secret[0] not in text:
            return text
        text = text.replace(self._secret, self._shown)
        at = text.find(self._secret[0], max(0, len(text) - len(self._secret) + 1))
        while at >= 0:
            if self._secret.startswith(text[at:]):
                self._held = text[at:]
                return text[:at]
            at = text.find(self._secret[0], at + 1)
        return text

    def flush(self) -> str:
        """What still waited when the text ended."""
        held, self._held = self._held, ""
        return held


def masked_id(conversation_id: str | None, key: ApiKey | None) -> str | None:
    """An id that the server gave, without the key."""
    return conversation_id and KeyMask(key).whole(conversation_id)


def masked_answer(answer: Answer, key: ApiKey | None) -> Answer:
    """A whole answer without the key."""
    return Answer(KeyMask(key).whole(answer.text), masked_id(answer.conversation_id, key))


def masked_created(created: Created, key: ApiKey | None) -> Created:
    """A new conversation without the key."""
    mask = KeyMask(key)
    return Created(mask.whole(created.conversation_id), created.welcome and mask.whole(created.welcome))

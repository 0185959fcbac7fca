"""Keeps the API key out of what a server says: one that sends it back must not have it stored or shown."""

from userdesk.api.replies import Created
from userdesk.domain.chatbot import ApiKey
from userdesk.domain.secret_mask import KNOWN, MaskedStream


class KeyMask(MaskedStream):
    """Replaces keys by `…last4`, in whole texts and in one that arrives in pieces; the rest stays as it came.

    Every key that the process knows is masked, not the request's alone: one service may run several
    chatbots. An `ApiKey` is known from the moment it is made.
    """

    def __init__(self, api_key: ApiKey | None) -> None:
        super().__init__(KNOWN)
        if api_key:
            KNOWN.know(api_key.reveal(), str(api_key))

    def whole(self, text: str) -> str:
        """The text without keys."""
        return KNOWN.whole(text)


def masked_id(conversation_id: str | None, api_key: ApiKey | None) -> str | None:
    """An id that the server gave, without the key."""
    return conversation_id and KeyMask(api_key).whole(conversation_id)


def masked_created(created: Created, api_key: ApiKey | None) -> Created:
    """A new conversation without the key."""
    mask = KeyMask(api_key)
    return Created(mask.whole(created.conversation_id), created.welcome and mask.whole(created.welcome))

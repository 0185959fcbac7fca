"""A saved conversation: what conversations.toml knows of it."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, NewType, Self

from userdesk.domain.chatbot import Chatbot
from userdesk.domain.message import NOTHING, Message
from userdesk.domain.safe_text import clean, clean_line

ConversationKey = NewType("ConversationKey", str)
"""What a conversation is known by on this machine, from its first moment on; names its files."""

NO_KEY = ConversationKey("")
"""In place of a key where there is no conversation."""

UNTITLED = "New conversation"


def attached_title(conversation_id: str) -> str:
    """The title of a conversation opened by its id, until its first message gives it another."""
    return f"Opened {conversation_id[:8]}"


def new_key() -> ConversationKey:
    """A fresh key, safe as a file name on every platform."""
    # What `secrets` gives, without importing all of hashlib at start.
    return ConversationKey(os.urandom(8).hex())


class Conversation(NamedTuple):
    """One saved conversation; the transcript of its messages is a file of its own."""

    key: ConversationKey
    """Local and unchanging; names the transcript file."""
    bot: str
    """The name of its chatbot in the configuration, `env` or `demo`."""
    created: datetime
    id: str | None = None
    """Userdesk's conversationId; absent until the server gave one."""
    title: str = ""
    """Empty until the first user message or a renaming gives one."""
    chatbot_id: str | None = None
    """The chatbot that the id belongs to; absent in files written by hand."""
    base_url: str | None = None
    """The service it belongs to, where that is not Userdesk's own."""
    pinned: bool = False
    previous_ids: tuple[str, ...] = ()
    extra: Mapping[str, object] = NOTHING
    """Keys of the TOML table that this version does not know; they survive."""

    def evolve(self, **changes: Any) -> Self:
        """A copy with some fields changed."""
        return self._replace(**changes)

    @classmethod
    def start(cls, chatbot: Chatbot, created: datetime) -> Self:
        """A new conversation with a chatbot, not yet known to the server."""
        return cls(
            key=new_key(),
            bot=chatbot.config_name,
            created=created,
            chatbot_id=chatbot.chatbot_id,
            base_url=chatbot.foreign_base_url,
        )

    def belongs_to(self, chatbot: Chatbot) -> bool:
        """Whether messages of this conversation may be sent to that chatbot."""
        if self.bot != chatbot.config_name:
            return False
        if self.chatbot_id is None:
            return True
        return (self.chatbot_id, self.base_url) == (chatbot.chatbot_id, chatbot.foreign_base_url)

    @property
    def names(self) -> tuple[str, ...]:
        """What somebody may call it by: its key and its ids."""
        return (self.key, *((self.id,) if self.id else ()), *self.previous_ids)

    def id_of_turn(self, newest_first: Iterable[Message]) -> str | None:
        """The id that a turn went to, given its outcome and what came before it, the newest first."""
        if not self.previous_ids:
            return self.id
        return next(filter(None, (each.conversation_id for each in newest_first)), self.previous_ids[0])

    def without_id(self) -> Self:
        """The same conversation, its id kept in `previous_ids`: it goes on under another one."""
        previous = (*self.previous_ids, self.id) if self.id else self.previous_ids
        return self.evolve(id=None, previous_ids=previous)

    def with_id(self, conversation_id: str) -> Self:
        """The same conversation under an id; one that it has stays, and this one is kept beside it."""
        if self.id is None:
            return self.evolve(id=conversation_id)
        if conversation_id in (self.id, *self.previous_ids):
            return self
        return self.evolve(previous_ids=(*self.previous_ids, conversation_id))


def title_from(text: str, limit: int = 60) -> str:
    """The title a first user message gives: its first line that says something, shortened."""
    return next(filter(None, (clean_line(line, limit) for line in clean(text).splitlines())), "")

"""What is exported: a conversation, its messages and its chatbot's name, made safe to show."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from userdesk.domain.conversation import UNTITLED, Conversation
from userdesk.domain.message import Message
from userdesk.domain.safe_text import clean, clean_line
from userdesk.domain.timestamps import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A conversation to export."""

    conversation: Conversation
    messages: tuple[Message, ...]
    chatbot: str
    """The chatbot's name, one safe line."""
    is_redacted: bool = False

    @classmethod
    def of(cls, conversation: Conversation, messages: Iterable[Message], chatbot: str) -> Self:
        """The conversation with every text in it cleaned, once, for all formats."""
        return cls(
            conversation=conversation.evolve(
                id=_line_or_none(conversation.id),
                title=clean_line(conversation.title),
                bot=clean_line(conversation.bot),
                chatbot_id=_line_or_none(conversation.chatbot_id),
                base_url=_line_or_none(conversation.base_url),
                previous_ids=tuple(clean_line(each) for each in conversation.previous_ids),
            ),
            messages=tuple(_cleaned(message) for message in messages),
            chatbot=clean_line(chatbot) or clean_line(conversation.bot) or "chatbot",
        )

    @property
    def about(self) -> list[str]:
        """What to say of it under its title."""
        conversation = self.conversation
        about = [self.chatbot, f"started {moment(conversation.created)}"]
        about += [f"conversationId {conversation.id}"] if conversation.id else []
        return [*about, "redacted"] if self.is_redacted else about

    @property
    def title(self) -> str:
        """The conversation's title, or what stands for one."""
        return self.conversation.title or UNTITLED


def _cleaned(message: Message) -> Message:
    failure = message.failure
    if failure:
        failure = replace(failure, message=clean_line(failure.message), detail=clean_line(failure.detail))
    return message.evolve(
        text=clean(message.text),
        failure=failure,
        conversation_id=_line_or_none(message.conversation_id),
    )


def _line_or_none(text: str | None) -> str | None:
    return None if text is None else clean_line(text)

"""What is exported: a conversation, its messages and its chatbot's name, made safe to show."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

from userdesk.domain.conversation import UNTITLED, Conversation
from userdesk.domain.message import Message
from userdesk.domain.safe_text import clean, clean_line
from userdesk.domain.timestamps import moment
from userdesk.domain.verdict import LONGEST_NOTE, NO_VERDICTS, Judgement


class Messages(Protocol):
    """A conversation's messages, of which none need be in memory; they can be gone through several times."""

    def __iter__(self) -> Iterator[Message]: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Changed:
    """Messages as `change` makes them of others: each when its turn comes, and none is kept."""

    messages: Messages
    change: Callable[[Message], Message]

    def __iter__(self) -> Iterator[Message]:
        return map(self.change, self.messages)

    def __len__(self) -> int:
        return len(self.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A conversation to export."""

    conversation: Conversation
    messages: Messages
    chatbot: str
    """The chatbot's name, one safe line."""
    verdicts: Mapping[int, Judgement] = field(default_factory=lambda: NO_VERDICTS)
    """What the user thinks of answers, by the place of the message."""
    is_redacted: bool = False

    @classmethod
    def of(
        cls,
        conversation: Conversation,
        messages: Messages,
        chatbot: str,
        verdicts: Mapping[int, Judgement] = NO_VERDICTS,
    ) -> Self:
        """The conversation with every text in it cleaned, for all formats."""
        return cls(
            conversation=conversation.evolve(
                id=_line_or_none(conversation.id),
                title=clean_line(conversation.title),
                bot=clean_line(conversation.bot),
                chatbot_id=_line_or_none(conversation.chatbot_id),
                base_url=_line_or_none(conversation.base_url),
                previous_ids=tuple(clean_line(each) for each in conversation.previous_ids),
            ),
            messages=Changed(messages, _cleaned),
            chatbot=clean_line(chatbot) or clean_line(conversation.bot) or "chatbot",
            verdicts=with_notes(verdicts, lambda note: clean_line(note, LONGEST_NOTE)),
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
    return with_texts(message, clean, clean_line, _line_or_none(message.conversation_id))


def with_texts(
    message: Message, said: Callable[[str], str], told: Callable[[str], str], conversation_id: str | None
) -> Message:
    """The message with its text changed by `said`, and those of its failure by `told`."""
    text, failure = said(message.text), message.failure
    if failure:
        failure = replace(failure, message=told(failure.message), detail=told(failure.detail))
    elif text is message.text and conversation_id == message.conversation_id:
        return message
    return message.evolve(text=text, failure=failure, conversation_id=conversation_id)


def with_notes(verdicts: Mapping[int, Judgement], told: Callable[[str], str]) -> dict[int, Judgement]:
    """The verdicts with their notes changed by `told`."""
    return {place: each._replace(note=told(each.note)) for place, each in verdicts.items()}


def _line_or_none(text: str | None) -> str | None:
    return None if text is None else clean_line(text)

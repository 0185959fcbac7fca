"""What a line of a transcript carries of its conversation: a lost entry of the list is made again from it."""

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.domain.timestamps import timestamp
from userdesk.store.times import BEGINNING, moment_in


def entry_record(conversation: Conversation) -> dict[str, object]:
    """A conversation as a line carries it."""
    record: dict[str, object] = {
        "id": conversation.id,
        "bot": conversation.bot,
        "chatbot_id": conversation.chatbot_id,
        "base_url": conversation.base_url,
        "title": conversation.title,
        "created": timestamp(conversation.created) if conversation.created != BEGINNING else None,
        "previous_ids": list(conversation.previous_ids),
    }
    return {key: value for key, value in record.items() if value}


def conversation_in(record: object, key: ConversationKey) -> Conversation | None:
    """The conversation that a line carries; None where it carries none."""
    if not isinstance(record, dict) or not isinstance(record.get("bot"), str):
        return None
    text = {name: value for name, value in record.items() if isinstance(value, str)}
    previous = record.get("previous_ids")
    return Conversation(
        key=key,
        bot=text["bot"],
        created=moment_in(record.get("created"), BEGINNING),
        id=text.get("id"),
        title=text.get("title", ""),
        chatbot_id=text.get("chatbot_id"),
        base_url=text.get("base_url"),
        previous_ids=tuple(x for x in previous if isinstance(x, str)) if isinstance(previous, list) else (),
    )

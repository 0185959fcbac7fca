"""Finds a saved conversation for the commands that read one."""

from userdesk.chat.roster import DEMO_CHATBOT
from userdesk.commands.warnings import warn
from userdesk.domain.conversation import Conversation
from userdesk.domain.safe_text import clean_line
from userdesk.settings import Settings, SettingsError
from userdesk.store import Store


def open_store(settings: Settings) -> Store:
    """The store of the data folder, its problems told. Raises SettingsError where there is no folder."""
    if not settings.data_dir.is_dir():
        raise SettingsError(f"there are no saved conversations: no folder {settings.data_dir}")
    store = Store(settings.data_dir)
    for trouble in store.open():
        warn(trouble.located)
    return store


def find_conversation(store: Store, wanted: str) -> Conversation:
    """The conversation of that conversationId or local key; of several the most recent one.

    Raises SettingsError where there is none.
    """
    wanted = wanted.strip()
    saved = store.conversations()
    found = [each for each in saved if wanted and wanted in (each.id, each.key)]
    found = found or [each for each in saved if wanted and wanted in each.previous_ids]
    if not found:
        index = store.data_dir / "conversations.toml"
        raise SettingsError(
            f"no saved conversation has the id {clean_line(wanted, 80)} (they stand in {index})"
        )
    return max(found, key=store.recency)


def chatbot_name(settings: Settings, conversation: Conversation) -> str:
    """How the conversation's chatbot is shown; its name in the file where it is not configured any more."""
    chatbot = settings.chatbots.get(conversation.bot)
    if chatbot and conversation.belongs_to(chatbot):
        return chatbot.name
    return DEMO_CHATBOT.name if conversation.belongs_to(DEMO_CHATBOT) else conversation.bot or "chatbot"

"""Finds a saved conversation for the commands that read one."""

import os

from userdesk.chat.registry import DEMO_CHATBOT
from userdesk.commands.streams import warn
from userdesk.domain.chatbot import ApiKey
from userdesk.domain.conversation import Conversation
from userdesk.domain.quoting import without_keys
from userdesk.domain.safe_text import clean_line
from userdesk.files.reading import open_to_read
from userdesk.settings import Settings, SettingsError
from userdesk.settings.api_keys import KeyRing
from userdesk.store import Store
from userdesk.store.problems import reason
from userdesk.store.transcript.transcript import Transcript


def open_store(settings: Settings) -> Store:
    """The store of the data folder, its problems told.

    Raises SettingsError where there is no folder, or where it cannot be read.
    """
    store = Store(settings.data_dir)
    index = store.data_dir / "conversations.toml"
    try:
        if not store.data_dir.is_dir():
            raise SettingsError(f"there are no saved conversations: no folder {store.data_dir}")
        if (descriptor := open_to_read(index)) is not None:
            os.close(descriptor)
    except OSError as error:
        raise SettingsError(f"{index}: could not be read: {reason(error)}") from error
    for trouble in store.open():
        warn(trouble.located)
    return store


def find_conversation(store: Store, wanted: str) -> Conversation:
    """The conversation of that conversationId or local key. Raises SettingsError unless it is one alone."""
    wanted, shown = wanted.strip(), clean_line(without_keys(wanted[:640]), 80)
    index = store.data_dir / "conversations.toml"
    if not shown:
        raise SettingsError(f"expected a conversationId, or a key in {index}")
    saved = store.conversations()
    found = [each for each in saved if each.key == wanted] or [each for each in saved if each.id == wanted]
    found = found or [each for each in saved if wanted in each.previous_ids]
    if not found:
        raise SettingsError(f"no saved conversation has the id {shown} (they stand in {index})")
    if len(found) > 1:
        keys = ", ".join(each.key for each in found[:9])
        raise SettingsError(
            f"{len(found)} saved conversations have the id {shown}: name one by its key ({keys})"
        )
    return found[0]


def api_keys_of(settings: Settings) -> list[ApiKey]:
    """The keys of all configured chatbots; blocks on the system keyring.

    From then on they are masked in what is printed, those too that nothing is sent with.
    """
    ring = KeyRing(settings)
    return [api_key for bot in settings.chatbots if (api_key := ring.api_key(bot))]


def transcript_of(store: Store, conversation: Conversation) -> Transcript:
    """The messages of a conversation, what is damaged told. Raises SettingsError where none can be read."""
    transcript = store.transcript(conversation.key)
    is_empty = len(transcript) == 0  # reads the file
    for problem in store.take_problems():
        if is_empty:
            raise SettingsError(f"{problem.path}: {problem.message}")
        warn(f"{problem.path}: {problem.message}")
    return transcript


def chatbot_name(settings: Settings, conversation: Conversation) -> str:
    """How the conversation's chatbot is shown; its name in the file where it is not configured any more."""
    chatbot = settings.chatbots.get(conversation.bot)
    if chatbot and conversation.belongs_to(chatbot):
        return chatbot.name
    return DEMO_CHATBOT.name if conversation.belongs_to(DEMO_CHATBOT) else conversation.bot or "chatbot"

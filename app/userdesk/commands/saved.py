"""Finds a saved conversation for the commands that read one."""

from userdesk.chat.registry import DEMO_CHATBOT
from userdesk.commands.streams import warn
from userdesk.domain.chatbot import ApiKey
from userdesk.domain.conversation import Conversation
from userdesk.domain.quoting import without_keys
from userdesk.domain.safe_text import clean_line
from userdesk.export.subject import Subject
from userdesk.files.reading import read_bytes
from userdesk.settings import Settings, SettingsError
from userdesk.settings.api_keys import KeyRing
from userdesk.store import Store
from userdesk.store.problems import reason
from userdesk.store.verdicts import judged_in


def open_store(settings: Settings) -> Store:
    """The store of the data folder, its problems told. Raises SettingsError where it cannot be read."""
    store = Store(settings.data_dir)
    index = store.folder.index
    try:
        if not store.folder.path.is_dir():
            raise SettingsError(f"there are no saved conversations: {store.folder.path} does not exist")
        read_bytes(index)  # an empty list would not say that it cannot be read
    except OSError as error:
        raise SettingsError(f"{index}: could not be read: {reason(error)}") from error
    for trouble in store.open():
        warn(trouble.located)
    return store


def subject_of(settings: Settings, wanted: str) -> tuple[Subject, list[ApiKey]]:
    """The conversation of that conversationId or local key, and the keys of all configured chatbots.

    From then on these are masked in what is printed. What is damaged is told. Blocks on the disk and the
    system keyring. Raises SettingsError where the conversation is not one alone, or cannot be read.
    """
    store = open_store(settings)
    conversation = _found(store, wanted)
    api_keys = known_api_keys(settings)
    transcript = store.transcript(conversation.key)
    is_empty = len(transcript) == 0  # reads the file
    judged = judged_in(transcript, store.verdicts.of(conversation.key))
    for problem in store.folder.take_problems():
        if is_empty:
            raise SettingsError(f"{problem.path}: {problem.message}")
        warn(f"{problem.path}: {problem.message}")
    verdicts = {place: each.judgement for place, each in judged.items()}
    return Subject.of(conversation, transcript, chatbot_name(settings, conversation), verdicts), api_keys


def known_api_keys(settings: Settings) -> list[ApiKey]:
    """Those of all configured chatbots, from now on masked in what is printed. Blocks on the keyring."""
    ring = KeyRing(settings)
    return [api_key for bot in settings.chatbots if (api_key := ring.api_key(bot))]


def chatbot_name(settings: Settings, conversation: Conversation) -> str:
    """The name of a conversation's chatbot; as in the file, where it is not configured any more."""
    for known in (settings.chatbots.get(conversation.bot), DEMO_CHATBOT):
        if known and conversation.belongs_to(known):
            return known.name
    return conversation.bot


def _found(store: Store, wanted: str) -> Conversation:
    """The conversation of that conversationId or local key. Raises SettingsError unless it is one alone."""
    wanted, shown = wanted.strip(), clean_line(without_keys(wanted[:640]), 80)
    index = store.folder.index
    if not shown:
        raise SettingsError(f"expected a conversationId, or a key in {index}")
    saved = store.conversations()
    found = [each for each in saved if each.key == wanted] or [each for each in saved if each.id == wanted]
    found = found or [each for each in saved if wanted in each.previous_ids]
    if not found:
        raise SettingsError(f"no saved conversation has the id {shown} (see {index})")
    if len(found) > 1:
        keys = ", ".join(each.key for each in found[:9])
        raise SettingsError(f"{len(found)} saved conversations have id {shown}: use a key instead ({keys})")
    return found[0]

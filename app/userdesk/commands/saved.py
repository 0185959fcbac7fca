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
    store, ring = open_store(settings), KeyRing(settings)
    conversation = _found(store, wanted)
    api_keys = [api_key for bot in settings.chatbots if (api_key := ring.api_key(bot))]
    transcript = store.transcript(conversation.key)
    is_empty = len(transcript) == 0  # reads the file
    for problem in store.folder.take_problems():
        if is_empty:
            raise SettingsError(f"{problem.path}: {problem.message}")
        warn(f"{problem.path}: {problem.message}")
    chatbot = settings.chatbots.get(conversation.bot)
    name = conversation.bot  # as in the file, where it is not configured any more
    for known in (DEMO_CHATBOT, chatbot):
        if known and conversation.belongs_to(known):
            name = known.name
    return Subject.of(conversation, transcript, name), api_keys


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

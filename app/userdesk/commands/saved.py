"""Finds saved conversations for the commands that read them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from os.path import commonprefix
from typing import Any

from userdesk.chat.registry import DEMO_CHATBOT
from userdesk.commands.streams import warn
from userdesk.domain.chatbot import DEMO_BOT, ApiKey
from userdesk.domain.conversation import UNTITLED, Conversation
from userdesk.domain.quoting import quoted, without_keys
from userdesk.domain.safe_text import clean_line
from userdesk.export.subject import Subject
from userdesk.files.reading import read_bytes
from userdesk.settings import Options, Settings, SettingsError, resolve
from userdesk.settings.api_keys import KeyRing
from userdesk.store import Store
from userdesk.store.problems import reason
from userdesk.store.verdicts import judged_in

_NAMED = 5  # conversations that a message names at most


def settings_for_saved(options: Options) -> tuple[Settings, str | None]:
    """The settings, and the chatbot that flags name, configured or not. Raises SettingsError."""
    others: dict[str, Any] = {name: value for name, value in options.settings.items() if name != "bot"}
    bot = DEMO_BOT if options.demo else options.settings.get("bot")
    return resolve(Options(**others)), None if bot is None else str(bot)


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


def subject_of(
    settings: Settings, wanted: str | None, bot: str | None = None
) -> tuple[Subject, list[ApiKey]]:
    """The conversation that is meant, and the keys of all configured chatbots.

    `wanted` is a conversationId, a local key, or the beginning of one that no other has; None means the
    most recent conversation, with the chatbot `bot` if that is named.

    From then on the keys are masked in what is printed. What is damaged is told. Blocks on the disk and the
    system keyring. Raises SettingsError where the conversation is not one alone, or cannot be read.
    """
    store = open_store(settings)
    api_keys = known_api_keys(settings)
    conversation = _found(store, wanted, bot)
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


def newest_first(store: Store, bot: str | None = None) -> Iterator[tuple[Conversation, float]]:
    """The saved conversations, with that chatbot alone if one is named, and when something last happened.

    In seconds since 1970. Blocks on the disk, and reads no transcript. Each is made when its turn comes: of a
    hundred thousand, all take a second.
    """
    recency = store.recencies(bot)
    for key in sorted(recency, key=lambda key: -recency[key]):
        if (conversation := store.get(key)) is not None:
            yield conversation, recency[key]


def telling_lengths(conversations: Iterable[Conversation]) -> dict[str, int]:
    """How many characters of each id and key stand for it alone, 8 at least."""
    names = sorted({name for each in conversations for name in each.names})
    shared = [len(commonprefix(pair)) for pair in pairwise(names)]  # noqa: RUF071 of letters
    needed = zip(names, [0, *shared], [*shared, 0], strict=False)
    return {name: max(8, before + 1, after + 1) for name, before, after in needed}


def _found(store: Store, wanted: str | None, bot: str | None) -> Conversation:
    """The conversation that is meant. Raises SettingsError unless it is one alone."""
    if wanted is None:
        for newest, _ in newest_first(store, bot):
            return newest
        raise SettingsError(f"there are no saved conversations{f' with {quoted(bot)}' if bot else ''}")
    wanted, shown = wanted.strip(), clean_line(without_keys(wanted[:640]), 80)
    index = store.folder.index
    if not shown:
        raise SettingsError(f"expected a conversationId, or a key in {index}")
    saved = store.conversations()
    found = [each for each in saved if each.key == wanted] or [each for each in saved if each.id == wanted]
    found = found or [each for each in saved if wanted in each.previous_ids]
    found = found or [each for each in saved if any(name.startswith(wanted) for name in each.names)]
    if not found:
        raise SettingsError(f"no saved conversation has the id {shown} (see {index})")
    if len(found) > 1:
        raise SettingsError(
            f"{len(found)} saved conversations begin with {shown}: {_listed(found, wanted, saved)}"
        )
    return found[0]


def _listed(found: Sequence[Conversation], wanted: str, saved: Iterable[Conversation]) -> str:
    """What tells some conversations apart, whose ids or keys begin alike."""
    lengths, told = telling_lengths(saved), []
    for each in found[:_NAMED]:
        longer = (name for name in each.names if name.startswith(wanted) and name != wanted)
        name = next(longer, each.key)
        title = clean_line(each.title, 30) or UNTITLED
        told.append(f"{clean_line(name)[: lengths[name]]} ({title})")
    return ", ".join(told) + (f" and {len(found) - _NAMED} more" if len(found) > _NAMED else "")

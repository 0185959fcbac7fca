"""`userdesk purge`: removes saved conversations for good."""

import sys
from typing import Literal, NamedTuple

from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.saved import open_store
from userdesk.commands.streams import warn
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.domain.safe_text import clean_line
from userdesk.domain.wording import SERVER_COPY
from userdesk.settings import Options, SettingsError, resolve
from userdesk.store import Store, StoreError
from userdesk.store.purging import conversations_of, purge_chatbot, purge_everything

What = Literal["trash", "chatbot", "everything"]


class Request(NamedTuple):
    """What `userdesk purge` was asked for."""

    what: What
    name: str | None = None
    """The chatbot whose conversations go, by its name in the configuration."""
    yes: bool = False
    """Ask nothing."""


def purge(request: Request, options: Options) -> int:
    """Remove what was asked for, once the user agreed; the exit status. Raises SettingsError."""
    settings = resolve(options)
    store = open_store(settings)
    subject, found = _subject(request, store)
    known = {*settings.chatbots, DEMO_BOT}
    if request.name is not None and not found and request.name not in known:
        shown, names = clean_line(request.name, 60), ", ".join(map(clean_line, sorted(known)))
        words = f"there is no saved conversation with it, and no such chatbot ({names})"
        raise SettingsError(f"purge chatbot {shown}: {words}")
    if not found and request.what != "everything":
        print(f"Nothing to remove: {subject}.")
        return ExitStatus.DONE
    if store.presence.is_anyone_there() is not False:  # where it cannot be told, too
        warn("userdesk is open in another window: close it first, or it may save its conversations again")
    if not request.yes and not _agreed(subject):
        print("Nothing was removed.")
        return ExitStatus.DONE
    try:
        removed = _remove(request, store)
    except StoreError as error:
        raise SettingsError(str(error)) from error
    print(f"Removed {_conversations(removed)} for good. {SERVER_COPY}")
    if request.what == "everything":
        print(f"Your settings ({settings.config_file}) and the keys in the system keyring were not touched.")
    return ExitStatus.DONE


def _subject(request: Request, store: Store) -> tuple[str, int]:
    """What would go, in words, and how many conversations that are."""
    if request.name is not None:
        found = len(conversations_of(store, request.name))
        name = clean_line(request.name, 60)
        if not found:
            return f"no saved conversations with {name}", 0
        return f"{_conversations(found)} with {name}, deleted ones included", found
    trashed = len(store.trash.keys())
    if request.what == "trash":
        return (f"the trash, {_conversations(trashed)}" if trashed else "the trash is empty"), trashed
    found = len(store.conversations()) + trashed
    every = _conversations(found)
    return f"{every}, deleted ones included, with drafts and earlier prompts in {store.folder.path}", found


def _remove(request: Request, store: Store) -> int:
    if request.name is not None:
        return purge_chatbot(store, request.name)
    return store.trash.empty() if request.what == "trash" else purge_everything(store)


def _agreed(subject: str) -> bool:
    if not (sys.stdin and sys.stdin.isatty()):
        raise SettingsError("purge asks for confirmation; without a terminal, add --yes")
    print(f"This removes for good: {subject}.\nType yes to continue: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() == "yes"


def _conversations(count: int) -> str:
    return "1 conversation" if count == 1 else f"{count} conversations"

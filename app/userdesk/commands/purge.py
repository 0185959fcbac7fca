"""`userdesk purge`: removes saved conversations for good."""

import sys
from typing import Literal, NamedTuple

from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.saved import open_store
from userdesk.commands.warnings import warn
from userdesk.domain.safe_text import clean_line
from userdesk.settings import Options, SettingsError, resolve
from userdesk.store import Store, StoreError
from userdesk.store.purging import conversations_of, purge_everything

What = Literal["trash", "chatbot", "everything"]
_STAYS = "What Userdesk keeps of them stays there: it offers no way to delete it."


class Request(NamedTuple):
    """What `userdesk purge` was asked for."""

    what: What
    chatbot: str | None = None
    """The chatbot's name in the configuration, with `what="chatbot"`."""
    yes: bool = False
    """Ask nothing."""


def purge(request: Request, options: Options) -> int:
    """Remove what was asked for, once the user agreed; the exit status. Raises SettingsError."""
    settings = resolve(options)
    if request.what == "chatbot" and not request.chatbot:
        raise SettingsError("purge chatbot: expected the chatbot's NAME")
    if request.what != "chatbot" and request.chatbot:
        raise SettingsError(f"purge {request.what} takes no NAME")
    store = open_store(settings)
    subject, count = _subject(request, store)
    if count == 0 and request.what != "everything":
        print(f"There is nothing to remove: {subject}.")
        return ExitStatus.DONE
    if not request.yes and not _agreed(subject):
        print("Nothing was removed.")
        return ExitStatus.DONE
    try:
        removed = _remove(request, store)
    except StoreError as error:
        raise SettingsError(str(error)) from error
    print(f"Removed {_conversations(removed)} for good. {_STAYS}")
    if request.what == "everything":
        print(f"Your settings ({settings.config_file}) and the keys in the system keyring were left alone.")
    return ExitStatus.DONE


def _subject(request: Request, store: Store) -> tuple[str, int]:
    match request.what:
        case "trash":
            count = len(store.trash.keys())
            return f"the trash, {_conversations(count)}", count
        case "chatbot":
            name = clean_line(request.chatbot or "")
            count = len(conversations_of(store, request.chatbot or ""))
            return f"{_conversations(count)} with {name}, deleted ones included", count
    count = len(store.conversations()) + len(store.trash.keys())
    words = f"{_conversations(count)}, deleted ones included, drafts and earlier prompts in {store.data_dir}"
    return words, count


def _agreed(subject: str) -> bool:
    if not (sys.stdin and sys.stdin.isatty()):
        raise SettingsError("purge asks before it removes anything; without a terminal add --yes")
    warn("other userdesk windows should be closed first")
    print(f"This removes for good: {subject}.\nType yes to go on: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() == "yes"


def _remove(request: Request, store: Store) -> int:
    match request.what:
        case "trash":
            return store.trash.empty()
        case "chatbot":
            return store.erase(conversations_of(store, request.chatbot or ""))
    return purge_everything(store)


def _conversations(count: int) -> str:
    return "1 conversation" if count == 1 else f"{count} conversations"

"""`userdesk purge`: removes saved conversations for good."""

import sys
from typing import Literal, NamedTuple

from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.leftovers import remove_leftovers
from userdesk.commands.saved import open_store
from userdesk.commands.warnings import warn
from userdesk.settings import Options, SettingsError, resolve
from userdesk.store import Store, StoreError

What = Literal["trash", "everything"]
_STAYS = "What Userdesk keeps of them stays there: it offers no way to delete it."


class Request(NamedTuple):
    """What `userdesk purge` was asked for."""

    what: What
    yes: bool = False
    """Ask nothing."""


def purge(request: Request, options: Options) -> int:
    """Remove what was asked for, once the user agreed; the exit status. Raises SettingsError."""
    settings = resolve(options)
    store = open_store(settings)
    trashed = len(store.trash.keys())
    if request.what == "trash" and not trashed:
        print("There is nothing to remove: the trash is empty.")
        return ExitStatus.DONE
    if not request.yes and not _agreed(_subject(request.what, store, trashed)):
        print("Nothing was removed.")
        return ExitStatus.DONE
    try:
        removed = store.trash.empty() if request.what == "trash" else _everything(store)
    except StoreError as error:
        raise SettingsError(str(error)) from error
    except OSError as error:
        raise SettingsError(f"{error.filename}: could not be removed: {error.strerror}") from error
    print(f"Removed {_conversations(removed)} for good. {_STAYS}")
    if request.what == "everything":
        print(f"Your settings ({settings.config_file}) and the keys in the system keyring were left alone.")
    return ExitStatus.DONE


def _subject(what: What, store: Store, trashed: int) -> str:
    if what == "trash":
        return f"the trash, {_conversations(trashed)}"
    every = _conversations(len(store.conversations()) + trashed)
    return f"{every}, deleted ones included, with drafts and earlier prompts in {store.data_dir}"


def _everything(store: Store) -> int:
    # By way of the trash, so that a kill in between leaves them deleted and not half there.
    for conversation in store.conversations():
        store.delete(conversation.key)
    removed = store.trash.empty()
    remove_leftovers(store.data_dir)
    return removed


def _agreed(subject: str) -> bool:
    if not (sys.stdin and sys.stdin.isatty()):
        raise SettingsError("purge asks before it removes anything; without a terminal add --yes")
    warn("other userdesk windows should be closed first")
    print(f"This removes for good: {subject}.\nType yes to go on: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() == "yes"


def _conversations(count: int) -> str:
    return "1 conversation" if count == 1 else f"{count} conversations"

"""Removing for good: a chatbot's conversations, or everything that a data folder keeps."""

from pathlib import Path

from userdesk.domain.chatbot import DEMO_BOT
from userdesk.domain.conversation import ConversationKey
from userdesk.store.problems import saving
from userdesk.store.store import Store

_DEMO = "demo/*.jsonl"  # what the embedded chatbot remembers
# What this program names so; other files in these folders are somebody else's.
_OURS = (
    "conversations.toml.*",
    ".*.tmp",
    "read.json*",
    "history.jsonl*",
    "told.json*",
    "transcripts/*.jsonl*",
    "transcripts/*.answer*",
    "transcripts/*.owner*",
    "verdicts/*.jsonl*",
    "drafts/*.txt",
    "drafts/.*.tmp",
    "trash/*.toml*",
    "trash/*.jsonl*",
    "trash/seen.json*",
    "trash/.*.tmp",
    "search/*.words",  # once the messages are gone: what is indexed of them by then is not taken up any more
    "search/*.new",
    "search/.*.tmp",
    _DEMO,
    "userdesk.log*",
    "crash-*.txt",
)


def conversations_of(store: Store, bot: str) -> list[ConversationKey]:
    """The keys of a chatbot's conversations, those in the trash too, by its name in the configuration."""
    saved = [key for key in store.entries if store.entries.bot(key) == bot]
    return saved + [each.conversation.key for each in store.trash.list() if each.conversation.bot == bot]


def purge_chatbot(store: Store, bot: str) -> int:
    """Remove all conversations with a chatbot, the demo's own memory too; how many. Raises StoreError."""
    removed = store.erase(conversations_of(store, bot))
    if bot == DEMO_BOT:
        for path in store.folder.path.glob(_DEMO):
            _remove(path)
    return removed


def purge_everything(store: Store) -> int:
    """Remove every conversation, draft and earlier prompt, and what was set aside; how many conversations.

    The data folder itself stays, with a conversations.toml that lists nothing. Raises StoreError.
    """
    keys = {*store.entries, *store.trash.keys()}
    folder = store.folder.path
    with store.folder.exclusive():  # nothing is indexed of messages that no list knows while they go
        removed = store.erase(keys)
        for pattern in _OURS:
            for path in sorted(folder.glob(pattern)):
                _remove(path)
    return removed


def _remove(path: Path) -> None:
    with saving("The removal", path):
        if path.is_symlink() or path.is_file():
            path.unlink(missing_ok=True)

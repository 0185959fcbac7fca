"""Removing for good: a chatbot's conversations, or everything that a data folder keeps."""

from pathlib import Path

from userdesk.store.problems import saving
from userdesk.store.store import Store

# What this program names so; other files in these folders are somebody else's.
_OURS = (
    "conversations.toml.*",
    "read.json*",
    "history.jsonl*",
    "transcripts/*.jsonl*",
    "transcripts/*.answer*",
    "transcripts/*.owner",
    "drafts/*.txt",
    "trash/*.toml*",
    "trash/*.jsonl*",
    "demo/*.jsonl",
    "userdesk.log*",
    "crash-*.txt",
)


def conversations_of(store: Store, bot: str) -> list[str]:
    """The keys of a chatbot's conversations, those in the trash too, by its name in the configuration."""
    saved = [each.key for each in store.conversations() if each.bot == bot]
    return saved + [each.conversation.key for each in store.trash.list() if each.conversation.bot == bot]


def purge_everything(store: Store) -> int:
    """Remove every conversation, draft and earlier prompt, and what was set aside; how many conversations.

    The data folder itself stays, with a conversations.toml that lists nothing. Raises StoreError.
    """
    keys = {each.key for each in store.conversations()} | set(store.trash.keys())
    removed = store.erase(keys)
    folder = store.data_dir
    for pattern in _OURS:
        for path in sorted(folder.glob(pattern)):
            _remove(path)
    return removed


def _remove(path: Path) -> None:
    with saving("The removal", path):
        if path.is_symlink() or path.is_file():
            path.unlink(missing_ok=True)

"""What was typed and not sent yet, one file a conversation: the text and nothing else, without a version."""

from collections.abc import Set
from contextlib import suppress

from userdesk.domain.conversation import ConversationKey
from userdesk.files.atomic import write_atomically
from userdesk.files.reading import read_bytes
from userdesk.store.folder import DataFolder
from userdesk.store.problems import saving


class Drafts:
    """The drafts of all conversations."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder

    def get(self, key: ConversationKey) -> str:
        """A conversation's draft; empty where there is none or it can't be read."""
        with suppress(OSError):
            return (read_bytes(self._folder.draft(key)) or b"").decode("utf-8", "replace")
        return ""

    def set(self, key: ConversationKey, text: str) -> None:
        """Keep a draft durably; an empty one is removed. Raises StoreError."""
        path = self._folder.draft(key)
        self._folder.may_write()
        with saving("The draft", path):
            if text:
                write_atomically(path, text.encode("utf-8", "replace"))
            else:
                path.unlink(missing_ok=True)

    def keys(self) -> Set[ConversationKey]:
        """The conversations that have a draft."""
        with suppress(OSError):
            files = [path for path in self._folder.drafts.iterdir() if path.suffix == ".txt"]
            return {ConversationKey(path.stem) for path in files}
        return frozenset()

"""When something last happened in each conversation, without asking the disk at every look."""

from collections.abc import Mapping

from userdesk.domain.conversation import ConversationKey
from userdesk.store import Store


class Recency:
    """Read once, then kept up by what this program does; other processes' doings come with `refresh`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._times: dict[ConversationKey, float] = {}
        self.version = 0
        """Counts up whenever a time changes."""

    @property
    def times(self) -> Mapping[ConversationKey, float]:
        """Seconds since 1970 by key; what no file knows yet is not among them."""
        return self._times

    def refresh(self) -> bool:
        """Look at every transcript; whether anything happened that was not known. Blocks on the disk."""
        times = self._store.recencies()
        if times == self._times:
            return False
        self._times = times
        self.version += 1
        return True

    def happened(self, key: ConversationKey) -> None:
        """Something was written to a conversation: look at its transcript."""
        if conversation := self._store.get(key):
            self._times[key] = self._store.recency(conversation).timestamp()
            self.version += 1

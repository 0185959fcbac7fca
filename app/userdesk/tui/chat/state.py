"""What the chat screen shows, as one truth: the open conversation, marks, filter, grouping."""

from collections.abc import Callable

from userdesk.domain.conversation import NO_KEY, ConversationKey
from userdesk.domain.failure import Failure


class ChatState:
    """View state alone: whatever must outlive the program is in the store.

    Whoever changes what the sidebar or the title shows calls `changed`; who draws it is in `on_changed`.
    """

    def __init__(self, *, by_chatbot: bool = False, accessible: bool = False) -> None:
        self.current = NO_KEY
        """The key of the conversation on the screen; empty before the first one is open."""
        self.previous = NO_KEY
        """The key of the one that was on the screen before it."""
        self.filter = ""
        """The words that the sidebar's conversations must hold."""
        self.by_chatbot = by_chatbot
        """Whether the sidebar has a heading a chatbot, rather than one a day."""
        self.accessible = accessible
        """Whether nothing moves by itself and signs are words."""
        self.is_loaded = False
        """Whether the store was read."""
        self.unread: set[ConversationKey] = set()
        self.failed: set[ConversationKey] = set()
        self.creation_failures: dict[ConversationKey, Failure] = {}
        """Why the server did not create a conversation in which nothing was said yet."""
        self.retry_at: dict[ConversationKey, float] = {}
        """When a conversation may be tried again after a 429, by the monotonic clock (s)."""
        self.on_changed: list[Callable[[], None]] = []
        """Called after each change."""

    def changed(self) -> None:
        """An order, a title or a mark is another one: tell who shows it."""
        for listener in self.on_changed:
            listener()

    def forget(self, key: ConversationKey) -> None:
        """A conversation was deleted: its marks go."""
        self.unread.discard(key)
        self.failed.discard(key)

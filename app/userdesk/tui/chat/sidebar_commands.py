"""Changes from the sidebar: a conversation's title, whether it is pinned, how all are grouped."""

from userdesk.chat import ChatService
from userdesk.domain.conversation import ConversationKey
from userdesk.tui.chat.background import Background
from userdesk.tui.chat.notifier import Notifier
from userdesk.tui.chat.preferences import Preferences
from userdesk.tui.chat.state import ChatState
from userdesk.tui.chat.trash import TrashController


class SidebarCommands:
    """At once on the screen, on the disk as soon as that takes it."""

    def __init__(
        self,
        service: ChatService,
        state: ChatState,
        trash: TrashController,
        notifier: Notifier,
        preferences: Preferences,
        run: Background,
    ) -> None:
        self._service = service
        self._state = state
        self._trash = trash
        self._notifier = notifier
        self._preferences = preferences
        self._run = run

    def rename(self, key: ConversationKey, title: str) -> None:
        """Give a conversation another title."""
        self._change(key, "Renamed", title=title)

    def pin(self, key: ConversationKey) -> None:
        """Pin to the top, or let go."""
        if conversation := self._service.conversation(key):
            pinned = not conversation.pinned
            self._change(key, "Pinned" if pinned else "Not pinned any more", pinned=pinned)

    def group(self) -> None:
        """Headings a chatbot instead of a day, or again a day; remembered in config.toml."""
        self._state.by_chatbot = not self._state.by_chatbot
        grouping = "chatbot" if self._state.by_chatbot else "day"
        self._state.changed()
        self._preferences.remember("group_by", grouping)
        self._notifier.flash(f"By {grouping}")

    def filter(self, words: str) -> None:
        """Leave only conversations whose titles or chatbots hold all the words."""
        self._state.filter = words
        self._state.changed()

    def _change(self, key: ConversationKey, done: str, **fields: object) -> None:
        self._run(self._write(key, done, fields), group=f"change-{key}")

    async def _write(self, key: ConversationKey, done: str, fields: dict[str, object]) -> None:
        if not await self._service.change(key, **fields):
            self._trash.tell_deleted(key)
        elif not len(self._service.write_queue):  # else it waits for the disk, which is told already
            self._notifier.flash(done)
        self._state.changed()

"""Changes from the sidebar: a conversation's title, whether it is pinned, how all are grouped."""

from dataclasses import dataclass

from userdesk.domain.conversation import ConversationKey
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.chat.preferences import Preferences
from userdesk.tui.chat.trash import TrashController


@dataclass(eq=False, repr=False)
class SidebarCommands:
    """At once on the screen, on the disk as soon as that takes it."""

    _chat: ChatParts
    _trash: TrashController
    _preferences: Preferences

    def rename(self, key: ConversationKey, title: str) -> None:
        """Give a conversation another title."""
        self._change(key, "Renamed", title=title)

    def pin(self, key: ConversationKey) -> None:
        """Pin to the top, or let go."""
        if conversation := self._chat.service.conversation(key):
            pinned = not conversation.pinned
            self._change(key, "Pinned" if pinned else "Not pinned any more", pinned=pinned)

    def group(self) -> None:
        """Headings a chatbot instead of a day, or again a day; remembered in config.toml."""
        self._chat.state.by_chatbot = not self._chat.state.by_chatbot
        grouping = "chatbot" if self._chat.state.by_chatbot else "day"
        self._chat.state.changed()
        self._preferences.remember("group_by", grouping)
        self._chat.notifier.flash(f"By {grouping}")

    def filter(self, words: str) -> None:
        """Leave only conversations whose titles or chatbots hold all the words."""
        self._chat.state.filter = words
        self._chat.state.changed()

    def _change(self, key: ConversationKey, done: str, **fields: object) -> None:
        self._chat.run(self._write(key, done, fields), group=f"change-{key}")

    async def _write(self, key: ConversationKey, done: str, fields: dict[str, object]) -> None:
        if not await self._chat.service.change(key, **fields):
            self._trash.tell_deleted(key)
        elif not len(self._chat.service.write_queue):  # else it waits for the disk, which is told already
            self._chat.notifier.flash(done)
        self._chat.state.changed()

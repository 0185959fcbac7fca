"""What is chosen in passing: the theme, modes, grouping; the title of a conversation, and its pin."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from userdesk.domain.conversation import ConversationKey
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.chat.trash import TrashController


class Preferences:
    """The theme, accessible mode, and whatever else is set in passing."""

    def __init__(self, chat: ChatParts, config_file: Path) -> None:
        self._chat = chat
        self._config_file = config_file
        self.on_accessible: list[Callable[[bool], None]] = []
        """Called when accessible mode was turned on or off."""

    def choose_theme(self) -> None:
        """Choose a theme, seen while choosing."""
        from userdesk.tui.dialogs.themes import ThemesScreen

        self._chat.dialogs.show(ThemesScreen(), lambda name: self.remember("theme", name) if name else None)

    def toggle_accessible(self) -> None:
        """No spinners, no ticking numbers, roles as words; or all of them again."""
        is_on = self._chat.state.accessible = not self._chat.state.accessible
        for listener in self.on_accessible:
            listener(is_on)
        self.remember("accessible", is_on)
        self._chat.notifier.flash("Accessible mode is on" if is_on else "Accessible mode is off")

    def remember(self, name: str, value: str | bool) -> None:
        """Write a setting into config.toml, its comments kept."""
        self._chat.run(self._write(name, value), group="settings")

    async def _write(self, name: str, value: str | bool) -> None:
        from userdesk.settings import SettingsError
        from userdesk.settings.write import set_plain

        try:
            await asyncio.to_thread(set_plain, self._config_file, name, value)
        except (SettingsError, OSError) as error:
            reason = self._chat.presenter.private(f": {error}")  # it names the file
            self._chat.notifier.flash(f"Kept until you quit{reason}", alert=True)


@dataclass(eq=False, repr=False)
class SidebarCommands:
    """At once on the screen, on the disk as soon as that takes it."""

    _chat: ChatParts
    _trash: TrashController
    _preferences: Preferences

    def rename(self, key: ConversationKey, title: str) -> None:
        """Give a conversation another title."""
        self._chat.run(self._change(key, "Renamed", title=title), group=f"change-{key}")

    def pin(self, key: ConversationKey) -> None:
        """Pin to the top, or let go."""
        if conversation := self._chat.service.conversation(key):
            done = "Unpinned" if conversation.pinned else "Pinned"
            change = self._change(key, done, pinned=not conversation.pinned)
            self._chat.run(change, group=f"change-{key}")

    async def group(self) -> None:
        """Headings a chatbot instead of a day, or again a day; remembered in config.toml."""
        if not self._chat.state.by_chatbot:
            await self._chat.directory.group()
        self._chat.state.by_chatbot = not self._chat.state.by_chatbot
        grouping = "chatbot" if self._chat.state.by_chatbot else "day"
        self._chat.state.changed()
        self._preferences.remember("group_by", grouping)
        self._chat.notifier.flash(f"Grouped by {grouping}")

    def filter(self, words: str) -> None:
        """Leave only conversations whose titles or chatbots hold all the words, and with such verdicts."""
        self._chat.state.filter = words
        self._chat.state.changed()

    async def _change(self, key: ConversationKey, done: str, **fields: object) -> None:
        if not await self._chat.service.change(key, **fields):
            self._trash.tell_deleted(key)
        elif not len(self._chat.service.write_queue):  # else it waits for the disk, which is told already
            self._chat.notifier.flash(done)
        self._chat.state.changed()

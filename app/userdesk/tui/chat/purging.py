"""Removing conversations from this machine for good: the trash, one chatbot's, everything."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from userdesk.domain.conversation import ConversationKey
from userdesk.domain.wording import SERVER_COPY
from userdesk.store import StoreError
from userdesk.store.purging import conversations_of, purge_chatbot, purge_everything
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.drafts import LANE
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.sidebar.order import Listed

AGREED = "remove"
"""What is typed before anything goes for good: Enter alone must not do it."""


class Purge(NamedTuple):
    """One way to remove something for good."""

    label: str
    remove: Callable[[], int]
    """Removes it from the disk and says how many conversations went. Raises StoreError."""
    keys: frozenset[ConversationKey] = frozenset()
    """The conversations of the sidebar that go with it."""
    lanes: frozenset[str] = frozenset()
    """What else goes of that which waits for the disk, by lane of the write queue."""


class PurgeController:
    """Asks what, then once more; what streams is left alone."""

    def __init__(self, chat: ChatParts, conversations: ConversationsController) -> None:
        self._chat = chat
        self._conversations = conversations
        self.on_purged: list[Callable[[], None]] = []
        """Called when something was removed."""

    async def purge(self) -> None:
        """Choose what goes for good."""
        if self._chat.service.busy_keys():
            self._chat.notifier.flash("An answer is still arriving: stop it first", alert=True)
            return
        bot = self._chat.directory.bot_of(self._chat.state.current)
        listed = self._chat.directory.listed
        purges = await self._chat.service.write_queue.read(partial(self._purges, listed, bot))
        self._chat.dialogs.choose(
            "Remove for good",
            [each.label for each in purges],
            lambda index: self._ask_once_more(purges[index]),
        )

    def _purges(self, listed: Listed, bot: str) -> list[Purge]:
        """What can be removed, which looks at all conversations and at the trash. Blocks on the disk."""
        store = self._chat.service.store
        shown = frozenset(listed.keys())
        of_bot = len(conversations_of(store, bot))
        return [
            Purge(f"the trash ({len(store.trash.keys())})", store.trash.empty),
            Purge(
                f"all conversations with {self._chat.directory.shown_name(bot)} ({of_bot})",
                partial(purge_chatbot, store, bot),
                frozenset(key for key in shown if listed.bot(key) == bot),
            ),
            Purge(
                "everything: conversations, drafts, earlier prompts, the log",
                partial(purge_everything, store),
                shown,
                frozenset((LANE,)),
            ),
        ]

    def _ask_once_more(self, purge: Purge) -> None:
        def agreed(word: str) -> None:
            if word.casefold() == AGREED:
                self._chat.run(self._remove(purge), group="purge", exclusive=True)
            else:
                self._chat.notifier.flash(f"Nothing was removed: “{AGREED}” was not typed")

        about = f"This removes {purge.label}. It cannot be undone. {SERVER_COPY}"
        self._chat.dialogs.ask_line("Remove for good", about, agreed, placeholder=f"confirm with “{AGREED}”")

    async def _remove(self, purge: Purge) -> None:
        try:
            count = await self._chat.service.erase(purge.remove, purge.keys, purge.lanes)
        except StoreError as error:
            self._chat.notifier.flash(str(error), alert=True)
            return
        await asyncio.to_thread(self._chat.directory.refresh_times)  # puts in order what is left
        self._chat.forget_all(purge.keys)
        if self._chat.state.current in purge.keys:
            self._chat.drafts.drop()
            await self._conversations.open_another()
        self._chat.prompts.refresh()
        self._chat.state.changed()
        for listener in self.on_purged:
            listener()
        self._chat.notifier.flash(f"Removed {count} conversation" + "s" * (count != 1))

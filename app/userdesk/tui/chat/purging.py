"""Removing conversations from this machine for good: the trash, one chatbot's, everything."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from userdesk.domain.safe_text import clean_line
from userdesk.store import StoreError
from userdesk.store.purging import conversations_of, purge_chatbot, purge_everything
from userdesk.tui.chat.chat_parts import ChatParts
from userdesk.tui.chat.drafting import HISTORY

STAYS = "What Userdesk keeps of them stays there: it offers no way to delete it."


class Offer(NamedTuple):
    """One way to remove something for good."""

    words: str
    remove: Callable[[], int]
    """Removes it from the disk and says how many conversations went. Raises StoreError."""
    keys: frozenset[str] = frozenset()
    """The conversations of the sidebar that go with it."""
    others: frozenset[str] = frozenset()
    """What else goes of that which waits for the disk, by lane of the write queue."""


class PurgeActions(ChatParts):
    """Asks what, then once more; what streams is left alone."""

    def action_purge(self) -> None:
        """Choose what goes for good."""
        from userdesk.tui.dialogs.choice import ChoiceScreen

        if self.service.busy_keys():
            self.status.flash("An answer is still on its way: stop it first", alert=True)
            return
        offers = self._offers()

        def chosen(index: int | None) -> None:
            if index is not None:
                self._ask_once_more(offers[index])

        self.app.push_screen(ChoiceScreen("Remove for good", [offer.words for offer in offers]), chosen)

    def _offers(self) -> list[Offer]:
        store = self.service.store
        conversation = self.board.conversation
        bot = conversation.bot if conversation else ""
        chatbot = self.service.registry.get(bot)
        name = clean_line(chatbot.name if chatbot else bot, 40)
        shown = self.board.conversations()
        return [
            Offer(f"the trash ({len(store.trash.keys())})", store.trash.empty),
            Offer(
                f"all conversations with {name} ({len(conversations_of(store, bot))})",
                partial(purge_chatbot, store, bot),
                frozenset(each.key for each in shown if each.bot == bot),
            ),
            Offer(
                "everything: conversations, drafts, earlier prompts, the log",
                partial(purge_everything, store),
                frozenset(each.key for each in shown),
                frozenset((HISTORY,)),
            ),
        ]

    def _ask_once_more(self, offer: Offer) -> None:
        from userdesk.tui.dialogs.confirm import ConfirmScreen

        def answered(yes: bool | None) -> None:
            if yes:
                self.run_worker(self._remove(offer), group="purge", exclusive=True, exit_on_error=False)

        self.app.push_screen(ConfirmScreen(f"Remove {offer.words} for good? {STAYS}", "Remove"), answered)

    async def _remove(self, offer: Offer) -> None:
        try:
            count = await self.service.erase(offer.remove, offer.keys | offer.others)
        except StoreError as error:
            self.status.flash(str(error), alert=True)
            return
        for key in offer.keys:
            self.board.forget(key)
            self.board.drafts.pop(key, None)
        if self.board.current in offer.keys:
            self.drop_draft()
            self.open_another()
        self.remember_prompts()
        self.conversations_changed()
        self.status.flash("1 conversation is gone" if count == 1 else f"{count} conversations are gone")

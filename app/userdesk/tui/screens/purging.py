"""Removing conversations from this machine for good: the trash, one chatbot's, everything."""

import asyncio
from collections.abc import Callable

from userdesk.domain.safe_text import clean_line
from userdesk.store import StoreError
from userdesk.store.purging import conversations_of, purge_chatbot, purge_everything
from userdesk.tui.screens.chat_parts import ChatParts

STAYS = "What Userdesk keeps of them stays there: it offers no way to delete it."


class PurgeActions(ChatParts):
    """Asks what, then once more; what streams is left alone."""

    def action_purge(self) -> None:
        """Choose what goes for good."""
        from userdesk.tui.screens.choice import ChoiceScreen

        if self.desk.busy_keys():
            self.status.flash("An answer is still on its way: stop it first", alert=True)
            return
        store = self.desk.store
        conversation = self.board.conversation
        bot = conversation.bot if conversation else ""
        chatbot = self.desk.roster.get(bot)
        name = clean_line(chatbot.name if chatbot else bot, 40)

        def trash() -> int:
            return store.trash.empty()

        def of_chatbot() -> int:
            return purge_chatbot(store, bot)

        def everything() -> int:
            return purge_everything(store)

        offers: list[tuple[str, Callable[[], int]]] = [
            (f"the trash ({len(store.trash.keys())})", trash),
            (f"all conversations with {name} ({len(conversations_of(store, bot))})", of_chatbot),
            ("everything: conversations, drafts, earlier prompts, the log", everything),
        ]

        def chosen(index: int | None) -> None:
            if index is not None:
                self._ask_once_more(*offers[index])

        self.app.push_screen(ChoiceScreen("Remove for good", [words for words, _ in offers]), chosen)

    def _ask_once_more(self, words: str, remove: Callable[[], int]) -> None:
        from userdesk.tui.screens.confirm import ConfirmScreen

        def answered(yes: bool | None) -> None:
            if yes:
                self.run_worker(self._remove(remove), group="purge", exclusive=True, exit_on_error=False)

        self.app.push_screen(ConfirmScreen(f"Remove {words} for good? {STAYS}", "Remove"), answered)

    async def _remove(self, remove: Callable[[], int]) -> None:
        before = {conversation.key for conversation in self.desk.store.conversations()}
        try:
            count = await asyncio.to_thread(remove)
        except StoreError as error:
            self.status.flash(str(error), alert=True)
            return
        for key in before - {conversation.key for conversation in self.desk.store.conversations()}:
            self.board.forget(key)
            self.board.drafts.pop(key, None)
        if self.board.current and self.desk.conversation(self.board.current) is None:
            self.open_another()
        self.remember_prompts()
        self.conversations_changed()
        self.status.flash("1 conversation is gone" if count == 1 else f"{count} conversations are gone")

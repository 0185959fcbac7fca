"""Deleting conversations and bringing them back: at once by a key, for thirty days from the trash."""

import asyncio
from datetime import date
from functools import partial

from textual import work

from userdesk.store.trash.trash import KEPT_DAYS, Trashed
from userdesk.tui.chat.chat_parts import ChatParts
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.sidebar.rows import day_name, title_of

UNDO_FOR = 10.0  # s that the toast offers to undo a delete
STAYS_IN_TRASH = (
    f"In the trash for {KEPT_DAYS:.0f} days. Userdesk keeps its own copy: it offers no way to delete it."
)


class DiscardActions(ChatParts):
    """Delete, undo, bring back."""

    _deleted: tuple[str, ...] = ()
    _is_left_alone = False
    """Whether the conversation on the screen is deleted, and stays for what is typed in it."""

    @property
    def target(self) -> str:
        """The conversation that rename, delete and pin apply to: under the cursor, else on the screen."""
        if isinstance(self.focused, ConversationList):
            return self.sidebar.list.cursor or self.board.current
        return self.board.current

    def action_delete(self) -> None:
        """Delete the local copy; there is no endpoint that deletes the server's."""
        key = self.target
        conversation = self.service.conversation(key)
        if conversation is None:
            return
        if self.service.turns(key):
            self.status.flash("The answer is still on its way: stop it first", alert=True)
            return
        if self.service.store.read_only:
            self.remind_of_version()
            return
        keys, draft = self.board.order(), self.input_bar.draft
        is_open = key == self.board.current
        if is_open:
            self.keep_draft()
        kept = self.service.delete(key)
        if kept:
            self._deleted = (*self._deleted, key)
        elif is_open:
            self.save_to_history(draft)
        self.board.forget(key)
        at = keys.index(key) if key in keys else 0
        left = [other for other in keys if other != key]
        if is_open:
            self.board.current = ""
            if left:
                self.open_conversation(left[min(at, len(left) - 1)])
            else:
                self.start_conversation()
        self.conversations_changed()
        self.sidebar.list.cursor = left[min(at, len(left) - 1)] if left else ""
        if kept:
            self._offer_undo("Deleted" if self.on_stage else f"Deleted “{title_of(conversation)[:40]}”")

    def _offer_undo(self, headline: str) -> None:
        key = self.userdesk.spoken_key("remedy")
        self.forget_elsewhere()
        self.toast.offer(headline, STAYS_IN_TRASH, f"{key} brings it back", seconds=UNDO_FOR)

    @property
    def undo_is_offered(self) -> bool:
        """Whether the toast on the screen offers to undo a delete."""
        return self.toast.offers and bool(self._deleted)

    def action_undo_delete(self) -> None:
        """Bring back what was deleted last."""
        if self._deleted:
            self._bring_back(self._deleted[-1])
        else:
            self.status.flash(f"Nothing to undo · {self.userdesk.spoken_key('restore')} looks into the trash")

    def _bring_back(self, key: str) -> None:
        """Take a conversation out of the trash and show it."""
        self._deleted = tuple(other for other in self._deleted if other != key)

        async def bring_back() -> None:
            if not await self.service.bring_back(key):
                if not self.service.write_queue.waits(
                    key
                ):  # else it waits for the disk, which is told already
                    self.status.flash("This conversation is not in the trash any more", alert=True)
                return
            self.board.recency.happened(key)
            self.board.failed |= await asyncio.to_thread(self.board.store.ended_badly, [key])
            self.open_conversation(key)
            self.toast.dismiss()
            self.status.flash("Brought back")

        self.run_worker(bring_back(), group=f"change-{key}", exit_on_error=False)

    def settle_deletions(self) -> bool:
        """Let go of what other windows deleted; whether there was anything."""
        gone, current = self.service.deleted(), self.board.current
        for key in gone:
            if key != current:
                self.board.forget(key)
        if current in gone:
            self._deleted_elsewhere(current)
        elif self._is_left_alone:
            self._is_left_alone = False
            self.status.release()
        return bool(gone)

    def _deleted_elsewhere(self, key: str) -> None:
        """What is on the screen is deleted: on to another one, but not away from what is being typed."""
        if self.sidebar.editing or self.app.screen is not self:
            return  # the keys still to come are for the field or the dialog
        if self.input_bar.whole_text.strip():
            self._is_left_alone = True
            if not self.status.news:
                self.status.hold("Deleted in another window · Enter sends this and brings it back")
            return
        subject = "This conversation" if self.on_stage else f"“{self.title_of(key)[:24]}”"
        self.board.forget(key)
        self.open_another()
        self.tell_deleted(key, subject)

    @work(group="trash-news", exit_on_error=False)
    async def tell_deleted(self, key: str, subject: str) -> None:
        """What another window did to a conversation, and what can be done about it here."""
        if not await asyncio.to_thread(self.board.store.trash.keeps, key):
            self.status.flash(f"{subject} was removed for good in another window", alert=True)
            return
        self._deleted = (*(other for other in self._deleted if other != key), key)
        self._offer_undo(f"{subject} was deleted in another window")

    @work(group="trash", exclusive=True, exit_on_error=False)
    async def action_restore(self) -> None:
        """Look into the trash; Enter brings a conversation back."""
        if self.on_stage:
            self.status.flash("Not in presenter mode")
            return
        from userdesk.tui.dialogs.pick import PickScreen

        trashed = await asyncio.to_thread(self.service.store.trash.list)
        if not trashed:
            self.status.flash("The trash is empty")
            return
        screen = PickScreen(
            "Deleted conversations",
            [_line(each) for each in trashed],
            take="bring it back",
            about=STAYS_IN_TRASH,
        )
        self.app.push_screen(screen, partial(self._picked, trashed))

    def _picked(self, trashed: list[Trashed], index: int | None) -> None:
        if index is not None:
            self._bring_back(trashed[index].conversation.key)


def _line(trashed: Trashed) -> str:
    deleted = trashed.deleted.astimezone()
    return f"{title_of(trashed.conversation)} · {day_name(deleted.date(), date.today())} {deleted:%H:%M}"

"""Deleting conversations, here or in other windows, and bringing them back: at once, or from the trash."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from userdesk.domain.conversation import NO_KEY, ConversationKey
from userdesk.domain.days import day_name
from userdesk.domain.wording import SERVER_COPY
from userdesk.store.trash.trash import KEPT_DAYS, Trashed
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.chat.save_notices import SaveNotices
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.sidebar.rows import title_of
from userdesk.tui.widgets.toast import Offer

UNDO_FOR = 10.0  # s that the toast offers to undo a delete
STAYS_IN_TRASH = f"In the trash for {KEPT_DAYS:.0f} days. {SERVER_COPY}"


@dataclass(eq=False, repr=False)
class TrashController:
    """Deletes, undoes, brings back; lets go of what other windows deleted.

    Then the conversation on the screen stays for what is being typed in it.
    """

    _chat: ChatParts
    _conversations: ConversationsController
    _save_notices: SaveNotices
    _input: InputBar
    _is_interruptible: Callable[[], bool]
    """Whether the screen may go to another conversation by itself: no dialog and no field has the keys."""
    _is_left_alone: bool = field(default=False, init=False)
    """Whether the conversation on the screen is deleted elsewhere, and stays."""
    _deleted: tuple[ConversationKey, ...] = field(default=(), init=False)
    """What can be undone, the newest last."""
    _offer: Offer | None = field(default=None, init=False)
    """The offer to undo the newest."""

    async def delete(self, key: ConversationKey) -> ConversationKey | None:
        """Delete the local copy (there is no endpoint that deletes the server's).

        Returns the key of the neighbor that takes its place in the list, empty where there is none, or None
        where nothing was deleted.
        """
        chat, service = self._chat, self._chat.service
        if key == chat.state.current and (neighbor := self._neighbor(key)):
            await self._conversations.read(neighbor)
        conversation = service.conversation(key)
        if conversation is None:
            return None
        if service.turns(key):
            chat.notifier.flash("The answer is still arriving: stop it first", alert=True)
            return None
        if service.store.folder.read_only:
            self._save_notices.remind()
            return None
        neighbor, is_open = self._neighbor(key), key == chat.state.current
        if is_open:
            chat.drafts.leave()
        is_kept = service.delete(key)
        if is_open and not is_kept:
            chat.prompts.add(chat.drafts.get(key))
        chat.forget(key)
        if is_open:
            chat.state.current = NO_KEY
            if neighbor:
                self._conversations.open(neighbor)
            else:
                self._conversations.start()
        if is_kept:
            title = chat.presenter.named(title_of(conversation), "")
            self.offer_undo(key, f"Deleted {title}".strip())
        chat.state.changed()
        return neighbor

    def _neighbor(self, key: ConversationKey) -> ConversationKey:
        """The one that takes a conversation's place in the list; empty where there is no other."""
        keys = self._chat.directory.order()
        at = keys.index(key) if key in keys else -1
        if at + 1 < len(keys):
            return keys[at + 1]
        return keys[at - 1] if at > 0 else NO_KEY

    def offer_undo(self, key: ConversationKey, headline: str) -> None:
        """Say that a conversation was deleted, and offer to bring it back."""
        self._deleted = (*(other for other in self._deleted if other != key), key)
        self._offer = Offer("restore it", self.undo)
        self._chat.notifier.offer(headline, STAYS_IN_TRASH, self._offer, seconds=UNDO_FOR)

    @property
    def can_undo(self) -> bool:
        """Whether there is a delete to undo."""
        return bool(self._deleted)

    def undo(self) -> None:
        """Bring back what was deleted last."""
        if self._deleted:
            self._bring_back(self._deleted[-1])
        else:
            trash = self._chat.shortcuts.way_to("restore")
            self._chat.notifier.flash(f"Nothing to undo · {trash} opens the trash")

    def _bring_back(self, key: ConversationKey) -> None:
        self._deleted = tuple(other for other in self._deleted if other != key)
        self._chat.run(self._take_out(key), group=f"change-{key}")

    async def _take_out(self, key: ConversationKey) -> None:
        chat, service = self._chat, self._chat.service
        if not await service.bring_back(key):
            if not service.write_queue.waits(key):  # else it waits for the disk, which is told already
                chat.notifier.flash("This conversation is no longer in the trash", alert=True)
            return
        chat.directory.happened(key)
        chat.state.failed |= await asyncio.to_thread(service.store.ended_badly, [key])
        await self._conversations.read_and_open(key)
        chat.notifier.dismiss()
        chat.notifier.flash("Restored")

    async def look_into(self) -> None:
        """Look into the trash; Enter brings a conversation back."""
        service = self._chat.service
        trashed = await service.write_queue.read(service.store.trash.list)  # behind what was just deleted
        if not trashed:
            self._chat.notifier.flash("The trash is empty")
            return
        self._chat.dialogs.pick(
            "Deleted conversations",
            [_line(each) for each in trashed],
            lambda index: self._bring_back(trashed[index].conversation.key),
            take="restore",
            about=STAYS_IN_TRASH,
        )

    # in other windows

    async def settle(self) -> bool:
        """Let go of what other windows deleted or brought back; whether there was anything deleted."""
        self._forget_what_is_back()
        gone, current = self._chat.service.deleted(), self._chat.state.current
        for key in gone:
            if key != current:
                self._chat.forget(key)
        if current in gone:
            await self._leave(current)
        elif self._is_left_alone:
            self._is_left_alone = False
            self._chat.notifier.release()
        return bool(gone)

    def _forget_what_is_back(self) -> None:
        """Another window brought it back: there is nothing to undo."""
        left = tuple(key for key in self._deleted if self._chat.service.conversation(key) is None)
        if left != self._deleted:
            if self._deleted[-1] not in left and self._offer is self._chat.notifier.offered:
                self._chat.notifier.dismiss()
            self._deleted = left

    async def _leave(self, key: ConversationKey) -> None:
        """What is on the screen is deleted: on to another one, but not away from what is being typed."""
        chat = self._chat
        if not self._is_interruptible():
            return  # the keys still to come are for the field or the dialog
        if self._input.whole_text.strip():
            self._is_left_alone = True
            send = chat.shortcuts.way_to("send")
            chat.notifier.hold_unless_busy(f"Deleted in another window · {send} sends this and restores it")
            return
        subject = chat.presenter.named(chat.directory.title(key), "This conversation")
        chat.forget(key)
        await self._conversations.open_another()
        self.tell_deleted(key, subject)

    def tell_deleted(self, key: ConversationKey, subject: str = "This conversation") -> None:
        """Another window deleted a conversation: say so, and what can be done about it here."""
        self._chat.run(self._tell_deleted(key, subject), group="trash-news")

    async def _tell_deleted(self, key: ConversationKey, subject: str) -> None:
        if await asyncio.to_thread(self._chat.service.store.trash.keeps, key):
            self.offer_undo(key, f"{subject} was deleted in another window")
            self._chat.state.changed()
        else:
            self._chat.notifier.flash(f"{subject} was removed for good in another window", alert=True)


def _line(trashed: Trashed) -> str:
    deleted = trashed.deleted.astimezone()
    return f"{title_of(trashed.conversation)} · {day_name(deleted.date(), date.today())} {deleted:%H:%M}"

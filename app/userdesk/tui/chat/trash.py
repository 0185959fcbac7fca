"""Deleting conversations and bringing them back: at once by a key, for thirty days from the trash."""

import asyncio
from collections.abc import Callable
from datetime import date
from functools import partial

from userdesk.chat import ChatService
from userdesk.domain.conversation import NO_KEY, ConversationKey
from userdesk.store.trash.trash import KEPT_DAYS, Trashed
from userdesk.tui.chat.background import Background
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.dialogs import Dialogs
from userdesk.tui.chat.directory import ConversationDirectory
from userdesk.tui.chat.drafts import DraftsController
from userdesk.tui.chat.notifier import Notifier
from userdesk.tui.chat.presenter import PresenterMode
from userdesk.tui.chat.prompts import PromptHistory
from userdesk.tui.chat.save_notices import SaveNotices
from userdesk.tui.chat.state import ChatState
from userdesk.tui.chat.views import ConversationViews
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.sidebar.rows import day_name, title_of
from userdesk.tui.widgets.toast import Offer

UNDO_FOR = 10.0  # s that the toast offers to undo a delete
STAYS_IN_TRASH = (
    f"In the trash for {KEPT_DAYS:.0f} days. Userdesk keeps its own copy: it offers no way to delete it."
)


class TrashController:
    """Deletes, undoes, brings back; takes note of what other windows deleted.

    `is_interruptible`: whether the screen may go to another conversation by itself, or a dialog or a field
    has the keys. `spell` gives the first key of a command.
    """

    def __init__(
        self,
        service: ChatService,
        state: ChatState,
        views: ConversationViews,
        directory: ConversationDirectory,
        conversations: ConversationsController,
        drafts: DraftsController,
        prompts: PromptHistory,
        notifier: Notifier,
        save_notices: SaveNotices,
        presenter: PresenterMode,
        dialogs: Dialogs,
        input_bar: InputBar,
        run: Background,
        *,
        is_interruptible: Callable[[], bool],
        spell: Callable[[str], str],
    ) -> None:
        self._service = service
        self._state = state
        self._views = views
        self._directory = directory
        self._conversations = conversations
        self._drafts = drafts
        self._prompts = prompts
        self._notifier = notifier
        self._save_notices = save_notices
        self._presenter = presenter
        self._dialogs = dialogs
        self._input = input_bar
        self._run = run
        self._is_interruptible = is_interruptible
        self._spell = spell
        self._deleted: tuple[ConversationKey, ...] = ()
        """What can be undone, the newest last."""
        self._is_left_alone = False
        """Whether the conversation on the screen is deleted, and stays for what is typed in it."""

    # delete and undo

    def delete(self, key: ConversationKey) -> ConversationKey | None:
        """Delete the local copy (there is no endpoint that deletes the server's).

        Returns the key of the neighbor that takes its place in the list, empty where there is none, or None
        where nothing was deleted.
        """
        conversation = self._service.conversation(key)
        if conversation is None:
            return None
        if self._service.turns(key):
            self._notifier.flash("The answer is still on its way: stop it first", alert=True)
            return None
        if self._service.store.read_only:
            self._save_notices.remind()
            return None
        keys, draft = self._directory.order(), self._input.draft
        is_open = key == self._state.current
        if is_open:
            self._drafts.leave()
        is_kept = self._service.delete(key)
        if is_kept:
            self._deleted = (*self._deleted, key)
        elif is_open:
            self._prompts.add(draft)
        self._let_go(key)
        at = keys.index(key) if key in keys else 0
        left = [other for other in keys if other != key]
        neighbor = left[min(at, len(left) - 1)] if left else NO_KEY
        if is_open:
            self._state.current = NO_KEY
            if neighbor:
                self._conversations.open(neighbor)
            else:
                self._conversations.start()
        self._state.changed()
        if is_kept:
            title = title_of(conversation)[:40]
            self._offer_undo(f"Deleted {self._presenter.named(title, '')}".strip())
        return neighbor

    def _let_go(self, key: ConversationKey) -> None:
        self._views.forget(key)
        self._service.forget(key)
        self._state.forget(key)

    def _offer_undo(self, headline: str) -> None:
        undo = Offer("brings it back", self.undo)
        self._notifier.offer(headline, STAYS_IN_TRASH, undo, seconds=UNDO_FOR)

    def undo(self) -> None:
        """Bring back what was deleted last."""
        if self._deleted:
            self._bring_back(self._deleted[-1])
        else:
            self._notifier.flash(f"Nothing to undo · {self._spell('restore')} looks into the trash")

    def _bring_back(self, key: ConversationKey) -> None:
        """Take a conversation out of the trash and show it."""
        self._deleted = tuple(other for other in self._deleted if other != key)
        self._run(self._take_out(key), group=f"change-{key}")

    async def _take_out(self, key: ConversationKey) -> None:
        if not await self._service.bring_back(key):
            if not self._service.write_queue.waits(key):  # else it waits for the disk, which is told already
                self._notifier.flash("This conversation is not in the trash any more", alert=True)
            return
        self._directory.recency.happened(key)
        self._state.failed |= await asyncio.to_thread(self._service.store.ended_badly, [key])
        self._conversations.open(key)
        self._notifier.dismiss()
        self._notifier.flash("Brought back")

    # other windows

    def settle_deletions(self) -> bool:
        """Let go of what other windows deleted; whether there was anything."""
        gone, current = self._service.deleted(), self._state.current
        for key in gone:
            if key != current:
                self._let_go(key)
        if current in gone:
            self._deleted_elsewhere(current)
        elif self._is_left_alone:
            self._is_left_alone = False
            self._notifier.release()
        return bool(gone)

    def _deleted_elsewhere(self, key: ConversationKey) -> None:
        """What is on the screen is deleted: on to another one, but not away from what is being typed."""
        if not self._is_interruptible():
            return  # the keys still to come are for the field or the dialog
        if self._input.whole_text.strip():
            self._is_left_alone = True
            self._notifier.hold_unless_busy("Deleted in another window · Enter sends this and brings it back")
            return
        subject = self._presenter.named(self._directory.title(key)[:24], "This conversation")
        self._let_go(key)
        self._conversations.open_another()
        self.tell_deleted(key, subject)

    def tell_deleted(self, key: ConversationKey, subject: str = "This conversation") -> None:
        """Another window deleted a conversation: say so, and what can be done about it here."""
        self._run(self._tell_deleted(key, subject), group="trash-news")

    async def _tell_deleted(self, key: ConversationKey, subject: str) -> None:
        if not await asyncio.to_thread(self._service.store.trash.keeps, key):
            self._notifier.flash(f"{subject} was removed for good in another window", alert=True)
            return
        self._deleted = (*(other for other in self._deleted if other != key), key)
        self._offer_undo(f"{subject} was deleted in another window")

    # the trash

    async def look_into(self) -> None:
        """Look into the trash; Enter brings a conversation back."""
        trashed = await asyncio.to_thread(self._service.store.trash.list)
        if not trashed:
            self._notifier.flash("The trash is empty")
            return
        self._dialogs.pick(
            "Deleted conversations",
            [_line(each) for each in trashed],
            partial(self._picked, trashed),
            take="bring it back",
            about=STAYS_IN_TRASH,
        )

    def _picked(self, trashed: list[Trashed], index: int) -> None:
        self._bring_back(trashed[index].conversation.key)


def _line(trashed: Trashed) -> str:
    deleted = trashed.deleted.astimezone()
    return f"{title_of(trashed.conversation)} · {day_name(deleted.date(), date.today())} {deleted:%H:%M}"

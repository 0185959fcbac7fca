"""What other windows deleted is let go of here too, and can be brought back."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from userdesk.domain.conversation import ConversationKey
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.chat.trash import TrashController
from userdesk.tui.input.input_bar import InputBar


@dataclass(eq=False)
class DeletedElsewhere:
    """Takes note of deletions; the conversation on the screen stays for what is being typed in it."""

    _chat: ChatParts
    _conversations: ConversationsController
    _trash: TrashController
    _input: InputBar
    _is_interruptible: Callable[[], bool]
    """Whether the screen may go to another conversation by itself: no dialog and no field has the keys."""
    _is_left_alone: bool = field(default=False, init=False)
    """Whether the conversation on the screen is deleted, and stays."""

    def settle(self) -> bool:
        """Let go of what other windows deleted; whether there was anything."""
        gone, current = self._chat.service.deleted(), self._chat.state.current
        for key in gone:
            if key != current:
                self._chat.forget(key)
        if current in gone:
            self._leave(current)
        elif self._is_left_alone:
            self._is_left_alone = False
            self._chat.notifier.release()
        return bool(gone)

    def _leave(self, key: ConversationKey) -> None:
        """What is on the screen is deleted: on to another one, but not away from what is being typed."""
        chat = self._chat
        if not self._is_interruptible():
            return  # the keys still to come are for the field or the dialog
        if self._input.whole_text.strip():
            self._is_left_alone = True
            chat.notifier.hold_unless_busy("Deleted in another window · Enter sends this and brings it back")
            return
        subject = chat.presenter.named(chat.directory.title(key)[:24], "This conversation")
        chat.forget(key)
        self._conversations.open_another()
        self.tell(key, subject)

    def tell(self, key: ConversationKey, subject: str = "This conversation") -> None:
        """Another window deleted a conversation: say so, and what can be done about it here."""
        self._chat.run(self._tell(key, subject), group="trash-news")

    async def _tell(self, key: ConversationKey, subject: str) -> None:
        if await asyncio.to_thread(self._chat.service.store.trash.keeps, key):
            self._trash.offer_undo(key, f"{subject} was deleted in another window")
        else:
            self._chat.notifier.flash(f"{subject} was removed for good in another window", alert=True)

"""What nearly every controller of the chat screen works with."""

from collections.abc import Set
from typing import NamedTuple

from userdesk.chat import ChatService
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.domain.conversation import ConversationKey
from userdesk.tui.chat.dialogs import Background, Dialogs
from userdesk.tui.chat.directory import ConversationDirectory
from userdesk.tui.chat.drafts import DraftsController, PromptHistory
from userdesk.tui.chat.notifier import Notifier
from userdesk.tui.chat.presenter import PresenterMode
from userdesk.tui.chat.state import ChatState, ConversationViews
from userdesk.tui.message_log.annotations import Annotations
from userdesk.tui.shortcuts import Shortcuts


class ChatParts(NamedTuple):
    """The conversations, what is shown of them and written in them, and what the user is told.

    No controller is among them: which others a controller calls, its constructor says.
    """

    service: ChatService
    state: ChatState
    views: ConversationViews
    directory: ConversationDirectory
    drafts: DraftsController
    prompts: PromptHistory
    presenter: PresenterMode
    notifier: Notifier
    dialogs: Dialogs
    shortcuts: Shortcuts
    run: Background

    @property
    def annotations(self) -> Annotations:
        """What the log says beside the messages of the open conversation, with the keys there are."""
        is_demo = self.is_demo(self.state.current)
        remedy, stop, follow = map(self.shortcuts.spoken, ("remedy", "stop", "follow"))
        return self.presenter.annotations(Annotations(True, remedy, stop, follow, is_demo, times=True))

    def is_demo(self, key: ConversationKey) -> bool:
        """Whether a conversation is with the embedded chatbot; a visitor knows it by its id alone."""
        bot = self.directory.bot_of(key)
        chatbot = self.service.registry.get(bot) if self.presenter.for_visitor else None
        return bot == DEMO_BOT or (chatbot is not None and chatbot.chatbot_id == DEMO_BOT)

    def forget(self, key: ConversationKey) -> None:
        """Let go of a conversation that was deleted; its draft stays, for it may be brought back."""
        self.views.forget(key)
        self.service.forget(key)
        self.state.unread.discard(key)
        self.state.failed.discard(key)

    def forget_all(self, keys: Set[ConversationKey]) -> None:
        """Let go of conversations that were removed for good, and of what was written in them.

        Of thousands only those are looked at of which anything is in memory.
        """
        state = self.state
        known = {*self.views.keys, *self.service.keys, *self.drafts.keys, *state.unread, *state.failed}
        for key in known & keys:
            self.forget(key)
            self.drafts.forget(key)

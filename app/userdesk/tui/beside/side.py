"""One of two conversations side by side: its title and log, and the controllers that act on it."""

from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from userdesk.domain.conversation import ConversationKey
from userdesk.domain.message import Message, Role
from userdesk.tui.chat.chatbots import ChatbotsController
from userdesk.tui.chat.controllers import Controllers, Program
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.directory import ConversationDirectory
from userdesk.tui.chat.log_commands import LogCommands
from userdesk.tui.chat.recovery import RecoveryController
from userdesk.tui.chat.state import ChatState
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.message_log import MessageLog
from userdesk.tui.sidebar.rows import title_of


class Pair(NamedTuple):
    """Two conversations that are talked in at once."""

    left: ConversationKey
    right: ConversationKey


class Side(Vertical):
    """Made of the chat screen's parts, with a state of its own that says which conversation is meant."""

    def __init__(self, program: Program, does: Controllers, input_bar: InputBar, bot: str) -> None:
        super().__init__(classes="side")
        self.bot = bot
        self.log_view = MessageLog(id="log", still=does.chat.state.accessible)
        self._title = Static("", id="title", markup=False)
        self._program = program
        self._does = does
        self._input = input_bar

    def compose(self) -> ComposeResult:
        """The chatbot's name over the log."""
        yield self._title
        with Horizontal(id="log-area"):
            yield self.log_view.markers
            yield self.log_view

    def act_on(self, state: ChatState) -> None:
        """Build the controllers; `state` says which conversation is open here."""
        does, chat = self._does, self._does.chat
        self.chat = chat = chat._replace(
            state=state,
            views=chat.views.turned(state),
            directory=ConversationDirectory(chat.service, state, chat.drafts, self.bot),
            notifier=chat.notifier.naming(chat.directory.shown_name(self.bot)),
        )
        self.conversations = ConversationsController(chat, does.unread, self.bot, True, does.turns.failed)
        chatbots = ChatbotsController(chat, self.conversations, self._program.keyring)
        # A retry that waits for its time comes also where the two are not on the screen any more.
        self.recovery = RecoveryController(chat, self.conversations, does.turns, chatbots.show, does.later)
        self.recovery.scheduled = does.recovery.scheduled
        chatbots.on_access_changed.append(self.recovery.access_changed)
        self.of_log = LogCommands.of(
            *(chat, self.log_view, self._input, self._program.clipboard, self._program.browser),
            *(self.conversations, does.turns, self.recovery),
        )
        self.conversations.on_opened.append(lambda _: self.show())
        self.conversations.on_creating.append(self._creating)

    @property
    def key(self) -> ConversationKey:
        """The conversation's."""
        return self.chat.state.current

    def show(self) -> None:
        """Draw the conversation anew, and what is said beside its messages."""
        self.log_view.bubbles.annotations = self.chat.annotations
        if self.key and self.log_view.view is not self.chat.views.current:
            self.log_view.show(self.chat.views.current)
            self.of_log.verdicts.refresh()
        self.log_view.redraw()

    def refresh_title(self) -> None:
        """Name the chatbot and, but for an audience, the conversation."""
        conversation = self.chat.directory.current
        title = self.chat.presenter.private(title_of(conversation)) if conversation else ""
        name = self.chat.directory.shown_name(conversation.bot if conversation else self.bot)
        self._title.update(Content.assemble((name, "bold"), (f"  {title}", "$dim")))

    def _creating(self, key: ConversationKey, is_under_way: bool) -> None:
        self.log_view.empty_words = "Starting the conversation…" if is_under_way else "Ask anything."
        self.log_view.redraw()

    @property
    def last_turn(self) -> tuple[str, Message] | None:
        """The last question and the answer to it, once that is there."""
        view = self.chat.views.current if self.key else None
        if view is None or view.settled < max(2, len(view)):
            return None
        asked, answer = (view.entry(len(view) - at).message for at in (2, 1))
        return (asked.text, answer) if (asked.role, answer.role) == (Role.USER, Role.ASSISTANT) else None

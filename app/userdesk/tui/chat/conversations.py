"""Which conversation is on the screen: the first one, another one, a new one."""

from collections.abc import Callable

from userdesk.chat import ChatService
from userdesk.chat.events import Greeted
from userdesk.domain.chatbot import Chatbot
from userdesk.domain.conversation import NO_KEY, Conversation, ConversationKey, attached_title
from userdesk.domain.failure import Failure, UserdeskError
from userdesk.domain.message import Message, Role, now
from userdesk.domain.safe_text import clean_line
from userdesk.store import StoreError
from userdesk.tui.chat.background import Background
from userdesk.tui.chat.directory import ConversationDirectory
from userdesk.tui.chat.drafts import DraftsController
from userdesk.tui.chat.notifier import Notifier
from userdesk.tui.chat.presenter import PresenterMode
from userdesk.tui.chat.state import ChatState
from userdesk.tui.chat.unread import UnreadMarks
from userdesk.tui.chat.views import ConversationViews

ATTACHED = (
    "*This conversation was opened by its id. Its earlier messages can't be shown: Userdesk offers "
    "no way to read them. The chatbot remembers them, if the id is one of its own.*"
)


class ConversationsController:
    """Opens, starts, attaches and changes conversations; turns in others go on meanwhile.

    `start_bot` is the chatbot that a start talks to; `only_bot` limits what is opened by itself to it.
    """

    def __init__(
        self,
        service: ChatService,
        state: ChatState,
        views: ConversationViews,
        directory: ConversationDirectory,
        drafts: DraftsController,
        unread: UnreadMarks,
        notifier: Notifier,
        presenter: PresenterMode,
        run: Background,
        *,
        start_bot: str,
        only_bot: bool,
    ) -> None:
        self._service = service
        self._state = state
        self._views = views
        self._directory = directory
        self._drafts = drafts
        self._unread = unread
        self._notifier = notifier
        self._presenter = presenter
        self._run = run
        self._start_bot = start_bot
        self._only_bot = only_bot
        self.on_opened: list[Callable[[ConversationKey], None]] = []
        """Called with its key when a conversation came to the screen."""
        self.on_started: list[Callable[[], None]] = []
        """Called when a new or blank conversation is to be written in."""
        self.on_creating: list[Callable[[ConversationKey, bool], None]] = []
        """Called with a key when the server is asked for a conversation, and when it answered."""
        self.on_creation_failed: list[Callable[[ConversationKey, Failure], None]] = []

    # open

    def open(self, key: ConversationKey) -> None:
        """Show a conversation."""
        if self._service.conversation(key) is None:
            return
        self._drafts.leave() if key != self._state.current else self._drafts.settle()
        self._state.current = key
        self._service.retain(key)
        self._unread.discard(key)
        self._drafts.enter(key)
        self._notifier.dismiss()
        for listener in self.on_opened:
            listener(key)
        self._state.changed()

    def open_first(self, wanted: str | None) -> None:
        """At start: what a flag asks for, the most recent conversation, or the first one with the chatbot."""
        first = self._most_recent()
        if wanted:
            self.attach(wanted)
        elif first:
            self.open(first.key)
        else:
            self.start(self._start_bot)

    def open_another(self) -> None:
        """The conversation on the screen is gone: show the most recent one; for an audience a new one."""
        self._state.current = NO_KEY
        first = self._most_recent()
        if self._presenter.is_on or not first:
            self.start(self._presenter.bot if self._presenter.is_on else self._start_bot)
        else:
            self.open(first.key)

    def _most_recent(self) -> Conversation | None:
        return self._directory.most_recent(self._start_bot if self._only_bot else None)

    def step(self, direction: int, keys: list[ConversationKey]) -> None:
        """The next or previous one of these keys, round the ends; for an audience of the same chatbot."""
        current = self._directory.current
        if self._presenter.is_on and current:
            same = {each.key for each in self._directory.all() if each.bot == current.bot}
            keys = [key for key in keys if key in same]
        if not keys:
            return
        here = self._state.current
        at = keys.index(here) if here in keys else -1 if direction > 0 else 0
        self.open(keys[(at + direction) % len(keys)])

    # start

    def talk_to(self, bot: str) -> None:
        """Go to the most recent conversation with a chatbot, or start one."""
        if conversation := self._directory.most_recent(bot):
            self.open(conversation.key)
            self._started()
        else:
            self.start(bot)

    def start(self, bot: str | None = None) -> None:
        """A new conversation with a chatbot; one without a user message is used again."""
        current = self._directory.current
        chatbot = self._chatbot(bot or (current.bot if current else self._start_bot))
        if chatbot is None:
            return
        if current and current.belongs_to(chatbot) and not self.was_spoken_in(current.key):
            self._started()
            if current.id is None and not self._service.holds(current.key):
                self.create(current.key)
            return
        for conversation in self._service.unsaved():
            if conversation.belongs_to(chatbot) and not self.was_spoken_in(conversation.key):
                self.open(conversation.key)
                self._started()
                return
        conversation = self._service.start_conversation(chatbot)
        self.open(conversation.key)
        self._started()
        self.create(conversation.key)

    def _started(self) -> None:
        for listener in self.on_started:
            listener()

    def _chatbot(self, bot: str) -> Chatbot | None:
        return self._service.registry.get(bot) or self._service.registry.get(self._start_bot)

    def was_spoken_in(self, key: ConversationKey) -> bool:
        """Whether the user, or somebody elsewhere, said anything in a conversation."""
        conversation = self._service.conversation(key)
        if conversation and conversation.title == attached_title(conversation.id or ""):
            return True  # by somebody, elsewhere
        return self._views.of(key).has_user_message or bool(self._service.turns(key))

    def create(self, key: ConversationKey) -> None:
        """Ask the server for the conversation's id and welcome message."""
        self._run(self._create(key), group="create")

    async def _create(self, key: ConversationKey) -> None:
        self._tell_creating(key, True)
        try:
            happened = await self._service.create(key)
        except UserdeskError as error:
            self._tell_creating(key, False)
            if not self._service.turns(key) and self._service.conversation(key):  # else deleted meanwhile
                self._state.creation_failures[key] = error.failure
                for listener in self.on_creation_failed:
                    listener(key, error.failure)
            return
        self._state.creation_failures.pop(key, None)
        self._state.failed.discard(key)
        self._tell_creating(key, False)
        for event in happened:
            if isinstance(event, Greeted):
                self._views.of(key).add(event.message)
        self._directory.recency.happened(key)
        self._state.changed()

    def _tell_creating(self, key: ConversationKey, is_under_way: bool) -> None:
        for listener in self.on_creating:
            listener(key, is_under_way)

    # attach

    @property
    def attach_bot(self) -> str:
        """The chatbot whose conversation an unknown id is taken for, in the configuration's words."""
        current = self._directory.current
        return current.bot if current else self._start_bot

    def attach(self, wanted: str) -> None:
        """Open a conversation by its key or conversationId; an unknown id becomes a conversation here."""
        wanted = clean_line(wanted)
        for conversation in self._directory.all():
            if wanted in (conversation.id, conversation.key):
                self.open(conversation.key)
                return
        chatbot = self._service.registry.get(self.attach_bot)
        if chatbot is None:
            return
        conversation = Conversation.start(chatbot, now()).evolve(id=wanted, title=attached_title(wanted))
        note = Message(role=Role.ASSISTANT, text=ATTACHED, at=now(), welcome=True)
        try:
            self._service.store.add(conversation)
            self._service.store.transcript(conversation.key).append(note)
        except StoreError as error:
            self._notifier.flash(str(error), alert=True)
            return
        self._directory.recency.happened(conversation.key)
        self.open(conversation.key)
        self._started()

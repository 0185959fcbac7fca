"""Which conversation is on the screen: the first one, another one, a new one."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from userdesk.chat.events import Greeted
from userdesk.domain.chatbot import Chatbot
from userdesk.domain.conversation import NO_KEY, Conversation, ConversationKey, attached_title
from userdesk.domain.failure import Failure, UserdeskError
from userdesk.domain.message import Message, Role, now
from userdesk.domain.safe_text import clean_line
from userdesk.store import StoreError
from userdesk.store.transcript.transcript import Transcript
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.chat.state import UnreadMarks
from userdesk.tui.message_log.conversation_view import ConversationView

ATTACHED = (
    "*This conversation was opened by its id. Its earlier messages can't be shown: Userdesk offers "
    "no way to read them. If the id belongs to this chatbot, it remembers them.*"
)


@dataclass(eq=False, repr=False)
class ConversationsController:
    """Opens, starts, attaches and changes conversations; turns in others go on meanwhile."""

    _chat: ChatParts
    _unread: UnreadMarks
    _start_bot: str
    """The chatbot that a start talks to."""
    _only_bot: bool
    """Whether what is opened by itself is limited to that chatbot."""
    _creation_failed: Callable[[ConversationKey, Failure], None]
    """Called with a key and what went wrong when the server did not create a conversation."""
    on_glanced_at: list[Callable[[ConversationView], None]] = field(default_factory=list, init=False)
    """Called with the end of a long conversation that is about to be opened."""
    on_opened: list[Callable[[ConversationKey], None]] = field(default_factory=list, init=False)
    """Called with its key when a conversation came to the screen."""
    on_started: list[Callable[[], None]] = field(default_factory=list, init=False)
    """Called when a new or blank conversation is to be written in."""
    on_creating: list[Callable[[ConversationKey, bool], None]] = field(default_factory=list, init=False)
    """Called with a key when the server is asked for a conversation, and when it answered."""

    @property
    def current_bot(self) -> str:
        """The chatbot of the conversation on the screen, before there is one that of a start."""
        current = self._chat.directory.current
        return current.bot if current else self._start_bot

    # open

    async def read(self, key: ConversationKey) -> None:
        """Find the lines of a long transcript in a thread before it is opened: nothing else waits for it.

        The last one is read there as well, for it may be of megabytes. Its end is shown meanwhile.
        """
        transcript = self._chat.service.store.transcript(key)
        if transcript.is_long and not transcript.is_read:
            self._glance_at(await asyncio.to_thread(transcript.end))
            await asyncio.to_thread(transcript.refresh)
            await asyncio.to_thread(transcript.tail, 1)

    async def read_and_open(self, key: ConversationKey) -> None:
        """Show a conversation; keys wait for it, nothing else does."""
        await self.read(key)
        self.open(key)

    def open(self, key: ConversationKey) -> None:
        """Show a conversation whose lines are known or few: others are to be read first."""
        if self._chat.service.conversation(key) is None:
            return
        self._chat.drafts.leave(key)
        if self._chat.state.current not in (key, NO_KEY):
            self._chat.state.previous = self._chat.state.current
        self._chat.state.current = key
        self._chat.service.retain(key)
        self._unread.discard(key)
        self._chat.drafts.enter(key)
        self._chat.notifier.dismiss()
        for listener in self.on_opened:
            listener(key)
        self._chat.state.changed()

    async def glance_at_first(self) -> None:
        """At a start over many conversations: show the end of the most recent one before the list is read."""

        def read() -> Transcript | None:
            newest = self._chat.service.store.newest()
            if newest is None or (self._only_bot and newest.bot != self._start_bot):
                return None
            is_configured = self._chat.service.registry.for_conversation(newest) is not None
            return self._chat.service.store.transcript(newest.key).end() if is_configured else None

        if end := await asyncio.to_thread(read):
            self._glance_at(end)

    def _glance_at(self, end: Transcript) -> None:
        view = ConversationView(end)
        for listener in self.on_glanced_at if len(view) else ():
            listener(view)

    async def open_first(self, wanted: str | None) -> None:
        """At start: what a flag asks for, the most recent conversation, or the first one with the chatbot."""
        if wanted:
            await self.attach(self._key_of(clean_line(wanted)))
        elif first := self._most_recent():
            await self.read_and_open(first.key)
        else:
            self.start(self._start_bot)

    def _key_of(self, wanted: str) -> str:
        """The key of the one saved conversation with an id or key that begins so; else what is wanted."""
        saved = list(islice(self._chat.directory.listed.named(wanted, whole=False), 2))
        return saved[0].key if len(saved) == 1 else wanted

    async def open_another(self) -> None:
        """The conversation on the screen is gone: show the most recent one; for an audience a new one."""
        self._chat.state.current = NO_KEY
        first = self._most_recent()
        if self._chat.presenter.is_on or not first:
            self.start(self._chat.presenter.bot if self._chat.presenter.is_on else self._start_bot)
        else:
            await self.read_and_open(first.key)

    def _most_recent(self) -> Conversation | None:
        return self._chat.directory.most_recent(self._start_bot if self._only_bot else None)

    async def step(self, direction: int, keys: list[ConversationKey]) -> None:
        """The next or previous one of these keys, round the ends; for an audience of the same chatbot."""
        current = self._chat.directory.current
        if self._chat.presenter.is_on and current:
            listed = self._chat.directory.listed
            keys = [key for key in keys if listed.has(key) and listed.bot(key) == current.bot]
        if not keys:
            return
        here = self._chat.state.current
        at = keys.index(here) if here in keys else -1 if direction > 0 else 0
        await self.read_and_open(keys[(at + direction) % len(keys)])

    # start

    async def talk_to(self, bot: str) -> None:
        """Go to the most recent conversation with a chatbot, or start one."""
        if conversation := self._chat.directory.most_recent(bot):
            await self.read_and_open(conversation.key)
            self._started()
        else:
            self.start(bot)

    def start_another(self) -> None:
        """A new conversation with the chatbot of this one; says so where a blank one is used again."""
        here, known = self._chat.state.current, len(self._chat.directory)
        self.start()
        if len(self._chat.directory) == known:
            is_here = self._chat.state.current == here
            blank = "This conversation is still blank" if is_here else "Back in the blank conversation"
            self._chat.notifier.flash(blank)

    def start(self, bot: str | None = None) -> None:
        """A new conversation with a chatbot; a blank one, in which the user said nothing, is used again."""
        current = self._chat.directory.current
        registry = self._chat.service.registry
        chatbot = registry.get(bot or self.current_bot) or registry.get(self._start_bot)
        if chatbot is None:
            return
        if current and current.belongs_to(chatbot) and not self.was_spoken_in(current.key):
            conversation = current
        else:
            conversation = self._blank(chatbot) or self._chat.service.start_conversation(chatbot)
            self.open(conversation.key)
        self._started()
        if conversation.id is None and not self._chat.service.holds(conversation.key):
            self.create(conversation.key)

    def _blank(self, chatbot: Chatbot) -> Conversation | None:
        """A conversation with a chatbot in which the user said nothing, and that is not on the screen."""
        listed = self._chat.directory.listed
        for key in sorted(listed.untitled()):  # one in which something was said has a title
            conversation = listed.conversation(key)
            if conversation is None or self._chat.state.shows(key) or not conversation.belongs_to(chatbot):
                continue
            if not self.was_spoken_in(key):
                return conversation
        return None

    def _started(self) -> None:
        for listener in self.on_started:
            listener()

    def was_spoken_in(self, key: ConversationKey) -> bool:
        """Whether the user, or somebody elsewhere, said anything in a conversation."""
        conversation = self._chat.service.conversation(key)
        if conversation and conversation.title == attached_title(conversation.id or ""):
            return True  # by somebody, elsewhere
        return self._chat.views.of(key).has_user_message or bool(self._chat.service.turns(key))

    def create(self, key: ConversationKey) -> None:
        """Ask the server for the conversation's id and welcome message."""
        self._chat.run(self._create(key), group="create")

    async def _create(self, key: ConversationKey) -> None:
        self._tell_creating(key, True)
        try:
            happened = await self._chat.service.create(key)
        except UserdeskError as error:
            self._tell_creating(key, False)
            # A conversation that is not there was deleted meanwhile.
            if not self._chat.service.turns(key) and self._chat.service.conversation(key):
                self._chat.state.creation_failures[key] = error.failure
                self._creation_failed(key, error.failure)
            return
        self._chat.state.creation_failures.pop(key, None)
        self._chat.state.failed.discard(key)
        self._tell_creating(key, False)
        for event in happened:
            if isinstance(event, Greeted):
                self._chat.views.of(key).add(event.message)
        self._chat.directory.happened(key)
        self._chat.state.changed()

    def _tell_creating(self, key: ConversationKey, is_under_way: bool) -> None:
        for listener in self.on_creating:
            listener(key, is_under_way)

    async def attach(self, wanted: str) -> None:
        """Open a conversation by its key or conversationId; an unknown id becomes a conversation here."""
        wanted = clean_line(wanted)
        for conversation in self._chat.directory.listed.named(wanted):
            if wanted in (conversation.id, conversation.key):
                await self.read_and_open(conversation.key)
                return
        chatbot = self._chat.service.registry.get(self.current_bot)
        if chatbot is None:
            return
        conversation = Conversation.start(chatbot, now()).evolve(id=wanted, title=attached_title(wanted))
        note = Message(role=Role.ASSISTANT, text=ATTACHED, at=now(), welcome=True)
        try:
            self._chat.service.store.add(conversation)
            self._chat.service.store.transcript(conversation.key).append(note)
        except StoreError as error:
            self._chat.notifier.flash(str(error), alert=True)
            return
        self._chat.directory.happened(conversation.key)
        self.open(conversation.key)
        self._started()

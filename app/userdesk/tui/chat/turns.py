"""Turns on the screen: a message is sent, its answer grows in its conversation's view, its end is told."""

from collections.abc import Callable
from dataclasses import dataclass, field

from userdesk.chat import Turn, events
from userdesk.domain.conversation import ConversationKey
from userdesk.domain.failure import ASK_FOR_KEY, Failure
from userdesk.domain.message import Message, Role, now
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.chat.state import UnreadMarks


@dataclass(eq=False, repr=False)
class TurnsController:
    """Sends, and follows each turn to its end wherever the user is meanwhile."""

    _chat: ChatParts
    _unread: UnreadMarks
    on_started: list[Callable[[Turn], None]] = field(default_factory=list, init=False)
    """Called with each turn that begins: a message sent, sent again, or sent under a new id."""
    on_finished: list[Callable[[ConversationKey], None]] = field(default_factory=list, init=False)
    """Called with the conversation's key when an answer is complete."""
    on_failed: list[Callable[[ConversationKey, Failure], None]] = field(default_factory=list, init=False)
    """Called with the conversation's key and what went wrong."""
    _typed_ahead: list[str] = field(default_factory=list, init=False)
    """Messages sent before any conversation was open."""

    # send

    def submit(self, key: ConversationKey, text: str) -> None:
        """A message written in a conversation; before any is open it waits for the first one."""
        if key:
            self.send(key, text)
        else:
            self._typed_ahead.append(text)

    def send_typed_ahead(self, greeted_bot: str) -> None:
        """Send what was written before any conversation was open, when the input bar named a chatbot."""
        texts = self.take_typed_ahead()
        conversation = self._chat.directory.current
        if texts and conversation and conversation.bot != greeted_bot:
            # Another chatbot was named when Enter was pressed: nothing goes to this one unasked.
            self._chat.drafts.put_back(conversation.key, "\n".join(texts))
            message = "Not sent yet: this conversation is with another chatbot"
            self._chat.notifier.flash(message, alert=True)
            return
        for text in texts:
            self.send(self._chat.state.current, text)

    def take_typed_ahead(self) -> list[str]:
        """What was written before any conversation was open, once."""
        texts, self._typed_ahead = self._typed_ahead, []
        return texts

    def send(self, key: ConversationKey, text: str) -> None:
        """Send a message in a conversation and follow its turn."""
        self._chat.views.of(key)
        waits = self._chat.service.holds(key)
        self._chat.notifier.dismiss()
        self._follow(self._chat.service.send(key, text), waits=waits)
        self._chat.prompts.add(text)

    def retry(self, key: ConversationKey, text: str) -> None:
        """Send the last message of a conversation again."""
        self._follow(self._chat.service.retry(key, text))

    async def continue_in_new(self, key: ConversationKey, text: str) -> None:
        """The conversationId is not valid: ask under a new one, the transcript stays."""
        self._follow(await self._chat.service.continue_in_new(key, text))

    def withdraw(self, key: ConversationKey, turn_id: str) -> None:
        """Take a waiting message back into the input bar."""
        for turn in self._chat.service.turns(key):
            if turn.id == turn_id:
                turn.stop()

    def stop(self, which: int) -> bool:
        """Stop a turn here; whether there is any.

        `which` is 0 for the answer under way, -1 for the last message: one that waits is taken back first.
        """
        turns = self._chat.service.turns(self._chat.state.current)
        if turns:
            turns[which].stop()
        return bool(turns)

    # follow

    def _follow(self, turn: Turn, *, waits: bool = False) -> None:
        self._chat.run(self._consume(turn, waits=waits), group="turns")
        for listener in self.on_started:
            listener(turn)

    async def _consume(self, turn: Turn, *, waits: bool) -> None:
        key, view = turn.key, self._chat.views.of(turn.key)
        if waits:
            view.queue(Message(role=Role.USER, text=turn.text, at=now()), turn.id)
        self._chat.state.changed()
        async for event in turn.events():
            match event:
                case events.TextArrived(text):
                    view.grow(text)
                case events.Started(message, repeated):
                    if not view.start_waiting(turn.id) and not repeated:
                        view.add(message)
                    view.begin_answer()
                    self._chat.directory.happened(key)
                    self._chat.state.failed.discard(key)
                    # What is in the transcript need not stand in the draft's file.
                    self._chat.drafts.save(key)
                    self._chat.state.changed()
                case events.Restored() if self._chat.state.shows(key):
                    told = "It was deleted in another window · your message restored it"
                    self._chat.notifier.flash(told, alert=True)
                case events.ConversationChanged():
                    self._chat.state.changed()
                case events.StreamEnded():
                    view.stream_ended()
                case events.Stalled(seconds):
                    view.stalled(seconds)
                    if self._chat.state.shows(key):  # asks for nothing: the turn goes on waiting
                        waiting = f"Still waiting · {self._chat.shortcuts.way_to('stop')} stops"
                        bot = self._chat.directory.bot_of(key) if self._chat.state.beside else ""
                        who = self._chat.directory.shown_name(bot)
                        self._chat.notifier.tell(f"No answer for {seconds:.0f} s", who, waiting)
                case events.Finished(message):
                    view.end_answer(message)
                    self._finished(key)
                case events.Failed(message, failure):
                    view.end_answer(message)
                    self._chat.directory.happened(key)
                    self.failed(key, failure)
                case events.Withdrawn(text):
                    view.withdraw(turn.id)
                    self._chat.drafts.put_back(key, text)
        self._chat.state.changed()

    def _finished(self, key: ConversationKey) -> None:
        self._chat.directory.happened(key)
        (self._unread.discard if self._chat.state.shows(key) else self._unread.add)(key)
        for listener in self.on_finished:
            listener(key)

    def failed(self, key: ConversationKey, failure: Failure) -> None:
        """A turn, or the creation of a conversation, ended in a failure: mark it, and have it told."""
        if failure.recovery in ASK_FOR_KEY:
            self._chat.service.registry.key_was_refused(self._chat.directory.bot_of(key))
        self._chat.state.failed.add(key)
        for listener in self.on_failed:
            listener(key, failure)
        self._chat.state.changed()

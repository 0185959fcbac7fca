"""Conversations and their turns: begins turns, retries them, keeps those under way."""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Coroutine, Iterable, Set
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from userdesk.api import CreateUnavailable
from userdesk.chat.events import ConversationChanged, Greeted
from userdesk.chat.registry import ChatbotRegistry
from userdesk.chat.session import ConversationSession, entry_lane
from userdesk.chat.turn import Turn
from userdesk.chat.write_queue import WriteQueue
from userdesk.domain.chatbot import Chatbot
from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.domain.message import Message, Role, Status, now
from userdesk.store import ConversationGone, Store, StoreError
from userdesk.store.verdicts import Change, Judged

if TYPE_CHECKING:
    from userdesk.chat.stream_log import StreamLog

_Result = TypeVar("_Result")


class ChatService:
    """What the screen and the commands chat through, on one event loop; files are written in threads."""

    def __init__(
        self,
        store: Store,
        registry: ChatbotRegistry,
        *,
        read_timeout: float = 60.0,
        stream_first: bool = False,
        stream_log: "StreamLog | None" = None,
        keeps: bool = True,
    ) -> None:
        """Without `keeps` the store is neither read nor written: conversations are in memory alone."""
        self.store = store
        self.registry = registry
        self.write_queue = WriteQueue(keeps=keeps)
        """Writes that wait for the disk."""
        self._read_timeout = read_timeout
        self._stream_first = stream_first
        self._stream_log = stream_log
        self._sessions: dict[ConversationKey, ConversationSession] = {}
        self._turns: dict[ConversationKey, list[Turn]] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._leaving: set[ConversationKey] = set()
        """The conversations that go into the trash when the disk's turn comes."""

    # conversations

    def start_conversation(self, chatbot: Chatbot) -> Conversation:
        """A new conversation, in memory until it has an id or a message."""
        conversation = Conversation.start(chatbot, now())
        self.take_up(conversation)
        return conversation

    def take_up(self, conversation: Conversation) -> None:
        """Hold a conversation that is in no list yet; its first message saves it."""
        self._sessions[conversation.key] = self._new_session(conversation)

    def conversation(self, key: ConversationKey) -> Conversation | None:
        """The newest state of a conversation, saved or not."""
        session = self._sessions.get(key)
        if key in self._leaving:
            return None
        if session and session.is_ahead:
            return session.conversation
        if saved := self.store.get(key):
            return saved
        return session.conversation if session else None

    @property
    def keys(self) -> Set[ConversationKey]:
        """The conversations of which anything is in memory."""
        return self._sessions.keys() | self._turns.keys()

    def retain(self, key: ConversationKey) -> None:
        """Keep a conversation known, so that it can be gone on with even where another window deletes it."""
        self._session(key)

    def saved(self) -> list[Conversation]:
        """The conversations of conversations.toml as it will stand once all is written."""
        if not self._leaving:
            return self.store.conversations()
        return [each for each in self.store.conversations() if each.key not in self._leaving]

    def newer(self) -> dict[ConversationKey, Conversation]:
        """The conversations that are in memory alone, or have changes that still wait for the disk."""
        return {
            key: session.conversation
            for key, session in self._sessions.items()
            if key not in self._leaving and not session.is_gone and (session.is_ahead or not session.is_saved)
        }

    @property
    def leaving(self) -> frozenset[ConversationKey]:
        """The conversations that go into the trash when the disk's turn comes."""
        return frozenset(self._leaving)

    def unsaved(self) -> list[Conversation]:
        """Conversations that are still in memory alone."""
        sessions = [session for session in self._sessions.values() if session.key not in self._leaving]
        return [session.conversation for session in sessions if not session.is_saved and not session.is_gone]

    async def change(self, key: ConversationKey, **fields: object) -> bool:
        """Rename or pin a conversation, in the trash too; False where another window deleted it."""
        try:
            session = self._session(key)
        except KeyError:  # deleted while its new title was typed
            write = partial(self.store.update, key, lambda saved: saved.evolve(**fields))
            await self.write_queue.write(write, entry_lane(key))
            return False
        if session.is_saved or session.is_ahead or session.is_gone:
            await session.change(**fields)
        else:
            session.conversation = session.conversation.evolve(**fields)
        return not session.is_gone

    def delete(self, key: ConversationKey) -> bool:
        """Have a conversation go into the trash, on the disk in its turn; whether it can be brought back."""
        session = self._sessions.get(key)
        is_kept = self.store.get(key) is not None or bool(session and session.is_ahead)
        if not is_kept:
            if session:
                session.cancel_creation()
            self.forget(key)
            return False

        def move_out() -> None:
            if key not in self._leaving:
                return  # brought back before the disk's turn came
            with contextlib.suppress(ConversationGone):  # another process was faster
                self.store.delete(key)
            self._leaving.discard(key)

        self._leaving.add(key)
        self._in_background(self.write_queue.write(move_out, entry_lane(key), _whereabouts(key)))
        return True

    async def bring_back(self, key: ConversationKey) -> bool:
        """Take a conversation out of the trash, or keep it from going there; whether it is there again."""

        def take_out() -> None:
            if self.store.get(key) is None:  # else another window brought it back, or a message did
                self.store.restore(key)

        self._leaving.discard(key)
        await self.write_queue.write(take_out, entry_lane(key), _whereabouts(key))
        return self.conversation(key) is not None

    async def erase(
        self, remove: Callable[[], int], keys: Collection[ConversationKey], lanes: Collection[str] = ()
    ) -> int:
        """Remove from the disk what `remove` removes, and what is known of these conversations.

        What of them and in `lanes` still waits for the disk goes too. Returns what `remove` does; raises
        StoreError.
        """
        count = await self.write_queue.erase(remove, {*keys, *lanes})
        self._leaving.difference_update(keys)
        for key in self._sessions.keys() & frozenset(keys):  # of thousands those that are in memory
            del self._sessions[key]
        return count

    def judge(
        self, key: ConversationKey, answer: Judged, change: Change, at: datetime
    ) -> "asyncio.Task[str | None]":
        """Have kept what is said of an answer, behind what of the conversation waits for the disk."""
        write = partial(self.store.verdicts.add, key, answer, change, at)
        return self._in_background(self.write_queue.write(write, key))

    def forget(self, key: ConversationKey) -> None:
        """Drop what is known of a conversation that is done with, once nothing of it waits for the disk."""
        session = self._sessions.get(key)
        is_kept = self.write_queue.keeps and session and (session.is_ahead or self.write_queue.waits(key))
        if session and not is_kept:
            del self._sessions[key]
        if not self.turns(key):
            self._turns.pop(key, None)

    def deleted(self) -> list[ConversationKey]:
        """The conversations that another window deleted, but for those with a turn under way."""
        return [
            key
            for key, session in self._sessions.items()
            if session.is_gone and key not in self._leaving and not self.turns(key)
        ]

    async def create(self, key: ConversationKey) -> list[ConversationChanged | Greeted]:
        """Ask the server for the conversation's id, if it has none and can get one. Raises UserdeskError."""
        session = self._session(key)
        try:
            return await session.create()
        except CreateUnavailable:
            session.end_asking()
            return []

    # turns

    def send(self, key: ConversationKey, text: str, *, whole: bool = False) -> Turn:
        """Begin a turn behind any under way in the conversation; `whole` asks for an unstreamed answer."""
        return self._begin(Turn(self._session(key), text, whole=whole, stream_log=self._stream_log))

    def retry(self, key: ConversationKey, text: str) -> Turn:
        """Send the last user message again; no second copy of it enters the transcript."""
        return self._begin(Turn(self._session(key), text, repeated=True, stream_log=self._stream_log))

    async def continue_in_new(self, key: ConversationKey, text: str) -> Turn:
        """Send the last user message again under a new conversationId: the old one is not valid."""
        await self._session(key).drop_id()
        return self.retry(key, text)

    def turns(self, key: ConversationKey) -> list[Turn]:
        """The turns of a conversation that have not ended, the one under way first."""
        return [turn for turn in self._turns.get(key, ()) if not turn.ended]

    def holds(self, key: ConversationKey) -> bool:
        """Whether a message sent now waits: for the answer before it, or for the conversation's id."""
        session = self._sessions.get(key)
        return bool(self.turns(key)) or bool(session and session.creating)

    def busy_keys(self) -> set[ConversationKey]:
        """The conversations with a turn under way."""
        return {key for key in self._turns if self.turns(key)}

    async def aclose(self) -> None:
        """Stop every turn, keep what arrived, close every connection."""
        for turns in self._turns.values():
            for turn in turns:
                turn.stop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
        await self.write_queue.flush()
        if self.write_queue.keeps:
            with contextlib.suppress(StoreError):
                await asyncio.to_thread(self.store.reload)
                await asyncio.to_thread(self.store.bring_back)
        await self.registry.aclose()
        if self._stream_log:
            self._stream_log.close()

    def _begin(self, turn: Turn) -> Turn:
        earlier = self.turns(turn.key)
        self._turns[turn.key] = [*earlier, turn]
        self._in_background(turn.run(earlier))
        return turn

    def _in_background(self, work: Coroutine[Any, Any, _Result]) -> "asyncio.Task[_Result]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _session(self, key: ConversationKey) -> ConversationSession:
        saved = self.store.get(key)
        session = self._sessions.get(key)
        if session is None:
            if saved is None:
                raise KeyError(key)
            session = self._sessions[key] = self._new_session(saved)
        elif saved is not None and not self.turns(key) and not session.is_ahead:
            session.conversation = saved
        return session

    def _new_session(self, conversation: Conversation) -> ConversationSession:
        return ConversationSession(
            conversation,
            self.store,
            self.registry,
            self.write_queue,
            read_timeout=self._read_timeout,
            stream_first=self._stream_first,
        )


def _whereabouts(key: ConversationKey) -> str:
    """The name of a write that moves a conversation: of several that wait only the newest counts."""
    return f"whereabouts of {key}"


def unanswered_text(messages: Iterable[Message]) -> str | None:
    """The user's text where the last turn has no whole answer; `messages` come the newest first."""
    for message in messages:
        if message.role is Role.USER:
            return message.text
        if message.status is Status.COMPLETE:
            return None
    return None

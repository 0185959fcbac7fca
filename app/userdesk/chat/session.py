"""What a turn reads and writes of its conversation: the store and the registry, off the event loop."""

import asyncio
from collections.abc import Callable
from functools import partial

from userdesk.api import CreateUnavailable, UserdeskClient
from userdesk.chat.events import ConversationChanged, Greeted
from userdesk.chat.registry import ChatbotRegistry
from userdesk.chat.write_queue import WriteQueue
from userdesk.domain.conversation import Conversation, ConversationKey, attached_title, title_from
from userdesk.domain.failure import configuration_error
from userdesk.domain.message import LONGEST_ANSWER, Message, Role, now
from userdesk.store import ConversationGone, InFlight, Store, StoreError
from userdesk.store.locks.advisory import IdLock

ASK_AGAIN_EVERY = 0.05
"""Seconds between two looks whether another process has got the conversation's id."""


class ConversationSession:
    """One conversation being talked in: its newest state, its transcript, the answer in flight."""

    def __init__(
        self,
        conversation: Conversation,
        store: Store,
        registry: ChatbotRegistry,
        write_queue: WriteQueue,
        *,
        read_timeout: float,
        stream_first: bool,
    ) -> None:
        self.conversation = conversation
        self.read_timeout = read_timeout
        self.in_flight: InFlight | None = None
        self.messages_begun = 0
        self._store = store
        self._registry = registry
        self.write_queue = write_queue
        self.stream_first = stream_first
        self._creating = asyncio.Lock()
        self._id_lock: IdLock | None = None
        self._new_id: str | None = None
        self._unwritten = 0
        self._was_saved = self.is_saved
        self._let_go = False
        self._recorded: Conversation | None = None

    @property
    def key(self) -> ConversationKey:
        """The conversation's local key."""
        return self.conversation.key

    @property
    def is_saved(self) -> bool:
        """Whether conversations.toml has it: from its first id or message on."""
        return self.key in self._store.entries

    @property
    def is_ahead(self) -> bool:
        """Whether a change of the conversation still waits for the disk."""
        return self._unwritten > 0

    @property
    def is_gone(self) -> bool:
        """Whether it had been saved and was deleted, by anyone; its changes go into the trash then."""
        return self._was_saved and not self.is_saved and not self.is_ahead

    # the server's side

    async def client(self) -> UserdeskClient:
        """The client of the conversation's own chatbot, and of no other. Raises UserdeskError."""
        chatbot = self._registry.for_conversation(self.conversation)
        if chatbot is None:
            bot = self.conversation.bot
            raise configuration_error(f"The chatbot “{bot}” of this conversation is not configured")
        return await self._registry.client(chatbot)

    async def create(self, client: UserdeskClient | None = None) -> list[ConversationChanged | Greeted]:
        """Ask the server for the conversation unless it has an id; what changed by it.

        While another process asks for the same id, this one waits for what comes of that. Raises
        UserdeskError, and CreateUnavailable where the endpoint is missing: then the next message brings
        the id, and other processes wait until `end_asking`.
        """
        async with self._creating:
            if self.conversation.id is not None:
                return []
            try:
                return await self._create(client)
            except CreateUnavailable:
                raise
            except BaseException:
                self.end_asking()
                raise

    async def _create(self, client: UserdeskClient | None) -> list[ConversationChanged | Greeted]:
        await self._ask_alone()
        if self.conversation.id is not None:
            self.end_asking()
            return [ConversationChanged(self.conversation)]
        if self.conversation.bot in self._registry.without_create:
            raise CreateUnavailable
        # Opened inside the lock: what is sent while the demo chatbot starts waits for the id too.
        client = client or await self.client()
        try:
            created = await client.create_conversation()
        except CreateUnavailable:
            self._registry.without_create.add(self.conversation.bot)
            raise
        if self._let_go:
            self.end_asking()
            return []
        continues = bool(self.conversation.previous_ids)
        events: list[ConversationChanged | Greeted] = []
        if changed := await self.learn_id(created.conversation_id):
            events.append(ConversationChanged(changed))
        if created.welcome and not continues and not await self._was_begun():
            welcome = Message(
                role=Role.ASSISTANT, text=created.welcome[:LONGEST_ANSWER], at=now(), welcome=True
            )
            await self._write(welcome, None)
            events.append(Greeted(welcome))
        self.end_asking()
        return events

    async def _ask_alone(self) -> None:
        """Return once no other process asks for the id; with the id where it is known by then."""
        if not self.write_queue.keeps or not (self._was_saved or self.messages_begun):
            return  # no other process knows of it
        lock = IdLock(self._store.transcript(self.key).path)
        while not await asyncio.to_thread(lock.take):
            await asyncio.sleep(ASK_AGAIN_EVERY)
        self._id_lock = lock
        found = await asyncio.to_thread(self._store.known_id, self.key)
        if found and found not in self.conversation.previous_ids:
            await self.learn_id(found)

    def end_asking(self) -> None:
        """Let other processes ask for the conversation's id, or find the one that this one got."""
        lock, self._id_lock = self._id_lock, None
        if lock:
            lock.release()

    def cancel_creation(self) -> None:
        """Drop an id that is still on its way: the conversation was deleted before any of it was kept."""
        self._let_go = True

    async def _was_begun(self) -> bool:
        """Whether anything was said, in this run or in an earlier one: it is too late to greet then."""
        transcript = self._store.transcript(self.key)
        return self.messages_begun > 0 or await asyncio.to_thread(len, transcript) > 0

    @property
    def creating(self) -> bool:
        """Whether the server is being asked for the id right now."""
        return self._creating.locked()

    async def creation_settled(self) -> None:
        """Return once no request for the id is under way, whatever came of it."""
        async with self._creating:
            pass

    # the disk's side

    async def learn_id(self, conversation_id: str | None) -> Conversation | None:
        """Keep the id that the server gave; the changed conversation, or None if nothing is new."""
        if conversation_id is None or self.conversation.id is not None:
            return None
        if self.conversation.previous_ids:
            self._new_id = conversation_id
        return await self._change(lambda saved: saved.with_id(conversation_id))

    async def give_title(self, text: str) -> Conversation | None:
        """Title an untitled conversation after its first user message; save it if it is new."""
        given = self.conversation.title
        untitled = not given or given == attached_title(self.conversation.id or "")
        if untitled and (title := title_from(text)):
            return await self.change(title=title)
        return None if self.is_saved else await self.change()

    async def drop_id(self) -> None:
        """Move an id that is not valid to `previous_ids`, unless another process has got a new one."""
        invalid = self.conversation.id
        await self._change(lambda saved: saved.without_id() if saved.id == invalid else saved)

    def take_new_id(self) -> str | None:
        """The id under which the conversation now goes on, once, for the divider in the log."""
        taken, self._new_id = self._new_id, None
        return taken

    async def write_user_message(self, message: Message, turn_id: str) -> None:
        """Make the user's message durable, or have it wait for the disk, which is told."""
        self.messages_begun += 1
        await self._write(message, turn_id)

    async def begin_answer(self, turn_id: str) -> None:
        """Open the sidecar file, so that a crash from here on leaves a trace."""
        if not self.write_queue.keeps:
            return
        try:
            self.in_flight = await asyncio.to_thread(self._store.begin_answer, self.key, turn_id)
        except StoreError as error:
            self.write_queue.tell(str(error))

    async def write_outcome(self, outcome: Message, turn_id: str) -> None:
        """Append the turn's assistant message and close the sidecar."""
        in_flight, self.in_flight = self.in_flight, None
        if in_flight is None:
            await self._write(outcome, turn_id)
            return
        finish = partial(in_flight.finish, outcome, entry=self._news(), is_new=not self._was_saved)
        await self.write_queue.write(finish, self.key)

    async def _write(self, message: Message, turn_id: str | None) -> None:
        append = self._store.transcript(self.key).append
        write = partial(append, message, turn_id, entry=self._news(), is_new=not self._was_saved)
        await self.write_queue.write(write, self.key)

    def _news(self) -> Conversation | None:
        """The conversation where the next line must carry it: no line of this process says it yet."""
        if self.conversation == self._recorded:
            return None
        self._recorded = self.conversation
        return self.conversation

    async def restore_if_deleted(self) -> bool:
        """Bring the conversation back if another window deleted it, as a message is sent; whether it was."""
        if not self._was_saved or self.is_ahead:
            return False
        revived: list[bool] = []
        restore_if_deleted = partial(self._store.restore_if_deleted, self.conversation)
        await self.write_queue.write(lambda: revived.append(restore_if_deleted()), entry_lane(self.key))
        if revived != [True]:
            return False
        self.conversation = self._store.get(self.key) or self.conversation
        return True

    async def change(self, **fields: object) -> Conversation:
        """Change the conversation and have it written, in the trash too; saves it where it is new."""
        return await self._change(lambda saved: saved.evolve(**fields))

    async def _change(self, change: Callable[[Conversation], Conversation]) -> Conversation:
        self.conversation = changed = change(self.conversation)

        def write() -> None:
            written: Conversation | None = None
            try:
                if self._was_saved:
                    written = self._store.update(self.key, change)
                else:
                    self._store.add(changed)
            except ConversationGone:
                self._unwritten -= 1
                raise
            self._unwritten -= 1
            self._was_saved = True
            if written and not self._unwritten:  # the list may know an id that another process got
                ids = {"id": written.id, "previous_ids": written.previous_ids}
                self.conversation = self.conversation.evolve(**ids)

        self._unwritten += 1
        # A branch of its own: where the list takes nothing, messages are kept nevertheless.
        await self.write_queue.write(write, entry_lane(self.key))
        return self.conversation


def entry_lane(key: ConversationKey) -> str:
    """The lane of what is written of a conversation into the list."""
    return f"{key}/entry"

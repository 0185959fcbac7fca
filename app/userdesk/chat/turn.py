"""One turn: a user's message and what came of it, from the disk to the server and back."""

import asyncio
import contextlib
import uuid
from collections import deque
from collections.abc import AsyncIterator
from enum import Enum, auto

from userdesk.api import CreateUnavailable, UserdeskClient
from userdesk.chat.events import (
    ConversationChanged,
    Failed,
    Finished,
    NotSaved,
    Silent,
    Started,
    TextArrived,
    TurnEvent,
    Withdrawn,
)
from userdesk.chat.ledger import Ledger
from userdesk.chat.recording import Recording
from userdesk.domain.failure import Failure, FailureKind, UserdeskError
from userdesk.domain.message import Message, Role, Status, now


class TurnState(Enum):
    """Where a turn is in its life."""

    WAITING = auto()
    """Behind another turn of its conversation, or for the conversation's id."""
    ASKING = auto()
    """The request is on its way; no text yet."""
    STREAMING = auto()
    ENDED = auto()


class Turn:
    """Runs by itself once begun, whoever follows its events or not; belongs to its conversation."""

    def __init__(self, ledger: Ledger, text: str, *, repeated: bool = False, whole: bool = False) -> None:
        self.id = uuid.uuid4().hex
        self.key = ledger.key
        self.text = text
        self.repeated = repeated
        self._whole = whole
        self.state = TurnState.WAITING
        self._ended = asyncio.Event()
        self.recording = Recording()
        self._ledger = ledger
        self._stopped = False
        self._asking: asyncio.Task[None] | None = None
        self._events: deque[TurnEvent] = deque()
        self._pieces: list[str] = []
        self._news = asyncio.Event()

    # what others may do with it

    def stop(self) -> None:
        """Stop reading the answer and keep what arrived; a turn still waiting is withdrawn."""
        self._stopped = True
        if self._asking:
            self._asking.cancel()

    @property
    def ended(self) -> bool:
        """Whether its outcome is known."""
        return self.state is TurnState.ENDED

    async def events(self) -> AsyncIterator[TurnEvent]:
        """What happens, as it happens; text that came since the last look comes as one event."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._events or self._pieces:
                if self._pieces:
                    yield TextArrived(self._take_text())
                if self._events:
                    event = self._events.popleft()
                    yield event
                    if isinstance(event, Finished | Failed | Withdrawn):
                        return

    # its life

    async def run(self, turn_before: "Turn | None") -> None:
        """All of the turn. Never raises: whatever goes wrong is its outcome."""
        if turn_before and not turn_before.ended:
            await turn_before.wait_ended()
        await self._ledger.creation_settled()
        if self._stopped:
            self._end(Withdrawn(self.text))
            return
        await self._begin()
        failure: Failure | None = None
        stopped = False
        self._asking = asyncio.create_task(self._ask())
        if self._stopped:
            self._asking.cancel()
        watchdog = asyncio.create_task(self._watch_silence())
        try:
            await self._asking
        except asyncio.CancelledError:
            if not self._stopped:  # the program is ending; the sidecar tells the next start
                raise
            stopped = True
        except UserdeskError as error:
            failure = error.failure
        except Exception as error:  # a defect of ours must not lose the message
            failure = Failure(
                kind=FailureKind.UNREADABLE_ANSWER,
                words="The program failed while it read the answer",
                detail=f"{type(error).__name__}",
                may_have_arrived=True,
            )
        finally:
            watchdog.cancel()
        await self._conclude(failure, stopped=stopped)

    async def wait_ended(self) -> None:
        """Return once the outcome is known."""
        await self._ended.wait()

    async def _begin(self) -> None:
        self.state = TurnState.ASKING
        message = Message(role=Role.USER, text=self.text, at=now())
        if not self.repeated:
            # The conversation first: a transcript without an entry would have lost its chatbot.
            if titled := await self._ledger.give_title(self.text):
                self._tell(ConversationChanged(titled))
            self._tell_of(await self._ledger.write_user_message(message, self.id))
        self._tell(Started(message, self.repeated))

    async def _ask(self) -> None:
        client = await self._ledger.client()
        if self._ledger.conversation.id is None:
            await self._create(client)
        self._tell_of(await self._ledger.begin_answer(self.id))
        self.recording.restart()
        async with contextlib.AsyncExitStack() as stack:
            if self._ledger.in_flight:
                checkpoints = asyncio.create_task(self.recording.keep_checkpointing(self._ledger.in_flight))
                stack.callback(checkpoints.cancel)
            if self._whole or self._ledger.must_send_whole:
                await self._send_whole(client)
            else:
                await self._stream(client)

    async def _create(self, client: UserdeskClient) -> None:
        try:
            for event in await self._ledger.create(client):
                self._tell(event)
        except CreateUnavailable:
            pass  # the unstreamed answer to this message will bring the id

    async def _send_whole(self, client: UserdeskClient) -> None:
        answer = await client.send(self.text, self._ledger.conversation.id)
        self._arrived(answer.text)
        await self._learn_id(answer.conversation_id)

    async def _stream(self, client: UserdeskClient) -> None:
        async with client.stream(self.text, self._ledger.conversation.id) as answer:
            async for chunk in answer:
                self._arrived(chunk.text)
        await self._learn_id(answer.conversation_id)

    async def _learn_id(self, conversation_id: str | None) -> None:
        if changed := await self._ledger.learn_id(conversation_id):
            self._tell(ConversationChanged(changed))

    def _arrived(self, text: str) -> None:
        self.recording.add(text)
        if text:
            self.state = TurnState.STREAMING
            self._pieces.append(text)
            self._news.set()

    async def _watch_silence(self) -> None:
        """Tell of each full read timeout without a byte, and go on waiting."""
        timeout = self._ledger.read_timeout
        loop = asyncio.get_running_loop()
        told_at = self.recording.last_sign
        while True:
            quiet_since = max(self.recording.last_sign, told_at)
            remaining = quiet_since + timeout - loop.time()
            if remaining > 0:
                await asyncio.sleep(remaining)
                continue
            told_at = loop.time()
            self._tell(Silent(timeout))

    async def _conclude(self, failure: Failure | None, *, stopped: bool) -> None:
        text, status = self.recording.text, Status.COMPLETE
        if failure:
            status = Status.INTERRUPTED if text else Status.FAILED
        elif stopped:
            status = Status.STOPPED
        outcome = Message(
            role=Role.ASSISTANT,
            text=text,
            at=now(),
            status=status,
            failure=failure,
            figures=self.recording.figures,
            conversation_id=self._ledger.take_new_id(),
            chunks=self.recording.pace,
        )
        self._tell_of(await self._ledger.write_outcome(outcome, self.id))
        self._end(Failed(outcome, failure) if failure else Finished(outcome))

    # telling

    def _take_text(self) -> str:
        pieces, self._pieces = self._pieces, []
        return "".join(pieces)

    def _tell_of(self, unsaved: str | None) -> None:
        if unsaved:
            self._tell(NotSaved(unsaved))

    def _tell(self, event: TurnEvent) -> None:
        if self._pieces:  # text keeps its place before whatever came after it
            self._events.append(TextArrived(self._take_text()))
        self._events.append(event)
        self._news.set()

    def _end(self, event: TurnEvent) -> None:
        self.state = TurnState.ENDED
        self._tell(event)
        self._ended.set()

"""One turn: a user's message and what came of it, from the disk to the server and back."""

import asyncio
import contextlib
import logging
import uuid
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from userdesk.api import CreateUnavailable, UserdeskClient
from userdesk.chat.events import (
    ConversationChanged,
    Failed,
    Finished,
    Restored,
    Stalled,
    Started,
    StreamEnded,
    TextArrived,
    TurnEvent,
    Withdrawn,
)
from userdesk.chat.recording import Recording
from userdesk.chat.session import ConversationSession
from userdesk.domain.failure import Failure, FailureKind, UserdeskError
from userdesk.domain.message import Message, Role, Status, now

if TYPE_CHECKING:
    from userdesk.chat.stream_log import StreamLog

_log = logging.getLogger("userdesk.chat")
_NO_CONNECTION = (
    FailureKind.REFUSED,
    FailureKind.DNS,
    FailureKind.TLS,
    FailureKind.PROXY,
    FailureKind.CONNECT_TIMEOUT,
    FailureKind.CONFIGURATION,
)


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

    def __init__(
        self,
        session: ConversationSession,
        text: str,
        *,
        repeated: bool = False,
        whole: bool = False,
        stream_log: "StreamLog | None" = None,
    ) -> None:
        self.id = uuid.uuid4().hex
        self.key = session.key
        self.text = text
        self.repeated = repeated
        self.is_kept = repeated
        """Whether the user's message is in the transcript, or waits for the disk to be."""
        self.outcome: Message | None = None
        """The turn's assistant message, once it ended; None for one that was withdrawn."""
        self._whole = whole
        self._stream_log = stream_log
        self.state = TurnState.WAITING
        self._ended = asyncio.Event()
        self.recording = Recording()
        self._session = session
        self._stopped = False
        self._asking: asyncio.Task[None] | None = None
        self._events: deque[TurnEvent] = deque()
        self._pieces: list[str] = []
        self._news = asyncio.Event()

    # what others may do with it

    def stop(self) -> None:
        """Stop reading the answer and keep what arrived; a turn still waiting is withdrawn."""
        self._stopped = True
        if self.state is TurnState.WAITING:
            self._end(Withdrawn(self.text))
        elif self._asking:
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

    async def run(self, earlier: Sequence["Turn"]) -> None:
        """All of the turn, behind those before it. Never raises: whatever goes wrong is its outcome."""
        for turn in earlier:
            await turn.wait_ended()
        await self._session.creation_settled()
        if self.ended:
            return
        failure: Failure | None = None
        stopped = False
        try:
            await self._begin()
        except Exception as error:
            await self._conclude(_defect(error), stopped=False)
            return
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
            failure = _defect(error)
        finally:
            watchdog.cancel()
        await self._conclude(failure, stopped=stopped)

    async def wait_ended(self) -> None:
        """Return once the outcome is known."""
        await self._ended.wait()

    async def _begin(self) -> None:
        self.state = TurnState.ASKING
        message = Message(role=Role.USER, text=self.text, at=now())
        if await self._session.restore_if_deleted():
            self._tell(Restored())
        if not self.repeated:
            # The conversation first: a transcript without an entry would have lost its chatbot.
            if titled := await self._session.give_title(self.text):
                self._tell(ConversationChanged(titled))
            await self._session.write_user_message(message, self.id)
        self.is_kept = True
        _log.info("turn %s of %s begins, %d characters", self.id[:8], self.key, len(self.text))
        self._tell(Started(message, self.repeated))

    async def _ask(self) -> None:
        with contextlib.ExitStack() as stack:
            stack.callback(self._session.end_asking)
            client = await self._session.client()
            if self._session.conversation.id is None:
                await self._create(client)
            await self._session.begin_answer(self.id)
            self.recording = Recording()  # the request leaves at this moment
            if self._stream_log:
                self._stream_log.begun(self.id, self._session.conversation.id)
            if self._session.in_flight:
                checkpoints = asyncio.create_task(self.recording.keep_checkpointing(self._session.in_flight))
                stack.callback(checkpoints.cancel)
            # Only a whole answer brings the id of a conversation that has none.
            has_id = self._session.conversation.id is not None or self._session.stream_first
            await self._receive(client, streamed=has_id and not self._whole)

    async def _create(self, client: UserdeskClient) -> None:
        try:
            for event in await self._session.create(client):
                self._tell(event)
        except CreateUnavailable:
            pass  # the unstreamed answer to this message will bring the id
        except UserdeskError as error:
            if (failure := error.failure).kind in _NO_CONNECTION:
                raise  # nobody would think that anything was sent
            detail = "; ".join(filter(None, (failure.detail, "the message was not sent")))
            raise UserdeskError(replace(failure, detail=detail)) from error

    async def _receive(self, client: UserdeskClient, *, streamed: bool) -> None:
        async with client.stream(self.text, self._session.conversation.id, streamed=streamed) as answer:
            try:
                async for chunk in answer:
                    self.recording.add(chunk.text)
                    if chunk.text:
                        self.state = TurnState.STREAMING
                        self._pieces.append(chunk.text)
                        self._news.set()
                    if self._stream_log:
                        self._stream_log.arrived(self.id, chunk)
            except UserdeskError:
                await self._learn_id(answer.conversation_id)
                raise
        await self._learn_id(answer.conversation_id)

    async def _learn_id(self, conversation_id: str | None) -> None:
        if changed := await self._session.learn_id(conversation_id):
            self._tell(ConversationChanged(changed))

    async def _watch_silence(self) -> None:
        """Tell of each full read timeout without a byte, and go on waiting."""
        timeout = self._session.read_timeout
        loop = asyncio.get_running_loop()
        told_at = self.recording.last_sign
        while True:
            quiet_since = max(self.recording.last_sign, told_at)
            remaining = quiet_since + timeout - loop.time()
            if remaining > 0:
                await asyncio.sleep(remaining)
                continue
            told_at = loop.time()
            self._tell(Stalled(timeout))

    async def _conclude(self, failure: Failure | None, *, stopped: bool) -> None:
        self._tell(StreamEnded())
        text, metrics, status = self.recording.text, self.recording.metrics, Status.COMPLETE
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
            metrics=metrics,
            conversation_id=self._session.take_new_id(),
            chunks=self.recording.pace,
        )
        # Our own words and the status alone: a failure's detail is the server's.
        why = f" ({failure.kind.value}{f' {failure.status}' if failure.status else ''})" if failure else ""
        _log.log(
            logging.WARNING if failure else logging.INFO,
            "turn %s of %s: %s%s, %d characters in %.2f s",
            *(self.id[:8], self.key, status.value, why, len(text), metrics.total),
        )
        self.outcome = outcome
        if self._stream_log:
            self._stream_log.ended(self.id, outcome)
        try:
            await self._session.write_outcome(outcome, self.id)
        except Exception as error:
            _log.error("the answer was not saved", exc_info=error)
            self._session.write_queue.lose("The answer could not be saved")
        self._end(Failed(outcome, failure) if failure else Finished(outcome))

    # telling

    def _take_text(self) -> str:
        pieces, self._pieces = self._pieces, []
        return "".join(pieces)

    def _tell(self, event: TurnEvent) -> None:
        if self._pieces:  # text keeps its place before whatever came after it
            self._events.append(TextArrived(self._take_text()))
        self._events.append(event)
        self._news.set()

    def _end(self, event: TurnEvent) -> None:
        self.state = TurnState.ENDED
        self._tell(event)
        self._ended.set()


def _defect(error: Exception) -> Failure:
    """What the user is told of a fault of ours: the message must not be lost by it."""
    _log.error("a turn failed because of a bug", exc_info=error)
    return Failure(
        FailureKind.UNREADABLE_ANSWER,
        "userdesk failed while reading the answer",
        detail="see the log file",
        may_have_arrived=True,
    )

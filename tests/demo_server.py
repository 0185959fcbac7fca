"""The embedded chatbot in a thread of a test, which may watch its requests, hold it, and make it fail."""

import asyncio
import contextlib
import json
import sys
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Self, cast

from starlette.requests import Request
from starlette.responses import Response

from userdesk.demo.bot.commands import Reply
from userdesk.demo.server.app import ChatService
from userdesk.demo.server.conversation_store import ConversationStore
from userdesk.demo.server.host import CHATBOT_ID, LOOPBACK, QuietServer, listen
from userdesk.demo.server.pace import Pace
from userdesk.demo.server.requests import MessageRequest

Endpoint = Literal["message", "conversation"]
INSTANT = Pace(first=0.0, between=0.0, slow=0.0)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as it arrived."""

    method: str
    path: str
    """Still percent-encoded."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    json: object
    """The decoded body; None where it is no JSON."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An answer that a test asked for in place of the server's own."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Controls:
    """Shared by the server's thread and a test's; every method may be called from either."""

    def __init__(self) -> None:
        self.requests: list[Recorded] = []
        self.conversation_id_header: str | None = None
        """A header that streamed replies carry the conversation's id in; undocumented, so off."""
        self._changed = threading.Condition()
        self._planned: deque[tuple[Endpoint | None, Planned]] = deque()
        self._answers: deque[Sequence[bytes]] = deque()
        self._gate_closed = False
        self._hold_after: int | None = None
        self._gated: Endpoint = "message"
        self._held: set[_Held] = set()

    def record(self, request: Recorded) -> None:
        """Keep a request for the test to look at."""
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()

    def wait_for_requests(self, count: int, timeout: float = 30.0) -> None:
        """Block until that many requests arrived; raises TimeoutError after `timeout` seconds."""
        self._wait_until(lambda: len(self.requests) >= count, timeout, f"{count} requests")

    def fail_next(
        self,
        status: int,
        *,
        body: str | bytes = b"",
        headers: Mapping[str, str] | None = None,
        on: Endpoint | None = None,
    ) -> None:
        """Answer the next request (to that endpoint) so; further calls queue up behind."""
        raw = body.encode() if isinstance(body, str) else body
        with self._changed:
            self._planned.append((on, Planned(status, raw, dict(headers or {}))))

    def planned(self, endpoint: Endpoint) -> Planned | None:
        """Take the first planned failure that is meant for this endpoint."""
        with self._changed:
            for index, (on, planned) in enumerate(self._planned):
                if on in (None, endpoint):
                    del self._planned[index]
                    return planned
        return None

    def answer_next(self, answer: str | Sequence[bytes]) -> None:
        """Answer the next message with this text, or stream exactly these pieces."""
        pieces = [answer.encode()] if isinstance(answer, str) else list(answer)
        with self._changed:
            self._answers.append(pieces)

    def next_answer(self) -> Sequence[bytes] | None:
        """Take the next scripted answer."""
        with self._changed:
            return self._answers.popleft() if self._answers else None

    def hold(self, after: int | None = 3, *, on: Endpoint = "message") -> None:
        """Stop every stream after that many chunks, or before its end, until `release`.

        None holds the whole answer back, its headers too, which is also what `on="conversation"`
        does to the creation of conversations.
        """
        with self._changed:
            self._gate_closed = True
            self._hold_after = None if on == "conversation" else after
            self._gated = on

    def go_on_until(self, after: int) -> None:
        """Let what `hold` stopped go on, and stop it again after that many chunks of the answer."""
        with self._changed:
            self._hold_after = after
            for held in self._held:
                held.go_on()

    def release(self) -> None:
        """Let everything go on that is held."""
        with self._changed:
            self._gate_closed = False
            for held in self._held:
                held.go_on()

    def wait_until_held(self, count: int = 1, timeout: float = 30.0) -> None:
        """Block until that many answers are held; raises TimeoutError after `timeout` seconds."""
        self._wait_until(lambda: len(self._held) >= count, timeout, f"{count} held answers")

    def wait_until_none_held(self, timeout: float = 30.0) -> None:
        """Block until the last held answer goes on or its client has gone; raises TimeoutError."""
        self._wait_until(lambda: not self._held, timeout, "the end of every held answer")

    async def pass_gate(self, endpoint: Endpoint, sent: int | None) -> None:
        """Called by the server before the headers (None) and before each chunk (how many went)."""
        with self._changed:
            if not self._gate_closed or endpoint != self._gated:
                return
            if self._hold_after is None:
                if sent is not None:
                    return
            elif sent is None or sent < self._hold_after:
                return
            held = _Held(asyncio.get_running_loop(), asyncio.Event())
            self._held.add(held)
            self._changed.notify_all()
        try:
            await held.released.wait()
        finally:
            with self._changed:
                self._held.discard(held)
                self._changed.notify_all()

    def _wait_until(self, condition: Callable[[], bool], timeout: float, what: str) -> None:
        with self._changed:
            if not self._changed.wait_for(condition, timeout):
                raise TimeoutError(f"waited {timeout:g} s for {what}")


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """An answer that waits in the server's event loop."""

    loop: asyncio.AbstractEventLoop
    released: asyncio.Event

    def go_on(self) -> None:
        with contextlib.suppress(RuntimeError):  # the server has been stopped meanwhile
            self.loop.call_soon_threadsafe(self.released.set)


@dataclass(frozen=True, slots=True)
class Scripted(Reply):
    """A reply that goes over the wire in exactly these pieces."""

    pieces: Sequence[bytes] = ()


@dataclass(kw_only=True, eq=False)
class ControlledService(ChatService):
    """The embedded chatbot's service, which does what its controls say."""

    controls: Controls

    async def respond(self, request: Request, body: bytes) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0]
        self.controls.record(Recorded(request.method, path, headers, body, _json_or_none(body)))
        endpoint = cast(Endpoint, self.endpoint(request)[1])
        if planned := self.controls.planned(endpoint):
            response = Response(planned.body, planned.status)
            response.headers.update(planned.headers)
            return response
        await self.controls.pass_gate(endpoint, None)
        return await super().respond(request, body)

    async def answer(self, asked: MessageRequest) -> Response:
        header = self.controls.conversation_id_header
        if not header or not asked.stream:
            return await super().answer(asked)
        asked = replace(asked, conversation_id=asked.conversation_id or self.store.create())
        response = await super().answer(asked)
        response.headers[header] = str(asked.conversation_id)
        return response

    def reply(self, asked: MessageRequest, said: list[str]) -> Reply:
        scripted = self.controls.next_answer()
        if scripted is None:
            return super().reply(asked, said)
        return Scripted(b"".join(scripted).decode("utf-8", "replace"), pieces=scripted)

    def pieces(self, reply: Reply) -> Iterable[bytes]:
        return reply.pieces if isinstance(reply, Scripted) else super().pieces(reply)

    async def paced(self, pieces: Iterable[bytes], pause: float) -> AsyncIterator[bytes]:
        sent = 0
        async for piece in super().paced(pieces, pause):
            await self.controls.pass_gate("message", sent)
            yield piece
            sent += 1
        await self.controls.pass_gate("message", sys.maxsize)  # a shorter answer is held before its end


class DemoServer:
    """The embedded chatbot in a thread of this process, on a port of its own."""

    def __init__(
        self,
        key: str = "demo-key",
        chatbot_id: str = CHATBOT_ID,
        memory_dir: Path | None = None,
        pace: Pace = INSTANT,
        create_endpoint: bool = True,
        for_visitors: bool = False,
    ) -> None:
        self.key = key
        self.chatbot_id = chatbot_id
        self.controls = Controls()
        self.fail_next = self.controls.fail_next
        self.answer_next = self.controls.answer_next
        self.hold = self.controls.hold
        self.release = self.controls.release
        self.wait_until_held = self.controls.wait_until_held
        self.wait_for_requests = self.controls.wait_for_requests
        self._socket = listen(0)
        self.port: int = self._socket.getsockname()[1]
        self.base_url = f"http://{LOOPBACK}:{self.port}"
        self._memory_dir = memory_dir
        self._service = ControlledService(
            key=key,
            chatbot_id=chatbot_id,
            store=ConversationStore(memory_dir),
            pace=pace,
            create_endpoint=create_endpoint,
            for_visitors=for_visitors,
            controls=self.controls,
        )
        self._started = threading.Event()
        self.serving = QuietServer(self._service, self._started.set)
        self.thread = threading.Thread(target=self._run, name="demo-server", daemon=True)

    def start(self) -> Self:
        """Serve until `stop`; returns when the server listens."""
        self.thread.start()
        if not self._started.wait(30):
            raise TimeoutError("the demo server did not start within 30 s")
        return self

    def stop(self) -> None:
        """End the server and every stream under way; the port refuses connections then."""
        self.serving.stop()
        self.thread.join(30)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def requests(self) -> list[Recorded]:
        """Every request so far, oldest first."""
        return self.controls.requests

    @property
    def store(self) -> ConversationStore:
        """The conversations that the server knows."""
        return self._service.store

    def forget_conversations(self) -> None:
        """Make every conversationId given so far invalid."""
        for path in self._memory_dir.glob("*.jsonl") if self._memory_dir else ():
            path.unlink(missing_ok=True)
        self._service.store = ConversationStore(self._memory_dir)

    def _run(self) -> None:
        asyncio.run(self.serving.serve([self._socket]))


def _json_or_none(body: bytes) -> object:
    try:
        return cast(object, json.loads(body))
    except (ValueError, RecursionError):
        return None

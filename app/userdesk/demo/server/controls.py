"""What a test may do to the embedded server: watch its requests, hold it, make it fail."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Endpoint = Literal["message", "conversation"]


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

"""The documented API as a Starlette application: strict in, exact out."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from userdesk.demo.bot.reply import Manner, Reply
from userdesk.demo.bot.responder import WELCOME, answer
from userdesk.demo.error_responses import INVALID_CONVERSATION, MALFORMED, ErrorResponse, error_response
from userdesk.demo.server.controls import Controls, Endpoint, Planned, Recorded
from userdesk.demo.server.conversation_store import ConversationStore
from userdesk.demo.server.pace import Pace, cut, cut_slowly
from userdesk.demo.server.requests import (
    LARGEST_BODY,
    MessageRequest,
    check_access,
    endpoint_of,
    read_message,
    read_object,
    read_user,
)

SLOW_WHOLE_ANSWER = 5
"""How many slow pauses an unstreamed answer of `/slow` waits."""


def create_app(
    *,
    key: str,
    chatbot_id: str = "demo",
    store: ConversationStore | None = None,
    pace: Pace | None = None,
    create_endpoint: bool = True,
    controls: Controls | None = None,
) -> Starlette:
    """The embedded chatbot's server; `controls` are for tests."""
    service = ChatService(
        key=key,
        chatbot_id=chatbot_id,
        store=store or ConversationStore(),
        pace=pace or Pace(),
        create_endpoint=create_endpoint,
        controls=controls,
    )
    return Starlette(routes=[Route("/{path:path}", service)])


class CutShort(StreamingResponse):
    """A body whose connection is closed before the end that its headers announced."""

    async def stream_response(self, send: Send) -> None:
        """Send what there is and return without ending the body: the server then hangs up."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for piece in self.body_iterator:
            await send({"type": "http.response.body", "body": piece, "more_body": True})


class ChatService:
    """Both endpoints as one ASGI application, which sees paths before anything decodes them."""

    def __init__(
        self,
        *,
        key: str,
        chatbot_id: str,
        store: ConversationStore,
        pace: Pace,
        create_endpoint: bool,
        controls: Controls | None,
    ) -> None:
        self.pace = pace
        self._key = key
        self._chatbot_id = chatbot_id
        self._store = store
        self._create_endpoint = create_endpoint
        self._controls = controls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except ErrorResponse as refused:
            headers = dict(refused.headers)
            response = Response(refused.body, refused.status, headers, refused.content_type)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        path = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0]
        body = await _read_body(request)
        if self._controls:
            headers = {name.lower(): value for name, value in request.headers.items()}
            self._controls.record(Recorded(request.method, path, headers, body, _json_or_none(body)))
        found = endpoint_of(path)
        if found is None or (found[1] == "conversation" and not self._create_endpoint):
            raise error_response(404, "There is nothing at this address")
        asked_id, name = found
        endpoint: Endpoint = "message" if name == "message" else "conversation"
        if self._controls and (planned := self._controls.planned(endpoint)):
            return _as_planned(planned)
        if request.method != "POST":
            raise error_response(405, "Only POST is answered here", {"Allow": "POST"})
        check_access(request.headers.get("authorization"), self._key, asked_id, self._chatbot_id)
        if len(body) > LARGEST_BODY:
            raise error_response(400, f"{MALFORMED}: the body is too long")
        fields = read_object(request.headers.get("content-type"), body)
        await self._pass_gate(endpoint, None)
        await asyncio.sleep(self.pace.first)
        if endpoint == "conversation":
            read_user(fields)
            return _success(self._store.create(), WELCOME)
        return await self._answer(read_message(fields))

    async def _answer(self, asked: MessageRequest) -> Response:
        conversation_id = asked.conversation_id
        if conversation_id is not None and not self._store.knows(conversation_id):
            raise error_response(400, INVALID_CONVERSATION)
        said = [] if conversation_id is None else self._store.messages(conversation_id)
        scripted = self._controls.next_answer() if self._controls else None
        if scripted is None:
            reply = answer(asked.message, said, asked.user_name)
        else:
            reply = Reply(b"".join(scripted).decode("utf-8", "replace"))
        if conversation_id is None:
            conversation_id = self._store.create()
        self._store.add(conversation_id, asked.message)
        if asked.stream:
            return self._streamed(reply, conversation_id, scripted)
        return await self._whole(reply, conversation_id)

    async def _whole(self, reply: Reply, conversation_id: str) -> Response:
        if reply.manner is Manner.SLOW:
            await asyncio.sleep(SLOW_WHOLE_ANSWER * self.pace.slow)
        response = _success(conversation_id, reply.text)
        if reply.manner is not Manner.DROPPED:
            return response
        body = bytes(response.body)
        half = CutShort(_one_by_one([body[: len(body) // 2]]), media_type="application/json")
        half.headers["Content-Length"] = str(len(body))
        return half

    def _streamed(self, reply: Reply, conversation_id: str, scripted: Sequence[bytes] | None) -> Response:
        data = reply.text.encode("utf-8", "replace")
        pause = self.pace.between
        kind: type[StreamingResponse] = StreamingResponse
        if scripted is not None:
            pieces = list(scripted)
        elif reply.manner is Manner.SLOW:
            pieces, pause = list(cut_slowly(data)), self.pace.slow
        else:
            if reply.manner is Manner.DROPPED:
                data, kind = data[: len(data) // 2], CutShort
            pieces = list(cut(data, self.pace))
        headers = {}
        if self._controls and self._controls.conversation_id_header:
            headers[self._controls.conversation_id_header] = conversation_id
        return kind(self._paced(pieces, pause), headers=headers, media_type="text/plain; charset=utf-8")

    async def _paced(self, pieces: Sequence[bytes], pause: float) -> AsyncIterator[bytes]:
        for sent, piece in enumerate(pieces):
            if sent:
                await asyncio.sleep(pause)
            await self._pass_gate("message", sent)
            yield piece
        await self._pass_gate("message", sys.maxsize)  # a shorter answer is held before its end

    async def _pass_gate(self, endpoint: Endpoint, sent: int | None) -> None:
        if self._controls:
            await self._controls.pass_gate(endpoint, sent)


async def _read_body(request: Request) -> bytes:
    """The body, of which no more is kept than it takes to see that it is too long."""
    kept = bytearray()
    async for piece in request.stream():
        if len(kept) <= LARGEST_BODY:
            kept += piece
    return bytes(kept)


async def _one_by_one(pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def _success(conversation_id: str, text: str) -> Response:
    """The documented JSON of both endpoints."""
    body = {"success": True, "conversationId": conversation_id, "response": text}
    raw = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(raw, media_type="application/json")


def _as_planned(planned: Planned) -> Response:
    response = Response(planned.body, planned.status)
    for name, value in planned.headers.items():
        response.headers[name] = value
    return response


def _json_or_none(body: bytes) -> object:
    try:
        decoded: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return decoded

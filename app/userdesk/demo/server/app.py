"""The documented API as an ASGI application: strict in, exact out."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from userdesk.demo.bot.commands import Manner, Reply
from userdesk.demo.bot.responder import READ, answer, welcome
from userdesk.demo.error_responses import INVALID_CONVERSATION, MALFORMED, ErrorResponse, error_response
from userdesk.demo.server.conversation_store import ConversationStore
from userdesk.demo.server.pace import Pace, cut, cut_slowly
from userdesk.demo.server.requests import (
    LARGEST_BODY,
    MessageRequest,
    check_access,
    read_message,
    read_object,
    read_user,
)

SLOW_WHOLE_ANSWER = 5
"""How many slow pauses an unstreamed answer of `/slow` waits."""


class CutShort(StreamingResponse):
    """A body whose connection is closed before the end that its headers announced."""

    async def stream_response(self, send: Send) -> None:
        """Send what there is and return without ending the body: the server then hangs up."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for piece in self.body_iterator:
            await send({"type": "http.response.body", "body": piece, "more_body": True})


@dataclass(kw_only=True, eq=False)
class ChatService:
    """Both endpoints as one ASGI application, which sees paths before anything decodes them."""

    key: str = field(repr=False)
    chatbot_id: str
    store: ConversationStore
    pace: Pace
    create_endpoint: bool = True
    """Without it only messages are answered, as by an older deployment."""
    for_visitors: bool = False
    """Whether those who ask are visitors of `userdesk serve`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await self.respond(request, await _read_body(request))
        except ErrorResponse as refused:
            headers = dict(refused.headers)
            response = Response(refused.body, refused.status, headers, refused.content_type)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    def endpoint(self, request: Request) -> tuple[str, str]:
        """(chatbot id, endpoint's name) that a request is for. Raises ErrorResponse: a 404."""
        path = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0]
        match path.split("/"):
            case ["", "v1", "chatbot", chatbot_id, ("message" | "conversation") as name] if chatbot_id:
                if name == "message" or self.create_endpoint:
                    return unquote(chatbot_id), name
        raise error_response(404, "There is nothing at this address")

    async def respond(self, request: Request, body: bytes) -> Response:
        """The response to a request with this body. Raises ErrorResponse."""
        asked_id, endpoint = self.endpoint(request)
        if request.method != "POST":
            raise error_response(405, "Only POST is supported here", {"Allow": "POST"})
        check_access(request.headers.get("authorization"), self.key, asked_id, self.chatbot_id)
        if len(body) > LARGEST_BODY:
            raise error_response(400, f"{MALFORMED}: the body is too long")
        fields = read_object(request.headers.get("content-type"), body)
        await asyncio.sleep(self.pace.first)
        if endpoint == "conversation":
            read_user(fields)
            return _success(self.store.create(), welcome(for_visitors=self.for_visitors))
        return await self.answer(read_message(fields))

    async def answer(self, asked: MessageRequest) -> Response:
        """The response to a message, which is remembered. Raises ErrorResponse."""
        conversation_id = asked.conversation_id
        if conversation_id is not None and not self.store.knows(conversation_id):
            raise error_response(400, INVALID_CONVERSATION)
        reply = self.reply(asked, [] if conversation_id is None else self.store.messages(conversation_id))
        if conversation_id is None:
            conversation_id = self.store.create()
        self.store.add(conversation_id, asked.message[:READ])  # visitors' would fill the memory
        if not asked.stream:
            return await self._whole(reply, conversation_id)
        kind = CutShort if reply.manner is Manner.DROPPED else StreamingResponse
        pause = self.pace.slow if reply.manner is Manner.SLOW else self.pace.between
        return kind(self.paced(self.pieces(reply), pause), media_type="text/plain; charset=utf-8")

    def reply(self, asked: MessageRequest, said: list[str]) -> Reply:
        """What to answer, given the messages before. Raises the ErrorResponse that `/fail` asks for."""
        return answer(asked.message, said, asked.user_name, for_visitors=self.for_visitors)

    def pieces(self, reply: Reply) -> Iterable[bytes]:
        """The chunks of a streamed reply."""
        data = reply.text.encode("utf-8", "replace")
        if reply.manner is Manner.SLOW:
            return cut_slowly(data)
        return cut(data[: len(data) // 2] if reply.manner is Manner.DROPPED else data, self.pace)

    async def paced(self, pieces: Iterable[bytes], pause: float) -> AsyncIterator[bytes]:
        """The chunks with a pause between them, in seconds."""
        for number, piece in enumerate(pieces):
            if number:
                await asyncio.sleep(pause)
            yield piece

    async def _whole(self, reply: Reply, conversation_id: str) -> Response:
        if reply.manner is Manner.SLOW:
            await asyncio.sleep(SLOW_WHOLE_ANSWER * self.pace.slow)
        response = _success(conversation_id, reply.text)
        if reply.manner is not Manner.DROPPED:
            return response
        body = bytes(response.body)
        half = CutShort(self.paced([body[: len(body) // 2]], 0.0), media_type="application/json")
        half.headers["Content-Length"] = str(len(body))
        return half


async def _read_body(request: Request) -> bytes:
    """The body, of which no more is kept than it takes to see that it is too long."""
    kept = bytearray()
    async for piece in request.stream():
        if len(kept) <= LARGEST_BODY:
            kept += piece
    return bytes(kept)


def _success(conversation_id: str, text: str) -> Response:
    """The documented JSON of both endpoints."""
    body = {"success": True, "conversationId": conversation_id, "response": text}
    raw = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(raw, media_type="application/json")

"""The two endpoints of the service for visitors' processes, so that these need no API key.

A visit has a token in place of the key. What it asks for goes on to the service with the key, and what the
service answers comes back as it comes, without the key should the service repeat it.
"""

import asyncio
import codecs
import hmac
import json
import logging
import math
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import httpx
from aiohttp import web

from userdesk.api.address import Address, address_for
from userdesk.api.answer_stream import conversation_id_in
from userdesk.api.connections import open_http
from userdesk.api.exchange import Reply, exchange
from userdesk.api.failures import means_no_create_endpoint, retry_after, status_failure
from userdesk.api.network_failures import Journey
from userdesk.api.requests import Request, create_request, headers, message_request
from userdesk.demo.error_responses import WRONG_KEY, ErrorResponse, error_response
from userdesk.demo.server.requests import read_object
from userdesk.domain.chatbot import ApiKey, Chatbot, User
from userdesk.domain.failure import Failure, UserdeskError
from userdesk.domain.secret_mask import MaskedStream, SecretMask
from userdesk.serve.limits import Bucket, a_minute

_log = logging.getLogger("userdesk.serve")
LOOPBACK = "127.0.0.1"
LARGEST_BODY = 1024 * 1024  # bytes of a request
AT_ONCE = 4  # requests of a visit
A_MINUTE = 30  # requests of a visit in the long run, and so many at once
FOR_AN_ANSWER = 1.0  # seconds after which another try is worth it while too many are under way
LINGERING = 2.0  # seconds in which the rest of a body that is too large is taken off the line
_PASSED_ON = ("message", "stream", "conversationId")
"""Fields of a request that reach the service: who the visitors are, nobody told us."""


@dataclass(eq=False, slots=True)
class ServiceAccess:
    """What one visit may ask of the service, and what it did."""

    token: str = field(repr=False)
    """What its process has in place of the API key."""
    requests: Bucket
    """How many more it may make, together with the visits that its visitor had before."""
    questions: int = 0
    """Messages that went to the service."""
    trouble: str = ""
    """The headline of its last request's failure; empty where that was answered."""
    running: set[asyncio.Task[Any]] = field(default_factory=set, repr=False)


class ServiceProxy:
    """Serves HTTP on loopback to the visits that have access, until it is closed."""

    def __init__(
        self,
        chatbot: Chatbot,
        api_key: ApiKey | None,
        *,
        connect_timeout: float = 10.0,
        allow_plain_http: bool = False,
        on_change: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`on_change` is called when a visit's access says something new. Raises UserdeskError."""
        self._api_key = api_key
        self._mask = SecretMask()
        if api_key:
            self._mask.know(api_key.reveal(), "…")
        self._connect_timeout = connect_timeout
        self._on_change = on_change
        self._clock = clock
        self._address: Address = address_for(
            chatbot.base_url, allow_plain_http=allow_plain_http or api_key is None
        )
        headers(api_key, streamed=False)  # a key that no header can hold is told now
        message = message_request(chatbot, User(), "", None, streamed=False).path
        self._creation_path = create_request(chatbot, User()).path
        self._paths = (message, self._creation_path)
        self._http: httpx.AsyncClient = open_http(self._address, connect_timeout)
        self._visits: set[ServiceAccess] = set()
        server = web.Server(
            self._answer,
            handler_cancellation=True,  # who leaves ends what was asked for
            access_log=None,
            logger=_log,
            lingering_time=LINGERING,
        )
        self._runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=LINGERING)
        self.base_url = ""
        """Where the visits find it, once it was started."""

    async def start(self) -> None:
        """Listen on a port of loopback. Raises OSError."""
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, 0).start()
        self.base_url = f"http://{LOOPBACK}:{self._runner.addresses[0][1]}"

    async def aclose(self) -> None:
        """End every request and listen no more."""
        for visit in tuple(self._visits):
            self.withdraw(visit)
        await self._runner.cleanup()
        await self._http.aclose()

    def grant(self, token: str, before: ServiceAccess | None = None) -> ServiceAccess:
        """Access for a new visit, whose process shows a token.

        One of somebody who had another one `before` may ask no more for it.
        """
        visit = ServiceAccess(token, before.requests if before else a_minute(A_MINUTE, self._clock))
        self._visits.add(visit)
        return visit

    def withdraw(self, visit: ServiceAccess) -> None:
        """Refuse a visit from now on, and end what it is asking."""
        self._visits.discard(visit)
        for task in visit.running:
            task.cancel()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            visit = self._visit_of(request)
            if request.method != "POST" or request.raw_path not in self._paths:
                raise error_response(404, "There is nothing at this address")
            with self._counted(visit):
                asked = await self._read(request)
                return await self._ask(visit, asked, request)
        except ErrorResponse as refused:
            return web.Response(
                body=refused.body,
                status=refused.status,
                headers=refused.headers,
                content_type=refused.content_type,
            )

    def _visit_of(self, request: web.BaseRequest) -> ServiceAccess:
        """The visit whose token a request carries. Raises ErrorResponse."""
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        found = None
        for visit in self._visits:
            if hmac.compare_digest(given, f"Bearer {visit.token}".encode()):
                found = visit
        if found is None:
            raise error_response(401, WRONG_KEY)
        return found

    @contextmanager
    def _counted(self, visit: ServiceAccess) -> Iterator[None]:
        """Within it a request counts as one of its visit's. Raises ErrorResponse where these are too many."""
        wait = FOR_AN_ANSWER if len(visit.running) >= AT_ONCE else visit.requests.wait()
        if wait:
            raise error_response(429, "Too many requests", {"Retry-After": str(math.ceil(wait))})
        visit.requests.take()
        task = asyncio.current_task()
        assert task is not None
        visit.running.add(task)
        try:
            yield
        finally:
            visit.running.discard(task)

    async def _read(self, request: web.BaseRequest) -> Request:
        """The request as the service gets it. Raises ErrorResponse."""
        body = bytearray()
        async for piece in request.content.iter_any():
            body += piece
            if len(body) > LARGEST_BODY:
                raise error_response(413, "The message is too long")
        given = read_object(request.headers.get("Content-Type"), bytes(body))
        fields = {name: given[name] for name in _PASSED_ON if name in given}
        return Request(
            request.raw_path,
            json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"),
            streamed=fields.get("stream") is True,
            carries_conversation=bool(fields.get("conversationId")),
        )

    async def _ask(
        self, visit: ServiceAccess, asked: Request, request: web.BaseRequest
    ) -> web.StreamResponse:
        """The service's answer, on its way to the visitor. Raises ErrorResponse where there is none."""
        if asked.path != self._creation_path:
            visit.questions += 1
            self._on_change()
        journey = Journey(self._address, self._connect_timeout)
        url = self._address.base_url + asked.path
        fields = headers(self._api_key, streamed=asked.streamed)
        try:
            async with exchange(self._http, url, fields, asked.body, journey) as reply:
                if not reply.is_success:
                    return await self._refusal(visit, asked, reply)
                return await self._stream(visit, reply, request)
        except UserdeskError as error:
            self._note(visit, error.failure)
            # Which host it is and why it cannot be reached is the host's business, who is told.
            status = 502 if error.failure.may_have_arrived else 503
            raise error_response(status, "The service could not be reached") from error

    async def _refusal(self, visit: ServiceAccess, asked: Request, reply: Reply) -> web.Response:
        body = await reply.read_of_failure()
        failure = status_failure(
            reply.status,
            reply.headers,
            body,
            key_sent=self._api_key is not None,
            carried_conversation=asked.carries_conversation,
        )
        is_older = asked.path == self._creation_path and means_no_create_endpoint(reply.status)
        self._note(visit, None if is_older else failure)
        masked = self._mask.whole(body.decode("utf-8", "surrogateescape"))
        return web.Response(
            body=masked.encode("utf-8", "surrogateescape"),
            status=reply.status,
            headers=self._headers(reply),
        )

    async def _stream(
        self, visit: ServiceAccess, reply: Reply, request: web.BaseRequest
    ) -> web.StreamResponse:
        """Hand the answer on piece by piece; where it is cut, so is what the visitor gets."""
        response = web.StreamResponse(status=reply.status, headers=self._headers(reply))
        try:
            await response.prepare(request)
            async for piece in self._masked(reply):
                await response.write(piece)
        except UserdeskError as error:
            self._note(visit, error.failure)
            if request.transport is not None:
                request.transport.close()  # what was written still goes, the end of the body does not
            return response
        except ConnectionError:  # the visitor has left
            return response
        self._note(visit, None)
        return response

    async def _masked(self, reply: Reply) -> AsyncIterator[bytes]:
        """The pieces of an answer without the key, every other byte as it came. Raises UserdeskError."""
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        stream = MaskedStream(self._mask)
        async for piece, _ in reply.pieces():
            if text := stream.feed(decoder.decode(piece)):
                yield text.encode("utf-8", "surrogateescape")
        if text := stream.feed(decoder.decode(b"", True)) + stream.flush():
            yield text.encode("utf-8", "surrogateescape")

    def _headers(self, reply: Reply) -> Mapping[str, str]:
        """Of a reply's headers what the visitor's program reads."""
        wait = retry_after(reply.headers)
        found = {
            "Content-Type": reply.content_type,
            "Retry-After": "" if wait is None else str(math.ceil(wait)),
            "Conversation-Id": conversation_id_in(reply) or "",
        }
        return {name: self._mask.whole(value) for name, value in found.items() if value}

    def _note(self, visit: ServiceAccess, failure: Failure | None) -> None:
        """Keep how a request went, in words that quote nobody."""
        if visit.trouble != (headline := failure.headline if failure else ""):
            visit.trouble = headline
            self._on_change()

"""The client: creates a conversation, sends a message, streams an answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from userdesk.api.failures import means_no_create_endpoint, status_failure
from userdesk.api.replies import Created, CreateUnavailable, read_created
from userdesk.api.requests import Request, create_request, headers, message_request
from userdesk.domain.chatbot import ApiKey, Chatbot, User
from userdesk.domain.failure import Failure, FailureKind, UserdeskError

if TYPE_CHECKING:
    import httpx

    from userdesk.api.address import Address
    from userdesk.api.answer_stream import AnswerStream
    from userdesk.api.exchange import Reply

# Modules that import httpx are imported by the first request, not by the start of the program.


@cache
def preload() -> None:
    """Import what the first request needs, about 70 ms; for a thread, so that no key waits for it."""
    import anyio.lowlevel

    import userdesk.api.answer_stream
    import userdesk.api.connections
    import userdesk.api.exchange  # noqa: F401

    anyio.run(anyio.lowlevel.checkpoint)  # it imports what fits the loop only once one runs


class UserdeskClient:
    """Talks to one chatbot. Requests may overlap, and none is sent twice; each may raise UserdeskError."""

    def __init__(
        self,
        chatbot: Chatbot,
        api_key: ApiKey | None,
        user: User = User(),  # noqa: B008  # frozen
        *,
        connect_timeout: float = 10.0,
        allow_plain_http: bool = False,
    ) -> None:
        """`connect_timeout` is in seconds; `allow_plain_http` lets the key go out unencrypted."""
        self._chatbot = chatbot
        self._api_key = api_key if api_key and api_key.reveal().strip() else None
        self._user = user
        self._connect_timeout = connect_timeout
        self._allow_plain_http = allow_plain_http
        self._opened: tuple[Address, httpx.AsyncClient] | None = None
        self._opening = asyncio.Lock()
        self._closed = False

    async def create_conversation(self) -> Created:
        """Ask for a new conversation's id and welcome message.

        Raises UserdeskError, and CreateUnavailable where the service lacks the endpoint. Whatever fails
        here, no message has arrived.
        """
        request = create_request(self._chatbot, self._user)
        try:
            async with self._reply(request) as reply:
                if not reply.is_success:
                    if means_no_create_endpoint(reply.status):
                        raise CreateUnavailable
                    raise await self._failure(request, reply)
                created = read_created(await reply.read(), reply.content_type)
                if isinstance(created, Created):
                    return created
                if reply.status != HTTPStatus.OK:  # no success that is documented
                    raise CreateUnavailable
                raise UserdeskError(replace(created, status=reply.status))
        except UserdeskError as error:
            raise UserdeskError(replace(error.failure, may_have_arrived=False)) from error

    @asynccontextmanager
    async def stream(
        self, text: str, conversation_id: str | None = None, *, streamed: bool = True
    ) -> "AsyncIterator[AnswerStream]":
        """Send a message and iterate over its answer as it comes; leaving the context stops it.

        With `streamed` false the service is asked for a whole answer, which tells the conversation's id.
        Raises UserdeskError, also while iterating where the answer breaks off or is none.
        """
        request = message_request(self._chatbot, self._user, text, conversation_id, streamed=streamed)
        async with self._reply(request) as reply:
            if not reply.is_success:
                raise await self._failure(request, reply)
            from userdesk.api.answer_stream import AnswerStream

            yield AnswerStream(reply)

    async def aclose(self) -> None:
        """Close all connections, also those in use; later requests fail."""
        self._closed = True
        if self._opened:
            _, http = self._opened
            self._opened = None
            await http.aclose()

    @asynccontextmanager
    async def _reply(self, request: Request) -> "AsyncIterator[Reply]":
        address, http = await self._open()
        from userdesk.api.exchange import exchange
        from userdesk.api.network_failures import Journey

        fields = headers(self._api_key, streamed=request.streamed)
        url, journey = address.base_url + request.path, Journey(address, self._connect_timeout)
        async with exchange(http, url, fields, request.body, journey) as reply:
            yield reply

    async def _open(self) -> "tuple[Address, httpx.AsyncClient]":
        async with self._opening:
            if self._closed:
                raise self._was_closed()
            if not self._opened:
                opened = await asyncio.to_thread(self._made)
                if self._closed:  # meanwhile; nothing is connected yet that would have to be closed
                    raise self._was_closed()
                self._opened = opened
            return self._opened

    def _made(self) -> "tuple[Address, httpx.AsyncClient]":
        """In a thread: with the imports and the certificates that are trusted it takes 100 ms."""
        preload()
        from userdesk.api.address import address_for
        from userdesk.api.connections import open_http

        allows = self._allow_plain_http or self._api_key is None
        address = address_for(self._chatbot.base_url, allow_plain_http=allows)
        return address, open_http(address, self._connect_timeout)

    def _was_closed(self) -> UserdeskError:
        message = f"The connection to {self._chatbot.name} was closed before the request was sent"
        return UserdeskError(Failure(FailureKind.INTERRUPTED, message))

    async def _failure(self, request: Request, reply: "Reply") -> UserdeskError:
        failure = status_failure(
            reply.status,
            reply.headers,
            await reply.read_of_failure(),
            key_sent=self._api_key is not None,
            carried_conversation=request.carries_conversation,
        )
        return UserdeskError(failure)

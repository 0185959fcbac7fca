"""One request and its reply over httpx; every error leaves it as a failure."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import httpx

from userdesk.api.connections import arrived_since, drop, has_more, left_over
from userdesk.api.content_coding import CodingError, inflater_for
from userdesk.api.failures import unreadable
from userdesk.api.network_failures import Journey
from userdesk.domain.failure import Failure, FailureKind, UserdeskError

LARGEST_CREATION = 1024 * 1024  # bytes of the reply that creates a conversation, decoded
LARGEST_FAILURE = 64 * 1024  # bytes of a failure's body, decoded; the rest is not read
FAILURE_PATIENCE = 5.0  # seconds for a failure's body, whose status says the most
_BODILESS = (204, 304)  # a body behind these is no part of the reply, whatever its length
_REPLY = re.compile(rb"\s*HTTP/\d").match


class Reply:
    """A reply whose head has come; its body is read as it is asked for."""

    def __init__(self, response: httpx.Response, journey: Journey) -> None:
        self._response = response
        self._journey = journey
        self.status = response.status_code
        self.is_success = response.is_success
        self.headers = response.headers
        self.content_type: str = self.headers.get("content-type", "")

    async def pieces(self) -> AsyncGenerator[tuple[bytes, int], None]:
        """The body as it comes: decoded bytes, and how many bytes they came in. Raises UserdeskError."""
        try:
            inflater = inflater_for(self.headers.get("content-encoding", ""))
            # Unlike httpx's own iteration this leaves the connection open at the end.
            stream = self._response.stream
            assert isinstance(stream, httpx.AsyncByteStream)
            async for raw in stream:
                size = len(raw)
                for piece in inflater.feed(raw) if inflater else (raw,):
                    yield piece, size
                    size = 0
                if size:
                    yield b"", size
            await self._look_behind_the_end()
            if inflater is not None:
                inflater.finish()
        except UserdeskError:
            raise
        except CodingError as error:
            raise UserdeskError(unreadable(self.status, str(error))) from error
        except Exception as error:
            raise UserdeskError(self._journey.failure(error)) from error

    async def _look_behind_the_end(self) -> None:
        """Give up a connection that holds more; raises UserdeskError where a stated length cut the body."""
        counted, coded = "content-length" in self.headers, "transfer-encoding" in self.headers
        more = left_over(self._response)
        if not more and not has_more(self._response) and not (counted and coded):
            return
        may_be_cut = counted and not coded and self.status not in _BODILESS
        if may_be_cut and not more:
            more = await arrived_since(self._response)
        await drop(self._response)
        # Another reply behind the end, or the line break that some servers send, leaves this one whole.
        if may_be_cut and more.strip(b"\r\n\0 ") and not _REPLY(more):
            # The rest came and was left out: what follows an end that was stated belongs to nobody.
            message = "The answer was cut off: the service announced too short a length"
            raise UserdeskError(Failure(FailureKind.INTERRUPTED, message, may_have_arrived=True))

    async def read(self) -> bytes:
        """The whole body; raises UserdeskError, also where it is larger than LARGEST_CREATION."""
        body = bytearray()
        async for piece, _ in self.pieces():
            body += piece
            if len(body) > LARGEST_CREATION:
                detail = f"it is larger than {LARGEST_CREATION // 1024**2} MB"
                raise UserdeskError(unreadable(self.status, detail))
        return bytes(body)

    async def read_of_failure(self) -> bytes:
        """As much of a failure's body as comes soon and is worth reading; raises nothing."""
        body = bytearray()
        with suppress(UserdeskError, TimeoutError):  # what came has to do
            async with asyncio.timeout(FAILURE_PATIENCE):
                async for piece, _ in self.pieces():
                    body += piece
                    if len(body) >= LARGEST_FAILURE:
                        break
        return bytes(body[:LARGEST_FAILURE])


@asynccontextmanager
async def exchange(
    http: httpx.AsyncClient, url: str, headers: Mapping[str, str], body: bytes, journey: Journey
) -> AsyncIterator[Reply]:
    """POST a body and hold the reply; leaving closes it. Raises UserdeskError.

    Nothing is ever sent twice: where a kept connection turns out to be closed, the request
    may have arrived, and whether to repeat it is the user's to say.
    """
    try:
        request = http.build_request(
            "POST", url, headers=headers, content=body, extensions={"trace": journey.trace}
        )
        response = await http.send(request, stream=True)
    except Exception as error:
        raise UserdeskError(journey.failure(error)) from error
    journey.status = response.status_code
    try:
        yield Reply(response, journey)
    finally:
        await response.aclose()

"""What stands on a connection behind the end of a reply belongs to no other one."""

import asyncio

import httpcore
import httpx
import pytest

from scripted_server import LAST_CHUNK, ScriptedServer, chunk, chunked, cut, head, raw
from userdesk.api.connections import Transport, left_over
from userdesk.domain.failure import FailureKind, UserdeskError

SECOND_REPLY = head(200, "Content-Length: 8") + b"smuggled"


def counted(text: bytes, length: int, *lines: str) -> bytes:
    return head(200, f"Content-Length: {length}", *lines) + text


async def received(client, text: str = "Hi") -> tuple[str, FailureKind | None]:
    came = ""
    try:
        async with client.stream(text) as answer:
            async for piece in answer:
                came += piece.text
    except UserdeskError as error:
        assert error.failure.may_have_arrived
        return came, error.failure.kind
    return came, None


@pytest.mark.parametrize(
    "first",
    [
        counted(b"Hello", 5) + SECOND_REPLY,
        counted(b"Hello", 5) + b"\r\n" + SECOND_REPLY,
        head(200, "Transfer-Encoding: chunked") + chunk(b"Hello") + LAST_CHUNK + SECOND_REPLY,
        head(200, "Transfer-Encoding: chunked", "Content-Length: 3") + chunk(b"Hello") + LAST_CHUNK,
        counted(b"Hello", 5) + b"\r\n",
    ],
    ids=["second reply", "line break before it", "behind chunks", "two lengths", "line break"],
)
async def test_connection_with_bytes_behind_a_whole_reply_is_not_used_again(client_of, first: bytes) -> None:
    async with ScriptedServer(raw(first), chunked([b"its own answer"])) as server:
        client = client_of(server.base_url)
        assert await received(client, "1") == ("Hello", None)
        assert await received(client, "2") == ("its own answer", None)
        assert server.connections == 2


@pytest.mark.parametrize("status", [204, 304])
async def test_body_of_a_reply_that_can_have_none_is_no_reply(client_of, status: int) -> None:
    reply = head(status, "Content-Length: 8") + b"smuggled"
    async with ScriptedServer(raw(reply), chunked([b"its own answer"])) as server:
        client = client_of(server.base_url)
        with pytest.raises(UserdeskError):
            await client.send("1")
        assert await received(client, "2") == ("its own answer", None)


async def test_answer_of_a_server_that_counts_characters_is_marked_as_cut(client_of) -> None:
    text = "Grüße aus Köln, schöne Straßen"
    reply = counted(text.encode(), len(text))
    async with ScriptedServer(raw(reply)) as server:
        client = client_of(server.base_url)
        for _ in range(3):
            assert await received(client) == ("Grüße aus Köln, schöne Str", FailureKind.INTERRUPTED)
        assert server.connections == 3


async def test_rest_that_is_not_in_the_same_read_marks_it_too(client_of) -> None:
    body = "ä".encode() * 400_000
    async with ScriptedServer(raw(counted(body, 400_000))) as server:
        text, kind = await received(client_of(server.base_url))
    assert (text, kind) == ("ä" * 200_000, FailureKind.INTERRUPTED)


async def test_bytes_that_come_while_the_connection_is_idle_close_it(client_of) -> None:
    arrived = asyncio.Event()

    async def script(connection) -> None:
        await connection.write(counted(b"Hello", 5))
        await next_message.wait()
        await connection.write(SECOND_REPLY)
        arrived.set()

    next_message = asyncio.Event()
    async with ScriptedServer(script, chunked([b"its own answer"])) as server:
        client = client_of(server.base_url)
        assert await received(client, "1") == ("Hello", None)
        next_message.set()
        await arrived.wait()
        assert await received(client, "2") == ("its own answer", None)


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.0 200 OK\r\n\r\nHello",
        b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nHello",
        head(100) + head(103, "Link: </a>") + head(200, "Connection: close") + b"Hello",
        head(200, "Transfer-Encoding: chunked")
        + b"3;name=value\r\nHel\r\n2; x\r\nlo\r\n0\r\nX-Trailer: 1\r\n\r\n",
    ],
    ids=["HTTP/1.0", "HTTP/1.0 with a length", "interim replies", "chunk extensions and a trailer"],
)
async def test_unusual_but_correct_replies_are_whole(client_of, reply: bytes) -> None:
    async with ScriptedServer(cut(reply)) as server:
        client = client_of(server.base_url)
        assert [await received(client), await received(client)] == [("Hello", None)] * 2


@pytest.mark.parametrize("size", [b"-5", b"+5", b"5 5", b"0x5", b"f" * 30, b""])
async def test_chunk_size_that_is_none_breaks_the_answer_in_our_words(client_of, size: bytes) -> None:
    reply = head(200, "Transfer-Encoding: chunked") + chunk(b"half") + size + b"\r\nhello\r\n" + LAST_CHUNK
    async with ScriptedServer(cut(reply)) as server:
        with pytest.raises(UserdeskError) as caught:
            await client_of(server.base_url).send("Hi")
    failure = caught.value.failure
    assert failure.kind is FailureKind.INTERRUPTED
    assert failure.detail == "127.0.0.1: the reply is not valid HTTP/1.1"


async def test_kept_connection_still_serves_all_messages(client_of) -> None:
    async with ScriptedServer(raw(counted(b"Hello", 5)), chunked([b"Hello"])) as server:
        client = client_of(server.base_url)
        assert [await received(client) for _ in range(4)] == [("Hello", None)] * 4
        assert server.connections == 1


async def test_private_parts_that_this_rests_on() -> None:
    """What opens the connections of httpx's pool, and the parser of a response's connection."""
    import ssl

    trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    own_pool = httpx.AsyncHTTPTransport(verify=trusted)._pool
    assert isinstance(own_pool._network_backend, httpcore.AsyncNetworkBackend)
    transport = Transport(trusted, proxy=None)
    async with (
        ScriptedServer(raw(counted(b"Hello", 5) + b"rest")) as server,
        httpx.AsyncClient(transport=transport) as http,
    ):
        response = await http.send(http.build_request("POST", server.base_url, content=b""), stream=True)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        assert b"".join([piece async for piece in response.stream]) == b"Hello"
        assert left_over(response) == b"rest"
        await response.aclose()

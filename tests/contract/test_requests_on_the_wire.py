"""What leaves this machine, byte for byte where it matters, and how often."""

import asyncio
import subprocess
import sys

import pytest

from scripted_server import LAST_CHUNK, ScriptedServer, chunk, chunked, hang, head, whole
from userdesk.domain.chatbot import ApiKey, User
from userdesk.domain.failure import FailureKind, UserdeskError

ANSWER = {"success": True, "conversationId": "c", "response": "hi"}


async def test_streamed_message(client_of) -> None:
    async with ScriptedServer(chunked([b"hi"])) as server:
        client = client_of(server.base_url, key=ApiKey("k"), user=User("Ada", "ada@example.com"))
        async with client.stream("Grüße 😀", "c-1"):
            pass
    (request,) = server.received
    assert (request.method, request.target) == ("POST", "/v1/chatbot/1/message")
    assert request.header("authorization") == "Bearer k"
    assert request.header("content-type") == "application/json"
    assert request.header("accept-encoding") == "identity"
    assert "😀".encode() in request.body
    assert request.fields == {
        "message": "Grüße 😀",
        "stream": True,
        "conversationId": "c-1",
        "userName": "Ada",
        "userEmail": "ada@example.com",
    }


async def test_unstreamed_message_has_only_what_it_needs(client_of) -> None:
    async with ScriptedServer(whole(200, ANSWER)) as server:
        await client_of(server.base_url).send("Hi", "")
    assert server.received[0].fields == {"message": "Hi"}


async def test_creation_names_the_user_alone(client_of) -> None:
    async with ScriptedServer(whole(200, ANSWER)) as server:
        await client_of(server.base_url, user=User("Ada")).create_conversation()
        await client_of(server.base_url).create_conversation()
    assert server.received[0].target == "/v1/chatbot/1/conversation"
    assert [request.fields for request in server.received] == [{"userName": "Ada"}, {}]


@pytest.mark.parametrize("key", [None, ApiKey(""), ApiKey("  ")])
async def test_without_a_key_there_is_no_header(client_of, key: ApiKey | None) -> None:
    async with ScriptedServer(whole(401, b"")) as server:
        with pytest.raises(UserdeskError) as caught:
            await client_of(server.base_url, key=key).send("Hi")
    assert server.received[0].header("authorization") is None
    assert caught.value.failure.kind is FailureKind.MISSING_KEY


async def test_key_from_a_file_may_end_with_a_newline(client_of) -> None:
    async with ScriptedServer(whole(200, ANSWER)) as server:
        await client_of(server.base_url, key=ApiKey("abc\n")).send("Hi")
    assert server.received[0].header("authorization") == "Bearer abc"


@pytest.mark.parametrize(
    ("chatbot_id", "segment"),
    [
        ("123456", "123456"),
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("...", "..."),
        ("50%", "50%25"),
        ("%2e%2e", "%252e%252e"),
        ("ü 漢", "%C3%BC%20%E6%BC%A2"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/", "/gateway/", "/a%2Fb"])
async def test_any_chatbot_id_stays_one_segment_of_the_path(
    client_of, chatbot_id, segment, prefix: str
) -> None:
    async with ScriptedServer(whole(200, ANSWER)) as server:
        await client_of(server.base_url + prefix, chatbot_id=chatbot_id).send("Hi")
    assert server.received[0].target == f"{prefix.rstrip('/')}/v1/chatbot/{segment}/message"


async def test_chatbot_without_an_id_is_told(client_of) -> None:
    with pytest.raises(UserdeskError) as caught:
        await client_of("http://127.0.0.1:1", chatbot_id="").send("Hi")
    assert caught.value.failure.kind is FailureKind.CONFIGURATION


async def test_text_that_is_no_utf8_is_made_so(client_of) -> None:
    async with ScriptedServer(whole(200, ANSWER)) as server:
        await client_of(server.base_url).send("a\ud800b\x00")
    assert server.received[0].fields == {"message": "a\N{REPLACEMENT CHARACTER}b\x00"}


async def test_connection_is_kept_and_cookies_are_not(client_of) -> None:
    async with ScriptedServer(whole(200, ANSWER, "Set-Cookie: track=1; Path=/")) as server:
        client = client_of(server.base_url)
        for _ in range(3):
            await client.send("Hi")
        assert server.connections == 1
    assert [request.header("cookie") for request in server.received] == [None] * 3


async def test_request_that_may_have_arrived_is_never_repeated(client_of) -> None:
    async def answer_then_close_on_the_next(connection) -> None:
        await whole(200, ANSWER)(connection)
        await connection.reader.readuntil(b'{"message":"second"}')
        server.received.append("second")  # type: ignore[arg-type]
        connection.close()

    async with ScriptedServer(answer_then_close_on_the_next, whole(200, ANSWER)) as server:
        client = client_of(server.base_url)
        await client.send("first")
        with pytest.raises(UserdeskError) as caught:
            await client.send("second")
        assert (len(server.received), server.connections) == (2, 1)
    assert caught.value.failure.kind is FailureKind.INTERRUPTED
    assert caught.value.failure.may_have_arrived


async def test_connection_closed_meanwhile_is_replaced(client_of) -> None:
    closed = asyncio.Event()

    async def answer_and_close(connection) -> None:
        await whole(200, ANSWER)(connection)
        connection.close()
        await connection.writer.wait_closed()
        closed.set()

    async with ScriptedServer(answer_and_close, whole(200, ANSWER)) as server:
        client = client_of(server.base_url)
        await client.send("first")
        await closed.wait()
        assert (await client.send("second")).text == "hi"
        assert server.connections == 2


@pytest.mark.parametrize("when", ["before its head", "in its body"])
async def test_cancelling_closes_the_connection_at_once(client_of, when: str) -> None:
    left = asyncio.Event()
    begun = asyncio.Event()
    beginning = b"" if when == "before its head" else head(200, "Transfer-Encoding: chunked") + chunk(b"text")

    async def script(connection) -> None:
        begun.set()
        await hang(beginning, left)(connection)

    async def read() -> None:
        async with client.stream("Hi") as answer:
            async for _ in answer:
                reading.set()

    reading = asyncio.Event()
    async with ScriptedServer(script) as server:
        client = client_of(server.base_url)
        task = asyncio.create_task(read())
        await (reading if beginning else begun).wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(left.wait(), 2)


async def test_leaving_the_stream_closes_the_connection_and_the_client_goes_on(client_of) -> None:
    left = asyncio.Event()
    beginning = head(200, "Transfer-Encoding: chunked") + chunk(b"text")
    async with ScriptedServer(hang(beginning, left), whole(200, ANSWER)) as server:
        client = client_of(server.base_url)
        async with client.stream("Hi") as answer:
            async for _ in answer:
                break
        await asyncio.wait_for(left.wait(), 2)
        assert (await client.send("Hi")).text == "hi"


async def test_closing_the_client_ends_a_stream_as_a_failure(client_of) -> None:
    async with ScriptedServer(hang(head(200, "Transfer-Encoding: chunked") + chunk(b"text"))) as server:
        client = client_of(server.base_url)
        with pytest.raises(UserdeskError) as caught:
            async with client.stream("Hi") as answer:
                async for _ in answer:
                    await client.aclose()
    assert caught.value.failure.kind is FailureKind.INTERRUPTED


async def test_conversations_stream_side_by_side(client_of) -> None:
    barrier = asyncio.Barrier(3)

    async def script(connection) -> None:
        await connection.write(head(200, "Transfer-Encoding: chunked") + chunk(b"a"))
        await barrier.wait()
        await connection.write(chunk(b"b") + LAST_CHUNK)

    async def read(client) -> str:
        async with client.stream("Hi") as answer:
            return "".join([piece.text async for piece in answer])

    async with ScriptedServer(script) as server:
        client = client_of(server.base_url)
        assert await asyncio.gather(*(read(client) for _ in range(3))) == ["ab"] * 3


def test_importing_the_api_imports_no_httpx() -> None:
    program = (
        "import sys, userdesk.api\n"
        "from userdesk.domain.chatbot import Chatbot\n"
        "userdesk.api.UserdeskClient(Chatbot('a', 'A', '1'), None)\n"
        "assert not {'httpx', 'anyio', 'truststore'} & set(sys.modules), 'too early'\n"
        "userdesk.api.preload()\n"
        "assert {'httpx', 'anyio', 'truststore'} <= set(sys.modules), 'not preloaded'\n"
        "assert 'click' not in sys.modules, 'with the command line of httpx'\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)

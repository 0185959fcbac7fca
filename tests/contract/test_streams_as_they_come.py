"""Streams cut, coded, mislabelled and broken in every way become text or a failure, nothing else."""

import asyncio
import gzip
import zlib
from contextlib import aclosing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripted_server import LAST_CHUNK, Script, ScriptedServer, chunk, chunked, cut, head, raw, reset, whole
from userdesk.api import UserdeskClient
from userdesk.domain.chatbot import Chatbot
from userdesk.domain.failure import FailureKind, UserdeskError

TEXT = "aé漢😀\r\n| ñ | 👩‍👩‍👧 |"
UTF8 = TEXT.encode()
CHUNKED = head(200, "Transfer-Encoding: chunked")


def packed(data: bytes) -> bytes:
    """Gzip data without its time: names of tests are made of it, and must be the same in every process."""
    return gzip.compress(data, mtime=0)


@pytest.fixture
def read(client_of):
    """Streams one message from a script: the chunks, and the failure that ended them."""

    async def stream(script: Script) -> tuple[list[tuple[str, int]], UserdeskError | None]:
        chunks: list[tuple[str, int]] = []
        async with ScriptedServer(script) as server:
            try:
                async with client_of(server.base_url).stream("Hi") as answer:
                    async for piece in answer:
                        chunks.append(piece)
            except UserdeskError as error:
                return chunks, error
        return chunks, None

    return stream


def joined(chunks: list[tuple[str, int]]) -> str:
    return "".join(chunk.text for chunk in chunks)


async def test_text_is_whole_wherever_it_is_cut() -> None:
    scripts = [chunked([UTF8[:cut_at], UTF8[cut_at:]]) for cut_at in range(1, len(UTF8))]
    scripts.append(chunked([bytes([byte]) for byte in UTF8]))
    count = len(scripts)
    async with ScriptedServer(*scripts) as server:
        chatbot = Chatbot("test", "Test", "1", server.base_url)
        async with aclosing(UserdeskClient(chatbot, None)) as client:
            for _ in range(count):
                async with client.stream("Hi") as answer:
                    chunks = [piece async for piece in answer]
                assert joined(chunks) == TEXT
                assert sum(chunk.size for chunk in chunks) == len(UTF8)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=40), max_size=12))
def test_any_bytes_become_the_text_of_them_all(pieces: list[bytes]) -> None:
    async def stream() -> str:
        async with (
            ScriptedServer(chunked([b"text ", *pieces])) as server,
            aclosing(UserdeskClient(Chatbot("test", "Test", "1", server.base_url), None)) as client,
            client.stream("Hi") as answer,
        ):
            return joined([piece async for piece in answer])

    assert asyncio.run(stream()) == b"".join((b"text ", *pieces)).decode(errors="replace")


async def test_character_that_never_ends_is_replaced(read) -> None:
    chunks, error = await read(chunked([b"ok \xf0\x9f"]))
    assert (joined(chunks), error) == ("ok \N{REPLACEMENT CHARACTER}", None)


async def test_first_text_comes_before_the_end(client_of) -> None:
    shown = asyncio.Event()

    async def script(connection) -> None:
        await connection.write(CHUNKED + chunk(b"first"))
        await shown.wait()
        await connection.write(chunk(b" last") + LAST_CHUNK)

    async with ScriptedServer(script) as server, client_of(server.base_url).stream("Hi") as answer:
        chunks = aiter(answer)
        assert (await anext(chunks)).text == "first"
        shown.set()
        assert joined([piece async for piece in chunks]) == " last"


@pytest.mark.parametrize(
    ("broken", "detail"),
    [
        pytest.param(cut(CHUNKED + chunk(b"half")), "127.0.0.1", id="no last chunk"),
        pytest.param(cut(CHUNKED + b"10\r\nhalf"), "127.0.0.1", id="inside a chunk"),
        pytest.param(
            cut(head(200, "Content-Length: 100") + b"half"), "127.0.0.1", id="shorter than its length"
        ),
        pytest.param(
            raw(CHUNKED + chunk(b"half") + b"zz\r\n"),
            "127.0.0.1: the reply is not valid HTTP/1.1",
            id="a chunk size that is none",
        ),
    ],
)
async def test_stream_that_breaks_off_keeps_what_came(read, broken: Script, detail: str) -> None:
    chunks, error = await read(broken)
    assert joined(chunks) == "half"
    failure = error.failure
    assert failure.kind is FailureKind.INTERRUPTED
    assert failure.headline == "The connection was lost before the answer was complete"
    assert failure.may_have_arrived
    assert failure.detail == detail


async def test_words_of_libraries_go_to_the_log_alone(read, logged: pytest.LogCaptureFixture) -> None:
    for data in (CHUNKED + b"10\r\nhalf", CHUNKED + b"key-0123456789\r\n", b"key-0123456789\r\n\r\n"):
        _, error = await read(cut(data))
        told = error.failure.message + error.failure.detail
        assert not any(word in told for word in ("peer", "chunk", "bytearray", "illegal", "Error"))
    assert "incomplete chunked read" in logged.text
    assert "illegal" in logged.text
    assert "key-" not in logged.text


async def test_stream_that_is_reset_keeps_what_came(client_of) -> None:
    arrived = asyncio.Event()
    text = ""
    async with ScriptedServer(reset(CHUNKED + chunk(b"half"), after=arrived)) as server:
        with pytest.raises(UserdeskError) as caught:
            async with client_of(server.base_url).stream("Hi") as answer:
                async for piece in answer:
                    text += piece.text
                    arrived.set()
    assert (text, caught.value.failure.kind) == ("half", FailureKind.INTERRUPTED)


async def test_body_that_the_end_of_the_connection_ends(read) -> None:
    chunks, error = await read(cut(head(200, "Connection: close") + UTF8))
    assert (joined(chunks), error) == (TEXT, None)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", packed(UTF8)),
        ("gzip", packed(UTF8[:7]) + packed(UTF8[7:])),
        ("gzip", packed(UTF8) + b"\0\0\0"),
        ("X-GZIP", packed(UTF8)),
        ("deflate", zlib.compress(UTF8)),
        ("deflate", raw_deflate(UTF8)),
        ("identity", UTF8),
    ],
)
@pytest.mark.parametrize("size", [1, 1000])
async def test_coded_streams_are_decoded(read, coding: str, body: bytes, size: int) -> None:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    if coding == "deflate" and size == 1:
        pieces = [body[:2], *[body[start : start + 1] for start in range(2, len(body))]]
    chunks, error = await read(chunked(pieces, f"Content-Encoding: {coding}"))
    assert (joined(chunks), error) == (TEXT, None)
    assert sum(chunk.size for chunk in chunks) == len(body)


async def test_coded_text_comes_as_soon_as_the_server_lets_it(client_of) -> None:
    shown = asyncio.Event()
    packer = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)

    async def script(connection) -> None:
        first = packer.compress(b"first") + packer.flush(zlib.Z_SYNC_FLUSH)
        await connection.write(
            head(200, "Transfer-Encoding: chunked", "Content-Encoding: gzip") + chunk(first)
        )
        await shown.wait()
        await connection.write(chunk(packer.compress(b" last") + packer.flush()) + LAST_CHUNK)

    async with ScriptedServer(script) as server, client_of(server.base_url).stream("Hi") as answer:
        chunks = aiter(answer)
        assert (await anext(chunks)).text == "first"
        shown.set()
        assert joined([piece async for piece in chunks]) == " last"


async def test_few_bytes_that_blow_up_come_in_steps(read) -> None:
    bomb = packed(b"0" * 3_000_000)
    chunks, error = await read(chunked([bomb], "Content-Encoding: gzip"))
    assert error is None
    assert len(joined(chunks)) == 3_000_000
    assert max(len(chunk.text) for chunk in chunks) <= 65_536


@pytest.mark.parametrize("coding", ["none", "utf-8", "identity", "binary"])
async def test_coding_that_is_none_is_ignored(read, coding: str) -> None:
    chunks, error = await read(chunked([b"Hello"], f"Content-Encoding: {coding}"))
    assert error is None
    assert joined(chunks) == "Hello"


async def test_text_that_is_stated_to_be_gzip_and_is_none_is_kept(read) -> None:
    chunks, error = await read(chunked([b"not gzip", b" at all"], "Content-Encoding: gzip"))
    assert error is None
    assert joined(chunks) == "not gzip at all"


@pytest.mark.parametrize(
    ("coding", "body", "detail"),
    [
        ("gzip", b"\x1f\x8bnot gzip at all", "damaged gzip data"),
        ("gzip", packed(UTF8)[:-9], "gzip data that ends early"),
        ("br", UTF8, "content encoding br"),
        ("gzip, gzip", packed(packed(UTF8)), "content encoding gzip, gzip"),
    ],
)
async def test_coding_that_cannot_be_undone_is_told(read, coding: str, body: bytes, detail: str) -> None:
    _, error = await read(chunked([body], f"Content-Encoding: {coding}"))
    assert error.failure.kind is FailureKind.UNREADABLE_ANSWER
    assert error.failure.detail == detail


@pytest.mark.parametrize(
    "name", ["X-Conversation-Id", "conversationId", "CONVERSATION_ID", "x-conversationid", "Conversation-ID"]
)
async def test_id_in_a_header_is_learnt(client_of, name: str) -> None:
    async with (
        ScriptedServer(chunked([b"hi"], f"{name}: 7bb301ad-e691")) as server,
        client_of(server.base_url).stream("Hi") as answer,
    ):
        assert answer.conversation_id == "7bb301ad-e691"


@pytest.mark.parametrize(
    "line",
    [
        "X-Conversation: 1",
        "Old-Conversation-Id: 1",
        "Conversation-Id: " + "x" * 513,
        "Conversation-Id: a b",
        "Conversation-Id: é",
    ],
)
async def test_header_that_is_no_id_is_none(client_of, line: str) -> None:
    async with (
        ScriptedServer(chunked([b"hi"], line)) as server,
        client_of(server.base_url).stream("Hi") as answer,
    ):
        assert answer.conversation_id is None


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=utf-8"])
async def test_whole_json_answer_to_a_streamed_message(client_of, content_type: str) -> None:
    body = '{"success": true, "conversationId": "c-1", "response": "漢"}'.encode()
    async with (
        ScriptedServer(whole(200, body, f"Content-Type: {content_type}")) as server,
        client_of(server.base_url).stream("Hi") as answer,
    ):
        chunks = [piece async for piece in answer]
        assert (joined(chunks), sum(chunk.size for chunk in chunks)) == ("漢", len(body))
        assert answer.conversation_id == "c-1"


@pytest.mark.parametrize(
    ("script", "kind", "words"),
    [
        (cut(b""), FailureKind.INTERRUPTED, "127.0.0.1 closed the connection without answering"),
        (
            cut(b"HTTP/1.1 200 O"),
            FailureKind.INTERRUPTED,
            "127.0.0.1 closed the connection without answering",
        ),
        (reset(b""), FailureKind.INTERRUPTED, "127.0.0.1 closed the connection without answering"),
        (
            cut(b"SSH-2.0-OpenSSH_9\r\n\r\n"),
            FailureKind.UNREADABLE_ANSWER,
            "The server's answer could not be read",
        ),
        (
            raw(head(200, "X-Large: " + "x" * 200_000)),
            FailureKind.UNREADABLE_ANSWER,
            "The server's answer could not be read",
        ),
    ],
    ids=["closed", "closed in its head", "reset", "not HTTP", "head without bounds"],
)
async def test_no_answer_may_still_mean_that_the_message_arrived(
    read, script: Script, kind, words: str
) -> None:
    _, error = await read(script)
    assert error.failure.kind is kind
    assert error.failure.message == words
    assert error.failure.may_have_arrived


async def test_flood_of_chunks_leaves_others_their_turn(client_of) -> None:
    turns = 0
    ended = False

    async def other() -> None:
        nonlocal turns
        while not ended:
            turns += 1
            await asyncio.sleep(0)

    async with (
        ScriptedServer(raw(CHUNKED + chunk(b"x") * 5000 + LAST_CHUNK)) as server,
        client_of(server.base_url).stream("Hi") as answer,
    ):
        chunks = aiter(answer)
        await anext(chunks)
        task = asyncio.create_task(other())
        count = 1 + len([piece async for piece in chunks])
        ended = True
        await task
    assert count == 5000
    assert turns >= count // 100

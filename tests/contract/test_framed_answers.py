"""Server-sent events and lines of JSON: their framing is undone where the Content-Type states it."""

import asyncio

import pytest

from scripted_server import LAST_CHUNK, ScriptedServer, chunk, chunked, head
from userdesk.domain.failure import FailureKind, UserdeskError

EVENTS, LINES = "text/event-stream", "application/x-ndjson"


@pytest.fixture
def read(client_of):
    """The text of a framed body, cut into pieces of a size, and the failure at its end."""

    async def stream(body: str, content_type: str, size: int = 10_000):
        data = body.encode()
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        text = ""
        async with (
            ScriptedServer(chunked(pieces, f"Content-Type: {content_type}")) as server,
            client_of(server.base_url).stream("Hi") as answer,
        ):
            try:
                async for piece in answer:
                    text += piece.text
            except UserdeskError as error:
                return text, error.failure, answer.conversation_id
            return text, None, answer.conversation_id

    return stream


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("data: Hel\n\ndata: lo\n\n", EVENTS, "Hello"),
        ("data:Hel\n\ndata:lo  you\n\n", EVENTS, "Hello  you"),
        ("data:  you\n\n", EVENTS, " you"),
        ("data: one\ndata: two\n\n", EVENTS, "one\ntwo"),
        ("data: one\r\ndata: two\r\n\r\n", EVENTS, "one\ntwo"),
        ("data: one\rdata: two\r\r", EVENTS, "one\ntwo"),
        ("data: the last has no end", EVENTS, "the last has no end"),
        (": heartbeat\n\n: heartbeat\n\nid: 5\nretry: 100\nevent: message\ndata: Hi\n\n", EVENTS, "Hi"),
        ("event: ping\ndata: 1\n\ndata: Hi\n\nevent: done\ndata: bye\n\n", EVENTS, "Hi"),
        ("data: Hi\n\ndata: [DONE]\n\ndata: no more\n\n", EVENTS, "Hi"),
        ('data: {"text": "Hel"}\n\ndata: {"text": "lo\\n"}\n\n', EVENTS, "Hello\n"),
        ('data: {"content": "Hi"}\n\n', EVENTS, "Hi"),
        ('data: {"delta": "Hi"}\n\n', EVENTS, "Hi"),
        ('data: {"response": "Hi"}\n\n', EVENTS, "Hi"),
        ('data: "Hi"\n\n', EVENTS, "Hi"),
        ("data: {name} has\n\ndata:  5 {\n\n", EVENTS, "{name} has 5 {"),
        (
            'data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n'
            'data: {"choices":[{"delta":{"content":"Hel"}}]}\n\n'
            'data: {"choices":[{"delta":{"content":"lo"},"finish_reason":null}]}\n\n'
            'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'
            'data: {"choices":[],"usage":{"total_tokens":3}}\n\ndata: [DONE]\n\n',
            EVENTS,
            "Hello",
        ),
        (
            'event: message_start\ndata: {"type":"message_start","message":{"content":[]}}\n\n'
            'event: ping\ndata: {"type":"ping"}\n\n'
            'event: content_block_delta\ndata: {"type":"content_block_delta",'
            '"delta":{"type":"text_delta","text":"Hi"}}\n\n'
            'event: message_stop\ndata: {"type":"message_stop"}\n\n',
            EVENTS + "; charset=utf-8",
            "Hi",
        ),
        ('data: {"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}\n\n', EVENTS, "Hi"),
        ('data: {"delta":"He"}\n\ndata: {"delta":"y"}\n\ndata: {"text":"Hey"}\n\n', EVENTS, "Hey"),
        ('{"text":"Hel"}\n{"text":"lo"}\n', LINES, "Hello"),
        ('{"message":{"content":"Hel"}}\r\n\r\n{"message":{"content":"lo"},"done":true}', LINES, "Hello"),
        ('\x1e{"text":"Hel"}\n\x1e{"text":"lo"}\n', "application/json-seq", "Hello"),
        ('{"text":"Hi"}\n', "application/jsonl", "Hi"),
    ],
)
async def test_text_in_its_framing(read, body: str, content_type: str, text: str, size: int) -> None:
    assert await read(body, content_type, size) == (text, None, None)


@pytest.mark.parametrize("content_type", [EVENTS, LINES])
@pytest.mark.parametrize("text", ["Hello, raw text", "dat", "date: today", "Data is: x\n\ny", "eventually"])
async def test_raw_text_that_is_stated_framed_stays_untouched(read, text: str, content_type: str) -> None:
    assert await read(text, content_type, 3) == (text, None, None)


async def test_framing_that_is_not_stated_is_text(read) -> None:
    text = 'data: {"text": "Hi"}\n\n'
    assert await read(text, "text/plain") == (text, None, None)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('data: {"text": "Half"}\n\ndata: {"error": {"message": "overloaded"}}\n\n', EVENTS),
        ('data: Half\n\nevent: error\ndata: {"message": "overloaded"}\n\n', EVENTS),
        ("data: Half\n\nevent: error\ndata: overloaded\n\n", EVENTS),
        ('data: Half\n\ndata: {"type": "error", "message": "overloaded"}\n\n', EVENTS),
        ('{"text": "Half"}\n{"success": false, "error": "overloaded"}\n', LINES),
    ],
)
async def test_error_in_the_framing_marks_the_answer(read, body: str, content_type: str) -> None:
    text, failure, _ = await read(body, content_type)
    assert (text, failure.kind, failure.detail) == ("Half", FailureKind.ERROR_IN_ANSWER, "overloaded")


@pytest.mark.parametrize(
    "body", [": only\n\n: comments\n\n", "data:\n\n", "data: [DONE]\n\n", 'data: {"text": ""}\n\n']
)
async def test_events_without_text_are_an_empty_answer(read, body: str) -> None:
    text, failure, _ = await read(body, EVENTS)
    assert (text, failure.kind) == ("", FailureKind.EMPTY_ANSWER)


async def test_pieces_in_which_no_text_is_found_are_not_thrown_away(read) -> None:
    text, failure, _ = await read('data: {"fragment": "Hi"}\n\n', EVENTS)
    assert (text, failure.kind) == ('{"fragment": "Hi"}\n', FailureKind.UNREADABLE_ANSWER)


async def test_id_in_a_piece_is_learnt(read) -> None:
    body = 'data: {"conversation_id": 7, "text": "Hi"}\n\n'
    assert await read(body, EVENTS) == ("Hi", None, "7")


async def test_events_are_text_as_they_come(client_of) -> None:
    go_on = asyncio.Event()

    async def script(connection) -> None:
        beginning = head(200, "Transfer-Encoding: chunked", f"Content-Type: {EVENTS}")
        await connection.write(beginning + chunk(b": hello\n\ndata: first\n\n"))
        await go_on.wait()
        await connection.write(chunk(b"data:  last\n\n") + LAST_CHUNK)

    async with ScriptedServer(script) as server, client_of(server.base_url).stream("Hi") as answer:
        chunks = aiter(answer)
        assert (await anext(chunks)).text == "first"
        go_on.set()
        assert "".join([piece.text async for piece in chunks]) == " last"

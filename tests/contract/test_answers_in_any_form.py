"""What services answer beside the documented forms: the text is kept and shown, a failure is told as one."""

import json

import pytest

from scripted_server import LAST_CHUNK, Script, ScriptedServer, chunk, chunked, cut, head, whole
from userdesk.api import answer_stream
from userdesk.domain.failure import Failure, FailureKind, UserdeskError

EMPTY, PAGE = FailureKind.EMPTY_ANSWER, FailureKind.WEB_PAGE
ERROR, UNREADABLE = FailureKind.ERROR_IN_ANSWER, FailureKind.UNREADABLE_ANSWER
JSON, TEXT, HTML = "application/json", "text/plain; charset=utf-8", "text/html"
TYPES = (JSON, TEXT, HTML, "text/event-stream", "application/octet-stream", "")


class Came:
    """What came of one message."""

    def __init__(self, texts: list[str], failure: Failure | None, conversation_id: str | None) -> None:
        self.texts = [text for text in texts if text]
        self.text = "".join(texts)
        self.failure = failure
        self.kind = failure and failure.kind
        self.detail = failure.detail if failure else ""
        self.conversation_id = conversation_id


@pytest.fixture
def answer(client_of):
    """Sends one message to a script, streamed and not; both must come to the same."""

    async def once(script: Script, *, streamed: bool) -> Came:
        texts: list[str] = []
        failure = None
        async with (
            ScriptedServer(script) as server,
            client_of(server.base_url).stream("Hi", streamed=streamed) as answer,
        ):
            try:
                async for piece in answer:
                    texts.append(piece.text)
            except UserdeskError as error:
                failure = error.failure
            return Came(texts, failure, answer.conversation_id)

    async def both(script: Script) -> Came:
        came, other = await once(script, streamed=True), await once(script, streamed=False)
        assert (came.text, came.failure, came.conversation_id) == (
            other.text,
            other.failure,
            other.conversation_id,
        )
        return came

    return both


def typed(body: bytes | str, content_type: str, *lines: str, status: int = 200) -> Script:
    data = body.encode() if isinstance(body, str) else body
    return whole(status, data, *([f"Content-Type: {content_type}"] if content_type else []), *lines)


@pytest.mark.parametrize("content_type", TYPES)
@pytest.mark.parametrize("status", [200, 201, 202, 206, 299])
async def test_raw_text_is_the_answer_whatever_its_type_and_success(
    answer, content_type: str, status: int
) -> None:
    came = await answer(typed("Hello, *you*", content_type, status=status))
    assert (came.text, came.kind) == ("Hello, *you*", None)


@pytest.mark.parametrize("content_type", TYPES)
@pytest.mark.parametrize(
    "reply",
    [
        {"success": True, "conversationId": "c-1", "response": "hi 漢"},
        {"success": "true", "conversationId": "c-1", "response": "hi 漢"},
        {"success": 1, "conversation_id": "c-1", "response": "hi 漢"},
        {"conversationID": "c-1", "response": "hi 漢", "error": None, "errors": []},
        {"response": "hi 漢", "conversation-id": " c-1 "},
        {"timestamp": "now", "ConversationId": "c-1", "response": "hi 漢"},
    ],
)
async def test_a_body_that_is_one_json_object_is_the_envelope(answer, reply, content_type: str) -> None:
    came = await answer(typed("\ufeff\n" + json.dumps(reply) + "\n\n", content_type))
    assert (came.text, came.kind, came.conversation_id) == ("hi 漢", None, "c-1")


@pytest.mark.parametrize("content_type", [JSON, TEXT, ""])
@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"success": False, "error": "Quota exceeded"}, "Quota exceeded"),
        ({"success": "false", "message": "Quota exceeded"}, "Quota exceeded"),
        ({"success": 0, "response": "Quota exceeded"}, "Quota exceeded"),
        ({"status": "error", "message": "Quota exceeded"}, "Quota exceeded"),
        ({"error": "Quota exceeded"}, "Quota exceeded"),
        ({"error": {"message": "Quota exceeded", "code": 5}}, "Quota exceeded"),
        ({"errors": [{"message": "Quota exceeded"}]}, "Quota exceeded"),
        ({"success": False, "reason": "Quota exceeded"}, "Quota exceeded"),
        ({"success": False}, ""),
        ({"error": True}, ""),
    ],
)
async def test_an_error_in_a_200_is_an_error(answer, reply, words: str, content_type: str) -> None:
    came = await answer(typed(json.dumps(reply), content_type))
    assert (came.text, came.kind, came.detail) == ("", ERROR, words)
    assert not came.failure.may_have_arrived


async def test_an_error_beside_a_response_keeps_both(answer) -> None:
    came = await answer(typed('{"success": true, "response": "Half an ans", "error": "overloaded"}', JSON))
    assert (came.text, came.kind, came.detail) == ("Half an ans", ERROR, "overloaded")


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Ada", "tags": ["a", "b"]}',
        '{"name": "Ada"}\n\nis how a person is written.',
        '{"success": true, "response": "hi"} is what the service answers',
        '{"success": true, "response": "hi"}{"success": true, "response": "again"}',
        "{name}, welcome!",
        "{}",
        "{ x | x > 0 }",
        '{"a": "b\\"}{"}',
        "[1, 2, 3]",
        '"Quoted," she said.',
        "123",
        "null",
        '{"error',
    ],
)
@pytest.mark.parametrize("content_type", [TEXT, ""])
async def test_text_that_looks_like_json_stays_text(answer, text: str, content_type: str) -> None:
    came = await answer(typed(text, content_type))
    assert (came.text, came.kind) == (text, None)


@pytest.mark.parametrize("text", ['{"success": true, "response": "hi"} and more', "{name}, welcome!", "[1]"])
async def test_bytes_behind_json_make_it_text_even_where_json_is_stated(answer, text: str) -> None:
    came = await answer(typed(text, JSON))
    assert (came.text, came.kind) == (text, None)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('"Hello"', "Hello"),
        ('{"text": "Hello"}', "Hello"),
        ('{"choices": [{"message": {"content": "Hello"}}]}', "Hello"),
    ],
)
async def test_json_with_the_text_elsewhere(answer, body: str, text: str) -> None:
    came = await answer(typed(body, JSON))
    assert (came.text, came.kind) == (text, None)


async def test_json_in_another_charset(answer) -> None:
    reply = json.dumps({"success": True, "response": "漢字 é"}, ensure_ascii=False)
    for charset in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"):
        came = await answer(typed(reply.encode(charset), JSON))
        assert (came.text, came.kind) == ("漢字 é", None), charset


async def test_json_example_streams_as_it_comes(client_of) -> None:
    import asyncio

    go_on = asyncio.Event()

    async def script(connection) -> None:
        await connection.write(head(200, "Transfer-Encoding: chunked") + chunk(b'{"a": 1} is JSON, '))
        await go_on.wait()
        await connection.write(chunk(b"and so on") + LAST_CHUNK)

    async with ScriptedServer(script) as server, client_of(server.base_url).stream("Hi") as answer:
        chunks = aiter(answer)
        assert (await anext(chunks)).text == '{"a": 1} is JSON, '
        go_on.set()
        assert "".join([piece.text async for piece in chunks]) == "and so on"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"\n\n",
        b"\xef\xbb\xbf",
        b"\0",
        "\u200b \u3000".encode(),
        b'{"response": ""}',
        b'{"success": true, "response": null}',
    ],
)
@pytest.mark.parametrize("content_type", [JSON, TEXT])
async def test_empty_answer(answer, body: bytes, content_type: str) -> None:
    came = await answer(typed(body, content_type))
    assert came.failure.headline == "The chatbot sent an empty answer"
    assert (came.text.strip(), came.kind) == ("", EMPTY)


async def test_status_that_has_no_body_is_an_empty_answer(answer) -> None:
    assert (await answer(whole(204, b""))).kind is EMPTY


PAGE_BODY = "<head><title>Just a moment...</title></head><body><h1>Wait</h1></body></html>"


@pytest.mark.parametrize("content_type", [HTML, TEXT, ""])
@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><html lang=en>" + PAGE_BODY,
        '\ufeff\r\n  <!doctype HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">\n<HTML>\n' + PAGE_BODY,
        "<html>\n  " + PAGE_BODY,
        "<!-- cached -->\n<html>" + PAGE_BODY + "\n<!-- 0.1 s -->\n",
        '<?xml version="1.0"?><!DOCTYPE html><html>' + PAGE_BODY,
        "<html>" + PAGE_BODY.replace("<h1>", "<p>x</p>" * 20_000 + "<h1>"),
    ],
    ids=["doctype", "old doctype", "html", "comments", "xml", "long"],
)
async def test_web_page_is_no_answer(answer, text: str, content_type: str) -> None:
    came = await answer(typed(text, content_type))
    assert (came.text, came.kind) == ("", PAGE)
    assert came.failure.headline == "The answer is a web page, not text"
    assert came.detail == "Just a moment..."


@pytest.mark.parametrize(
    "text",
    [
        "<html> is the root element of a page.",
        "<!doctype html> tells the browser which rules to follow.",
        "```html\n<!doctype html>\n<html></html>\n```",
        "A page begins with <!doctype html><html><head>.",
        "<!doctype html>\n<html><body>Hi</body></html>\n\nThat is a whole page.",
        "<b>Hello</b>",
        "< 5 minutes",
        "<",
        "<!--",
    ],
)
async def test_answer_about_html_is_an_answer(answer, text: str) -> None:
    for content_type in (TEXT, ""):
        came = await answer(typed(text, content_type))
        assert (came.text, came.kind) == (text, None)


async def test_fragment_of_html_is_an_answer_even_where_html_is_stated(answer) -> None:
    came = await answer(typed("<p>Hello</p>", HTML))
    assert (came.text, came.kind) == ("<p>Hello</p>", None)


@pytest.mark.parametrize("before", [b" ", b"\n", b"\r\n\r\n", b"\0", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
async def test_heartbeats_before_the_text_are_none(answer, before: bytes) -> None:
    came = await answer(chunked([*[bytes([byte]) for byte in before * 3], b"    Hello\n  you "]))
    assert (came.text, came.kind) == ("Hello\n  you ", None)
    assert came.texts[0].startswith("Hello")


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Grüße – “so”".encode("cp1252"), "text/plain; charset=iso-8859-1", "Grüße – “so”"),
        ("Grüße".encode("latin-1"), 'text/plain; charset="ISO-8859-15"', "Grüße"),
        ("Привет".encode("koi8-r"), "text/plain;charset=koi8-r", "Привет"),
        ("日本語".encode("shift_jis"), "text/plain; charset=Shift_JIS", "日本語"),
        ("日本語 ok".encode("iso2022_jp"), "text/plain; charset=iso-2022-jp", "日本語 ok"),
        ("Grüße 漢".encode("utf-16"), "text/plain; charset=utf-16", "Grüße 漢"),
        ("Grüße 漢".encode("utf-16-le"), "text/plain; charset=utf-16", "Grüße 漢"),
        ("日本 カナ".encode("utf-16-be"), "text/plain; charset=utf-16be", "日本 カナ"),
        ("Grüße".encode("utf-16"), "text/plain", "Grüße"),
        ("Grüße".encode(), "text/plain; charset=iso-8859-1", "Grüße"),
        ("Grüße".encode(), "text/plain; charset=utf-16", "Grüße"),
        ("Grüße".encode(), "text/plain; charset=klingon", "Grüße"),
        ("Grüße".encode(), "text/plain; charset=rot13", "Grüße"),
        ("Grüße".encode(), "text/plain; charset=idna", "Grüße"),
        ("Grüße".encode(), "text/plain; charset=", "Grüße"),
        ("Grüße".encode("latin-1"), "text/plain", "Gr\ufffd\ufffde"),
    ],
)
async def test_stated_charset_counts_unless_the_bytes_are_utf8(
    answer, body: bytes, content_type: str, text: str
) -> None:
    for pieces in ([body], [bytes([byte]) for byte in body]):
        came = await answer(chunked(pieces, f"Content-Type: {content_type}"))
        assert (came.text, came.kind) == (text, None)


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        (["Hello wor", '{"error": "overloaded"}'], "overloaded"),
        (["Hello ", '{"error": {"message": "overloaded"}}\n'], "overloaded"),
        (['Hello wor{"error": "overloaded"}'], "overloaded"),
        (["Hello world.\n\n", '{"succ', 'ess": false, "message": "overloaded"}'], "overloaded"),
        (["Hello", '\n{"error": {"details": {"a": {}}, "message": "overloaded"}}'], "overloaded"),
    ],
)
async def test_error_at_the_end_of_a_stream_marks_the_answer(answer, pieces: list[str], words: str) -> None:
    came = await answer(chunked([piece.encode() for piece in pieces]))
    assert (came.kind, came.detail) == (ERROR, words)
    assert came.text == "".join(pieces)


@pytest.mark.parametrize(
    "text",
    [
        'Errors look like {"error": "not found"}',
        '```json\n{"error": "not found"}\n```',
        '```json\n{"error": "not found"}',
        'Send `{"error": 1}`',
        'It answers ("{"error": "x"}',
        'The result is\n{"name": "Ada"}',
        'No error: {"error": null}',
        "function f() { return {} }",
    ],
)
async def test_answer_that_ends_in_json_is_whole(answer, text: str) -> None:
    came = await answer(chunked([text[at : at + 5].encode() for at in range(0, len(text), 5)]))
    assert (came.text, came.kind) == (text, None)


@pytest.mark.parametrize(
    ("value", "taken"), [(12345, "12345"), ("  c ", "c"), ("é-1", "é-1"), ("x" * 512, "x" * 512)]
)
async def test_id_that_is_taken(client_of, value, taken: str) -> None:
    async with ScriptedServer(whole(200, {"success": True, "conversationId": value})) as server:
        assert (await client_of(server.base_url).create_conversation()).conversation_id == taken


@pytest.mark.parametrize(
    "value", ["x" * 513, "x" * 900_000, "a b", "a\tb", "a\nb", "a\x1bb", "a\u202eb", "a\u200bb"]
)
async def test_id_that_cannot_be_used_is_an_unreadable_answer(client_of, answer, value: str) -> None:
    reply = {"success": True, "conversationId": value, "response": "Hello"}
    async with ScriptedServer(whole(200, reply)) as server:
        with pytest.raises(UserdeskError) as caught:
            await client_of(server.base_url).create_conversation()
    assert caught.value.failure.kind is UNREADABLE
    assert "its conversationId" in caught.value.failure.detail
    came = await answer(whole(200, reply))
    assert (came.text, came.kind, came.conversation_id) == ("Hello", UNREADABLE, None)


async def test_creation_in_small_slips(client_of) -> None:
    for reply in (
        {"conversation_id": 7},
        {"success": "true", "conversationID": "7"},
        {"success": 1, "ConversationId": "7", "response": "  "},
    ):
        async with ScriptedServer(typed(json.dumps(reply), "text/html")) as server:
            assert await client_of(server.base_url).create_conversation() == ("7", None)


@pytest.mark.parametrize(
    ("script", "kind", "detail"),
    [
        (whole(200, {"success": False, "error": "Quota exceeded"}), ERROR, "Quota exceeded"),
        (typed("<html>" + PAGE_BODY, HTML), PAGE, "Just a moment..."),
        (whole(200, b"x" * 1_100_000), UNREADABLE, "it is larger than 1 MB"),
        (cut(b""), FailureKind.INTERRUPTED, ""),
        (whole(502, b""), FailureKind.OTHER_STATUS, ""),
    ],
)
async def test_creation_that_fails_has_sent_no_message(client_of, script: Script, kind, detail: str) -> None:
    async with ScriptedServer(script) as server:
        with pytest.raises(UserdeskError) as caught:
            await client_of(server.base_url).create_conversation()
    assert (caught.value.failure.kind, caught.value.failure.detail) == (kind, detail)
    assert not caught.value.failure.may_have_arrived


@pytest.mark.parametrize("form", ["streamed", "JSON", "escaped JSON", "UTF-16 JSON", "events"])
async def test_one_limit_for_every_answer(answer, monkeypatch, form: str) -> None:
    assert answer_stream.LONGEST_ANSWER == 4_000_000
    monkeypatch.setattr(answer_stream, "LONGEST_ANSWER", 1000)
    monkeypatch.setattr(answer_stream, "_MOST_HELD", 100_000)
    text = "漢字" * 600
    match form:
        case "streamed":
            script = chunked([text[at : at + 7].encode() for at in range(0, len(text), 7)])
        case "JSON" | "escaped JSON":
            reply = {"success": True, "conversationId": "c-1", "response": text}
            script = typed(json.dumps(reply, ensure_ascii=form != "JSON"), JSON)
        case "UTF-16 JSON":
            script = typed(json.dumps({"response": text}, ensure_ascii=False).encode("utf-16-le"), JSON)
        case _:
            script = chunked([f"data: {text[:700]}\n\n".encode()] * 2, "Content-Type: text/event-stream")
            text = text[:700] * 2
    came = await answer(script)
    assert came.text == text[:1000]
    assert came.kind is FailureKind.INTERRUPTED
    assert "The answer is longer than" in came.failure.message
    if "escaped" in form:
        assert came.conversation_id == "c-1"


async def test_json_without_bounds_is_not_held_for_ever(client_of, monkeypatch) -> None:
    monkeypatch.setattr(answer_stream, "_MOST_HELD", 100_000)

    async def endless(connection) -> None:
        await connection.write(head(200, "Transfer-Encoding: chunked") + chunk(b'{"response": "'))
        while True:
            await connection.write(chunk(b"word " * 1000))

    async with ScriptedServer(endless) as server:
        with pytest.raises(UserdeskError) as caught:
            await client_of(server.base_url).send("Hi")
    assert "The answer is longer than" in caught.value.failure.message


async def test_reply_that_is_cut_keeps_the_text_in_its_json(answer) -> None:
    came = await answer(
        cut(head(200, "Content-Length: 900") + b'{"success": true, "response": "Half \\"an\\" ans\\u00')
    )
    assert (came.text, came.kind) == ('Half "an" ans', FailureKind.INTERRUPTED)

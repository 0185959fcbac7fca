"""Each status and body, over the wire, becomes the failure that the product's table names."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from scripted_server import Script, ScriptedServer, chunk, cut, hang, head, whole
from userdesk.api import CreateUnavailable
from userdesk.domain.chatbot import ApiKey
from userdesk.domain.failure import Failure, FailureKind, UserdeskError

BAD_REQUEST = FailureKind.BAD_REQUEST
INVALID_CONVERSATION = FailureKind.INVALID_CONVERSATION
MISSING, WRONG = FailureKind.MISSING_KEY, FailureKind.WRONG_KEY
HTML = b"<!doctype html><title>conversation</title><h1>Bad message</h1>"


@pytest.fixture
def failure_of(client_of):
    """Sends one message to a script and gives the failure that it raises."""

    async def send(
        script: Script, conversation_id: str | None = None, text: str = "Hi", **options
    ) -> Failure:
        async with ScriptedServer(script) as server:
            with pytest.raises(UserdeskError) as caught:
                await client_of(server.base_url, **options).send(text, conversation_id)
            return caught.value.failure

    return send


@pytest.mark.parametrize(
    ("body", "with_id", "kind"),
    [
        ({"message": "The conversationId is not valid"}, False, INVALID_CONVERSATION),
        ({"error": {"message": "unknown conversation"}}, True, INVALID_CONVERSATION),
        ({"message": "The request was malformed or missing required fields"}, True, BAD_REQUEST),
        ({"detail": [{"msg": "field required", "loc": ["body"]}]}, True, BAD_REQUEST),
        ({"error": "empty message or unknown conversationId"}, True, INVALID_CONVERSATION),
        ({"error": "empty message or unknown conversationId"}, False, BAD_REQUEST),
        (b"No such conversation", False, INVALID_CONVERSATION),
        (b"", True, INVALID_CONVERSATION),
        (b"", False, BAD_REQUEST),
        ({"error": "Bad Request"}, True, INVALID_CONVERSATION),
        (HTML, True, INVALID_CONVERSATION),
        (HTML, False, BAD_REQUEST),
        (b"message " * 200, True, INVALID_CONVERSATION),
        (b'{"message": "cut in the mid', True, INVALID_CONVERSATION),
    ],
)
async def test_the_two_400s_are_told_apart(failure_of, body, with_id: bool, kind: FailureKind) -> None:
    failure = await failure_of(whole(400, body), "c-1" if with_id else None)
    assert (failure.kind, failure.status) == (kind, 400)


async def test_a_400_to_an_empty_message_is_no_matter_of_its_conversation(failure_of) -> None:
    assert (await failure_of(whole(400, b""), "c-1", text=" ")).kind is BAD_REQUEST


@pytest.mark.parametrize(
    ("body", "key_sent", "kind"),
    [
        ({"message": "Missing API Key"}, True, MISSING),
        ({"message": "Wrong API Key"}, False, WRONG),
        ({"error": "No API key provided"}, True, MISSING),
        ({"detail": "Authorization header is required"}, True, MISSING),
        (b"API key not found", False, WRONG),
        ({"error": "missing or wrong API key"}, True, WRONG),
        ({"error": "missing or wrong API key"}, False, MISSING),
        ({"error": "Unauthorized"}, True, WRONG),
        ({"error": "Unauthorized"}, False, MISSING),
        (HTML, False, MISSING),
        (b"", True, WRONG),
    ],
)
async def test_the_two_401s_are_told_apart(failure_of, body, key_sent: bool, kind: FailureKind) -> None:
    failure = await failure_of(whole(401, body), key=ApiKey("key-0123456789") if key_sent else None)
    assert (failure.kind, failure.status) == (kind, 401)


@pytest.mark.parametrize(
    ("status", "headline"),
    [
        (403, "403 · Access to this Chatbot is denied"),
        (500, "500 · An error occurred on the server"),
        (404, "404 · Not Found"),
        (503, "503 · Service Unavailable"),
        (599, "599 · Unexpected answer"),
        (302, "302 · Found"),
    ],
)
async def test_words_are_documented_or_standard_never_the_reason_phrase(
    failure_of, status: int, headline: str
) -> None:
    assert (await failure_of(whole(status, b""))).headline == headline


async def test_redirect_is_not_followed_but_told(failure_of) -> None:
    failure = await failure_of(whole(307, b"", "Location: https://elsewhere.example/"))
    assert failure.kind is FailureKind.OTHER_STATUS
    assert "https://elsewhere.example/" in failure.detail


async def test_server_words_are_one_safe_short_line(failure_of) -> None:
    failure = await failure_of(whole(500, {"message": "[bold]\x1b]52;c;AAAA\x07\nline two " + "x" * 400}))
    assert failure.detail.startswith("[bold]")
    assert len(failure.detail) <= 200
    assert failure.detail.isprintable()


async def test_key_that_the_server_repeats_is_not_shown(failure_of) -> None:
    key = ApiKey("sk-secret-0123456789")
    failure = await failure_of(whole(401, {"error": f"invalid key {key.reveal()}"}), key=key)
    assert failure.detail == "invalid key …6789"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("-3", 0.0),
        ("9" * 5000, 86_400.0),
        ("1.5", 1.5),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("Wed, 99 Xxx 2026 99:99:99 GMT", None),
        ("Sat, 21 Nov 2026 20:00:30 GMT", 30.0),
        ("Sat, 21 Nov 2026 19:00:00 GMT", 0.0),
    ],
)
async def test_retry_after(failure_of, value: str, seconds: float | None) -> None:
    lines = ("Date: Sat, 21 Nov 2026 20:00:00 GMT", f"Retry-After: {value}".encode().decode("latin-1"))
    failure = await failure_of(whole(429, b"", *lines))
    assert failure.headline == "429 · Too many requests"
    assert failure.retry_after == seconds


async def test_retry_after_date_of_a_server_that_tells_no_time(failure_of) -> None:
    until = datetime.now(UTC) + timedelta(seconds=60)
    failure = await failure_of(whole(429, b"", f"Retry-After: {format_datetime(until, usegmt=True)}"))
    assert failure.retry_after == pytest.approx(60, abs=5)


async def test_429_without_retry_after(failure_of) -> None:
    assert (await failure_of(whole(429, b""))).retry_after is None


async def test_failure_body_without_end_is_read_in_part(client_of, monkeypatch) -> None:
    monkeypatch.setattr("userdesk.api.exchange.FAILURE_PATIENCE", 1000.0)
    left = asyncio.Event()
    async with ScriptedServer(hang(head(403, "Content-Length: 99999999") + b"x" * 70_000, left)) as server:
        with pytest.raises(UserdeskError) as caught:
            await asyncio.wait_for(client_of(server.base_url).send("Hi"), 4)
        await asyncio.wait_for(left.wait(), 4)
    assert caught.value.failure.headline == "403 · Access to this Chatbot is denied"


async def test_failure_body_that_stalls_is_waited_for_but_briefly(failure_of, monkeypatch) -> None:
    monkeypatch.setattr("userdesk.api.exchange.FAILURE_PATIENCE", 0.05)
    failure = await failure_of(hang(head(500, "Transfer-Encoding: chunked") + chunk(b"disk full")))
    assert failure.headline == "500 · An error occurred on the server"


async def test_failure_body_cut_short_still_speaks(failure_of) -> None:
    failure = await failure_of(cut(head(400, "Content-Length: 500") + b"unknown conversation"))
    assert failure.kind is INVALID_CONVERSATION


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"success": true}', "the response is missing"),
        (b'{"success": true, "response": ["a"]}', "the response is not text"),
        (b'{"success": true, "message": "quota used up"}', "quota used up"),
        (b'{"success": true, "response": "\\q"}', "its JSON is not valid"),
        (b'{"success": true, "response": "cut', "its JSON is not valid"),
    ],
)
async def test_success_without_the_documented_json_cannot_be_read(
    failure_of, body: bytes, detail: str
) -> None:
    failure = await failure_of(whole(200, body, "Content-Type: application/json"))
    assert failure.headline == "200 · The server's answer could not be read"
    assert failure.detail == detail
    assert failure.may_have_arrived


async def test_response_that_is_a_number_is_its_digits(client_of) -> None:
    async with ScriptedServer(whole(200, {"success": True, "response": 42, "conversationId": "c"})) as server:
        assert await client_of(server.base_url).send("Hi") == ("42", "c")


async def test_any_2xx_with_the_documented_json_is_a_success(client_of) -> None:
    async with ScriptedServer(
        whole(201, {"success": True, "response": "hi", "conversationId": "c"})
    ) as server:
        assert await client_of(server.base_url).send("Hi") == ("hi", "c")


async def test_answer_without_an_id_is_an_answer(client_of) -> None:
    async with ScriptedServer(whole(200, {"success": True, "response": "hi"})) as server:
        assert await client_of(server.base_url).send("Hi") == ("hi", None)


async def test_lone_surrogates_in_json_do_not_get_through(client_of) -> None:
    body = b'{"success": true, "response": "a\\ud800b \\ud83d\\ude00", "conversationId": "c"}'
    async with ScriptedServer(whole(200, body)) as server:
        assert (await client_of(server.base_url).send("Hi")).text == "a\N{REPLACEMENT CHARACTER}b 😀"


@pytest.mark.parametrize(
    ("reply", "created"),
    [
        ({"success": True, "conversationId": "c", "response": "Welcome"}, ("c", "Welcome")),
        ({"success": True, "conversationId": "c"}, ("c", None)),
        ({"success": True, "conversationId": "c", "response": ""}, ("c", None)),
        ({"success": True, "conversationId": "c", "response": None}, ("c", None)),
    ],
)
async def test_created_conversation(client_of, reply, created) -> None:
    async with ScriptedServer(whole(200, reply)) as server:
        assert await client_of(server.base_url).create_conversation() == created


@pytest.mark.parametrize("status", [204, 301, 307, 400, 404, 405, 410, 422, 501])
async def test_missing_create_endpoint_is_no_failure(client_of, status: int) -> None:
    async with ScriptedServer(whole(status, b"")) as server:
        with pytest.raises(CreateUnavailable):
            await client_of(server.base_url).create_conversation()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, WRONG),
        (403, FailureKind.ACCESS_DENIED),
        (429, FailureKind.RATE_LIMITED),
        (500, FailureKind.SERVER_ERROR),
        (502, FailureKind.OTHER_STATUS),
        (503, FailureKind.OTHER_STATUS),
        (504, FailureKind.OTHER_STATUS),
    ],
)
async def test_failure_to_create_is_told(client_of, status: int, kind: FailureKind) -> None:
    async with ScriptedServer(whole(status, b"")) as server:
        with pytest.raises(UserdeskError) as caught:
            await client_of(server.base_url).create_conversation()
    assert caught.value.failure.kind is kind


@pytest.mark.parametrize(
    "body",
    [{}, {"success": True}, {"success": True, "conversationId": ""}, {"conversationId": None}, b"ok", b""],
)
async def test_creation_that_gives_no_id_cannot_be_read(client_of, body) -> None:
    async with ScriptedServer(whole(200, body)) as server:
        with pytest.raises(UserdeskError) as caught:
            await client_of(server.base_url).create_conversation()
    assert caught.value.failure.kind is FailureKind.UNREADABLE_ANSWER

"""What visitors' processes ask the service through the host: its answers as they come, its key never."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from demo_server import DemoServer
from scripted_server import ScriptedServer, chunked, cut, hang, head, whole
from settling import until
from userdesk.api import UserdeskClient
from userdesk.domain.chatbot import ApiKey, Chatbot
from userdesk.domain.failure import FailureKind, UserdeskError
from userdesk.serve.limits import a_minute
from userdesk.serve.service_proxy import A_MINUTE, AT_ONCE, LARGEST_BODY, ServiceAccess, ServiceProxy
from whole_answers import WholeAnswersClient

CHUNKED = head(200, "Transfer-Encoding: chunked")
SECRET = "host-key-0123456789"
CREATED = {"success": True, "conversationId": "c-1", "response": "Welcome"}


class Visitor:
    """A visit's process, as far as the service is concerned."""

    def __init__(self, proxy: ServiceProxy, access: ServiceAccess, chatbot_id: str) -> None:
        self.proxy, self.access = proxy, access
        chatbot = Chatbot("env", "Test", chatbot_id, proxy.base_url)
        self.client = WholeAnswersClient(chatbot, ApiKey(access.token))
        self.http = httpx.AsyncClient(base_url=proxy.base_url, trust_env=False, timeout=30)
        self.path = f"/v1/chatbot/{chatbot_id}/message"

    def post(self, body: object = None, *, path: str = "", token: str = "") -> Any:
        """A request as no client of ours makes it."""
        content = body if isinstance(body, bytes) else json.dumps(body or {"message": "Hi"}).encode()
        fields = {
            "Authorization": f"Bearer {token or self.access.token}",
            "Content-Type": "application/json",
        }
        return self.http.post(path or self.path, content=content, headers=fields)

    async def aclose(self) -> None:
        await self.client.aclose()
        await self.http.aclose()


Visit = Callable[..., Any]


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    """Makes visitors of a service; those of one `proxy` share it."""
    opened: list[Any] = []

    async def make(
        base_url: str,
        key: str = SECRET,
        *,
        chatbot_id: str = "1",
        proxy: ServiceProxy | None = None,
        **options: Any,
    ) -> Visitor:
        if proxy is None:
            proxy = ServiceProxy(Chatbot("acme", "Acme", chatbot_id, base_url), ApiKey(key), **options)
            await proxy.start()
            opened.append(proxy)
        opened.append(visitor := Visitor(proxy, proxy.grant(f"visit-token-{len(opened)}"), chatbot_id))
        return visitor

    yield make
    for each in reversed(opened):
        await each.aclose()


async def of(server: DemoServer, visit: Visit, **options: Any) -> Visitor:
    visitor: Visitor = await visit(server.base_url, server.key, chatbot_id=server.chatbot_id, **options)
    return visitor


async def test_conversation_with_the_embedded_chatbot(server: DemoServer, visit) -> None:
    visitor = await of(server, visit)
    created = await visitor.client.create_conversation()
    assert created.welcome
    answer = await visitor.client.send("/unicode", created.conversation_id)
    assert "全角文字" in answer.text
    assert visitor.access.questions == 1
    assert all(request.headers["authorization"] == f"Bearer {server.key}" for request in server.requests)


async def test_pieces_come_as_the_service_sends_them(server: DemoServer, visit) -> None:
    visitor = await of(server, visit)
    server.answer_next([b"One, ", b"two, ", b"three."])
    server.hold(after=1)
    async with visitor.client.stream("Count") as answer:
        pieces = aiter(answer)
        assert (await anext(pieces)).text == "One, "
        server.controls.go_on_until(2)
        assert (await anext(pieces)).text == "two, "
        server.release()
        assert "".join([piece.text async for piece in pieces]) == "three."


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("/fail 400", FailureKind.BAD_REQUEST),
        ("/fail 400-conversation", FailureKind.INVALID_CONVERSATION),
        ("/fail 401", FailureKind.WRONG_KEY),
        ("/fail 401-missing", FailureKind.MISSING_KEY),
        ("/fail 403", FailureKind.ACCESS_DENIED),
        ("/fail 429", FailureKind.RATE_LIMITED),
        ("/fail 500", FailureKind.SERVER_ERROR),
        ("/fail json", FailureKind.UNREADABLE_ANSWER),
        ("/drop", FailureKind.INTERRUPTED),
    ],
)
@pytest.mark.parametrize("streamed", [True, False])
async def test_failures_are_told_as_without_a_host_between(
    server: DemoServer, visit, asked: str, kind: FailureKind, streamed: bool
) -> None:
    visitor = await of(server, visit)
    created = await visitor.client.create_conversation()
    direct = UserdeskClient(
        Chatbot("a", "A", server.chatbot_id, server.base_url), ApiKey(server.key), connect_timeout=5
    )
    outcomes = []
    for client in (visitor.client, direct):
        with pytest.raises(UserdeskError) as caught:
            async with client.stream(asked, created.conversation_id, streamed=streamed) as answer:
                async for _ in answer:
                    pass
        outcomes.append(caught.value.failure)
    await direct.aclose()
    assert outcomes[0] == outcomes[1]
    assert outcomes[0].kind is kind
    if kind is not FailureKind.UNREADABLE_ANSWER:  # the host does not read answers
        assert visitor.access.trouble == outcomes[0].headline


async def test_answer_that_is_cut_keeps_what_came(visit) -> None:
    async with ScriptedServer(cut(CHUNKED + b"5\r\nHello\r\n")) as server:
        visitor = await visit(server.base_url)
        text = ""
        with pytest.raises(UserdeskError) as caught:
            async with visitor.client.stream("Hi", "c") as answer:
                async for piece in answer:
                    text += piece.text
    assert (text, caught.value.failure.kind) == ("Hello", FailureKind.INTERRUPTED)


async def test_visitor_who_stops_ends_the_request_to_the_service(visit) -> None:
    left = asyncio.Event()
    async with ScriptedServer(hang(CHUNKED + b"5\r\nHello\r\n", left)) as server:
        visitor = await visit(server.base_url)
        async with visitor.client.stream("Hi", "c") as answer:
            assert (await anext(aiter(answer))).text == "Hello"
        await asyncio.wait_for(left.wait(), 30)
        await until(lambda: not visitor.access.running, lambda: "the end of the request")


async def test_visit_that_ends_ends_its_requests_and_no_others(visit) -> None:
    left = asyncio.Event()
    async with ScriptedServer(hang(CHUNKED + b"5\r\nHello\r\n", left), whole(200, CREATED)) as server:
        visitor = await visit(server.base_url)
        other = await visit(server.base_url, proxy=visitor.proxy)
        async with visitor.client.stream("Hi", "c") as answer:
            pieces = aiter(answer)
            await anext(pieces)
            visitor.proxy.withdraw(visitor.access)
            with pytest.raises(UserdeskError):
                while True:  # the rest of what had come may be there first
                    await anext(pieces)
        await asyncio.wait_for(left.wait(), 30)
        assert (await visitor.post()).status_code == 401
        assert (await other.client.create_conversation()).conversation_id == "c-1"


async def test_service_that_cannot_be_reached_is_named_to_the_host_alone(visit) -> None:
    async with ScriptedServer(whole(200, CREATED)) as server:
        base_url = server.base_url
    visitor = await visit(base_url)
    reply = await visitor.post()
    assert reply.status_code == 503
    assert "127.0.0.1" not in reply.text
    assert visitor.access.trouble.startswith("Could not connect to 127.0.0.1")


async def test_request_that_may_have_arrived_is_not_said_to_have_failed_before(visit) -> None:
    async with ScriptedServer(cut(b"")) as server:
        visitor = await visit(server.base_url)
        with pytest.raises(UserdeskError) as caught:
            await visitor.client.send("Hi")
    assert caught.value.failure.status == 502
    assert caught.value.failure.may_have_arrived


async def test_only_what_the_documentation_names_goes_on(visit) -> None:
    async with ScriptedServer(whole(200, CREATED)) as server:
        visitor = await visit(server.base_url)
        asked = {
            "message": "Grüße 😀",
            "conversationId": "c",
            "userName": "A",
            "userEmail": "a@b",
            "admin": 1,
        }
        await visitor.post(asked)
        await visitor.post({"userName": "A", "userEmail": "a@b"}, path="/v1/chatbot/1/conversation")
    first, second = server.received
    assert first.fields == {"message": "Grüße 😀", "conversationId": "c"}
    assert second.fields == {}
    assert first.header("cookie") is None
    assert SECRET in (first.header("authorization") or "")


async def test_of_the_replys_headers_only_what_is_read_comes_back(visit) -> None:
    fields = ("Content-Type: text/plain", "X-Conversation-Id: c-7", "Set-Cookie: a=b", "X-Secret: internal")
    async with ScriptedServer(whole(200, b"Hello", *fields)) as server:
        reply = await (await visit(server.base_url)).post()
    assert reply.headers["content-type"] == "text/plain"
    assert reply.headers["conversation-id"] == "c-7"
    assert not {"set-cookie", "x-secret", "location"} & set(reply.headers)


@pytest.mark.parametrize("status", [200, 400, 401, 500])
async def test_key_never_comes_back(visit, status: int) -> None:
    coded = base64.b64encode(SECRET.encode()).decode()
    said = f"You sent Bearer {SECRET}, or {coded}; é".encode()
    fields = ("Content-Type: text/plain", f"X-Conversation-Id: {SECRET}", f"X-Key: {SECRET}")
    async with ScriptedServer(whole(status, said, *fields)) as server:
        reply = await (await visit(server.base_url)).post()
    told = f"{reply.headers}{reply.text}"
    assert reply.status_code == status
    assert SECRET not in told and coded not in told
    assert reply.text.startswith("You sent Bearer …, or ") and reply.text.endswith("; é")


async def test_key_in_pieces_never_comes_back(visit) -> None:
    pieces = [bytes([byte]) for byte in f"It is {SECRET}. é\n".encode()]
    async with ScriptedServer(chunked(pieces)) as server:
        visitor = await visit(server.base_url)
        assert (await visitor.post()).text == "It is …. é\n"


@pytest.mark.parametrize(
    "data", [bytes(range(256)), "é漢😀".encode() + b"\xf0\x9f", "héllo".encode("utf-16")]
)
async def test_other_bytes_come_as_they_are(visit, data: bytes) -> None:
    async with ScriptedServer(chunked([data[at : at + 1] for at in range(len(data))])) as server:
        assert (await (await visit(server.base_url)).post()).content == data


async def test_wrong_token_is_refused(visit) -> None:
    async with ScriptedServer(whole(200, CREATED)) as server:
        visitor = await visit(server.base_url)
        for token in ("wrong", SECRET, "a b"):
            assert (await visitor.post(token=token)).status_code == 401
        assert (await visitor.http.post(visitor.path, content=b"{}")).status_code == 401
    assert not server.received


@pytest.mark.parametrize(
    "path",
    ["/", "/v1/chatbot/2/message", "/v1/chatbot/1/message?x=1", "/v1/chatbot/1%2Fmessage", "/v1/keys"],
)
async def test_nothing_else_is_passed_on(visit, path: str) -> None:
    async with ScriptedServer(whole(200, CREATED)) as server:
        visitor = await visit(server.base_url)
        request = visitor.http.build_request("POST", "/", content=b"{}")
        request.url = request.url.copy_with(raw_path=path.encode())
        request.headers["Authorization"] = f"Bearer {visitor.access.token}"
        assert (await visitor.http.send(request)).status_code == 404
        fields = {"Authorization": f"Bearer {visitor.access.token}"}
        assert (await visitor.http.get(visitor.path, headers=fields)).status_code == 404
    assert not server.received


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
async def test_what_is_no_json_object_is_malformed(visit, body: bytes) -> None:
    async with ScriptedServer(whole(200, CREATED)) as server:
        assert (await (await visit(server.base_url)).post(body)).status_code == 400
    assert not server.received


async def test_body_that_is_too_large_is_refused(visit) -> None:
    async with ScriptedServer(whole(200, CREATED)) as server:
        visitor = await visit(server.base_url)
        reply = await visitor.post({"message": "x" * LARGEST_BODY})
        assert reply.status_code == 413
        assert (await visitor.post()).status_code == 200
    assert len(server.received) == 1


async def test_too_many_at_once_wait_and_cost_the_others_nothing(visit) -> None:
    async with ScriptedServer(*[hang(CHUNKED)] * AT_ONCE, whole(200, CREATED)) as server:
        visitor = await visit(server.base_url)
        other = await visit(server.base_url, proxy=visitor.proxy)
        asking = [asyncio.create_task(visitor.post()) for _ in range(AT_ONCE)]
        await until(lambda: len(server.received) == AT_ONCE, lambda: "the requests")
        refused = await visitor.post()
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert (await other.post()).status_code == 200
        visitor.proxy.withdraw(visitor.access)
        await asyncio.gather(*asking, return_exceptions=True)


async def test_too_many_a_minute_wait_for_the_rest_of_it(visit) -> None:
    now = [1_000.0]
    async with ScriptedServer(whole(200, CREATED)) as server:
        visitor = await visit(server.base_url, clock=lambda: now[0])
        for _ in range(A_MINUTE):
            assert (await visitor.post()).status_code == 200
        refused = await visitor.post()
        assert (refused.status_code, refused.headers["retry-after"]) == (429, str(60 // A_MINUTE))
        now[0] += 60 / A_MINUTE
        assert (await visitor.post()).status_code == 200


async def test_who_begins_again_may_not_ask_more_for_it(visit) -> None:
    now = [1_000.0]
    async with ScriptedServer(whole(200, CREATED)) as server:
        visitor = await visit(server.base_url, clock=lambda: now[0])
        other = await visit(server.base_url, proxy=visitor.proxy)
        for _ in range(A_MINUTE):
            assert (await visitor.post()).status_code == 200
        visitor.proxy.withdraw(visitor.access)
        again = Visitor(visitor.proxy, visitor.proxy.grant("another-token", visitor.access), "1")
        assert (await again.post()).status_code == 429
        now[0] += 60 / A_MINUTE
        assert (await again.post()).status_code == 200
        assert (await other.post()).status_code == 200
        await again.aclose()


async def test_date_to_ask_again_at_becomes_seconds(visit) -> None:
    fields = ("Date: Sun, 29 Nov 2026 10:00:00 GMT", "Retry-After: Sun, 29 Nov 2026 10:00:07 GMT")
    async with ScriptedServer(whole(429, b"", *fields)) as server:
        assert (await (await visit(server.base_url)).post()).headers["retry-after"] == "7"


async def test_redirect_leads_nowhere(visit) -> None:
    async with ScriptedServer(whole(302, b"", "Location: http://127.0.0.1:1/internal")) as server:
        reply = await (await visit(server.base_url)).post()
    assert reply.status_code == 302
    assert "location" not in reply.headers


async def test_host_is_told_of_changes(visit) -> None:
    changes: list[None] = []
    async with ScriptedServer(whole(500, b""), whole(200, CREATED)) as server:
        visitor = await visit(server.base_url, on_change=lambda: changes.append(None))
        await visitor.post()
        assert visitor.access.trouble == "500 · An error occurred on the server"
        await visitor.post()
    assert (visitor.access.trouble, visitor.access.questions) == ("", 2)
    assert len(changes) == 4


async def test_older_service_without_creation_is_no_trouble(visit) -> None:
    async with ScriptedServer(whole(404, b"")) as server:
        visitor = await visit(server.base_url)
        assert (await visitor.post(path="/v1/chatbot/1/conversation")).status_code == 404
    assert (visitor.access.trouble, visitor.access.questions) == ("", 0)


@pytest.mark.parametrize(
    ("base_url", "key"),
    [("http://example.com", "k"), ("ftp://example.com", "k"), ("https://example.com", "kéy")],
)
async def test_service_that_no_key_may_go_to_is_told_at_once(base_url: str, key: str) -> None:
    with pytest.raises(UserdeskError) as caught:
        ServiceProxy(Chatbot("acme", "Acme", "1", base_url), ApiKey(key))
    assert caught.value.failure.kind is FailureKind.CONFIGURATION


def test_access_shows_no_token() -> None:
    access = ServiceAccess("a-secret", a_minute(1, lambda: 0.0))
    assert "a-secret" not in repr(access)

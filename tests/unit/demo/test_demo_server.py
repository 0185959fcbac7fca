"""The embedded server keeps the documented contract strictly, over real HTTP."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo_server import DemoServer
from userdesk.demo.bot.responder import READ
from userdesk.demo.bot.texts import ready_made

KEY = "demo-key"


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer(key=KEY) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: DemoServer) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=f"{server.base_url}/v1/chatbot/demo/",
        headers={"Authorization": f"Bearer {KEY}"},
        trust_env=False,
    ) as opened:
        yield opened


def create(client: httpx.Client) -> str:
    identifier = client.post("conversation", json={}).json()["conversationId"]
    assert isinstance(identifier, str)
    return identifier


def test_create_answers_with_the_documented_json(client: httpx.Client) -> None:
    response = client.post("conversation", json={"userName": "Ada", "userEmail": "ada@example.com"})
    body = response.json()
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert list(body) == ["success", "conversationId", "response"]
    assert body["success"] is True
    assert body["response"] == ready_made("welcome")


def test_a_message_answers_with_the_documented_json(client: httpx.Client) -> None:
    made = create(client)
    body = client.post("message", json={"message": "how do I quit?", "conversationId": made}).json()
    assert list(body) == ["success", "conversationId", "response"]
    assert (body["success"], body["conversationId"]) == (True, made)
    assert "Ctrl+Q" in body["response"]


def test_a_message_without_an_id_starts_a_conversation_that_goes_on(client: httpx.Client) -> None:
    made = client.post("message", json={"message": "my name is Ada"}).json()["conversationId"]
    again = client.post("message", json={"message": "what is my name?", "conversationId": made}).json()
    assert "**Ada**" in again["response"]


def test_a_stream_is_raw_chunked_text_without_an_id(client: httpx.Client) -> None:
    made = create(client)
    sent = {"message": "/unicode", "conversationId": made, "stream": True}
    with client.stream("POST", "message", json=sent) as response:
        pieces = list(response.iter_raw())
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["transfer-encoding"] == "chunked"
    assert made not in str(response.headers)
    assert b"".join(pieces).decode() == ready_made("unicode")


def test_chunks_are_cut_inside_characters(server: DemoServer) -> None:
    """Read from the socket, where chunk sizes still show."""
    chunks = raw_chunks(server, {"message": "/unicode", "stream": True})
    assert b"".join(chunks) == ready_made("unicode").encode()
    inside = [chunk for chunk in chunks[1:] if chunk[0] & 0xC0 == 0x80]
    assert len(inside) > 20
    assert {len(chunk) for chunk in chunks[:-1]} == set(range(5, 21))


@pytest.mark.parametrize("authorization", [None, ""])
def test_a_request_without_a_key_is_told_so(server: DemoServer, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    for endpoint in ("message", "conversation"):
        response = httpx.post(
            f"{server.base_url}/v1/chatbot/demo/{endpoint}",
            json={"message": "x"},
            headers=headers,
            trust_env=False,
        )
        assert response.status_code == 401
        assert response.json()["message"] == "Missing API Key"


@pytest.mark.parametrize(
    "authorization", ["Bearer wrong", "Bearer", KEY, f"bearer {KEY}", f"Basic {KEY}", f"Bearer {KEY}x"]
)
def test_a_wrong_key_is_refused(client: httpx.Client, authorization: str) -> None:
    for endpoint in ("message", "conversation"):
        response = client.post(endpoint, json={"message": "x"}, headers={"Authorization": authorization})
        assert response.status_code == 401
        assert response.json()["message"] == "Wrong API Key"


@pytest.mark.parametrize("endpoint", ["message", "conversation"])
@pytest.mark.parametrize("asked", ["other", "demo%2F", "Demo", "."])
def test_another_chatbot_is_refused(
    server: DemoServer, client: httpx.Client, endpoint: str, asked: str
) -> None:
    path = f"/v1/chatbot/{asked}/{endpoint}"
    status, body = raw_request(server, path, {"message": "x"})
    assert status == 403
    assert json.loads(body)["message"] == "Access to this Chatbot is denied"


def test_a_chatbot_id_that_needs_quoting_is_found() -> None:
    with DemoServer(chatbot_id="a/b ü") as odd:
        assert raw_request(odd, "/v1/chatbot/a%2Fb%20%C3%BC/conversation", {})[0] == 200
        assert raw_request(odd, "/v1/chatbot/a/b%20%C3%BC/conversation", {})[0] == 404


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/chatbot/demo", "/v1/chatbot/demo/message/", "/v1/chatbot//message"]
)
def test_an_undocumented_path_is_not_found(server: DemoServer, path: str) -> None:
    assert raw_request(server, path, {"message": "x"})[0] == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_only_post_is_answered(client: httpx.Client, method: str) -> None:
    for endpoint in ("message", "conversation"):
        response = client.request(method, endpoint)
        assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": ""},
        {"message": " \n "},
        {"message": None},
        {"message": 5},
        {"message": ["x"]},
        {"message": "x", "stream": "true"},
        {"message": "x", "stream": 1},
        {"message": "x", "stream": None},
        {"message": "x", "conversationId": None},
        {"message": "x", "conversationId": True},
        {"message": "x", "userName": 5},
        {"message": "x", "userEmail": None},
        [],
        "message",
        None,
    ],
)
def test_a_malformed_message_is_refused(client: httpx.Client, body: Any) -> None:
    response = client.post("message", json=body)
    assert response.status_code == 400
    assert response.json()["message"].startswith("The request was malformed or missing required fields")


@pytest.mark.parametrize("body", [[], {"userName": 5}, {"userEmail": ["x"]}, "x"])
def test_a_malformed_creation_is_refused(client: httpx.Client, body: Any) -> None:
    assert client.post("conversation", json=body).status_code == 400


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"message": "\xff"}', "application/json"),
        ('{"message": "x"}'.encode("utf-16"), "application/json"),
        (b'{"message": "x"}', "text/plain"),
        (b"message=x", "application/x-www-form-urlencoded"),
        (b'{"message": "' + b"x" * 2_200_000 + b'"}', "application/json"),
    ],
    ids=["empty", "torn", "deep", "latin", "utf-16", "text", "form", "huge"],
)
def test_a_body_that_is_no_json_is_refused(client: httpx.Client, content: bytes, content_type: str) -> None:
    response = client.post("message", content=content, headers={"Content-Type": content_type})
    assert (response.status_code, response.json()["success"]) == (400, False)


@pytest.mark.parametrize("made", ["nonsense", "7bb301ad-e691-4341-8afb-b4407c4ffdf2", "", "../../x"])
@pytest.mark.parametrize("stream", [True, False])
def test_an_unknown_conversation_is_refused(client: httpx.Client, made: str, stream: bool) -> None:
    response = client.post("message", json={"message": "x", "conversationId": made, "stream": stream})
    assert response.status_code == 400
    assert response.json()["message"] == "The conversationId is not valid"


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    "kind", ["400", "400-conversation", "401", "401-missing", "403", "500", "429", "502", "json"]
)
def test_fail_answers_the_message_request_so(client: httpx.Client, kind: str, stream: bool) -> None:
    made = create(client)
    response = client.post(
        "message", json={"message": f"/fail {kind}", "conversationId": made, "stream": stream}
    )
    assert response.status_code == (200 if kind == "json" else int(kind[:3]))
    assert response.headers["content-type"].startswith("text/html" if kind == "502" else "application/json")
    assert response.headers.get("retry-after") == ("5" if kind == "429" else None)
    after = client.post("message", json={"message": "how many messages have I sent?", "conversationId": made})
    assert "message **1**" in after.json()["response"]


def test_drop_breaks_a_stream_in_the_middle(client: httpx.Client) -> None:
    """Half arrives whole, then the connection ends before the body does."""
    dropped = ready_made("dropped").encode()
    arrived = b""
    with (
        client.stream("POST", "message", json={"message": "/drop", "stream": True}) as response,
        pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"),
    ):
        for piece in response.iter_raw():
            arrived += piece
    assert arrived == dropped[: len(dropped) // 2]


def test_drop_breaks_a_whole_answer_too(client: httpx.Client) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match="peer closed connection"):
        client.post("message", json={"message": "/drop"})


def test_without_the_create_endpoint_only_messages_are_answered() -> None:
    with DemoServer(create_endpoint=False) as older:
        assert raw_request(older, "/v1/chatbot/demo/conversation", {})[0] == 404
        assert raw_request(older, "/v1/chatbot/demo/message", {"message": "hi"})[0] == 200


def test_conversations_go_on_after_a_restart(tmp_path: Path) -> None:
    path = "/v1/chatbot/demo/message"
    with DemoServer(memory_dir=tmp_path) as first:
        made = json.loads(raw_request(first, path, {"message": "my name is Ada"})[1])["conversationId"]
    with DemoServer(memory_dir=tmp_path) as second:
        sent = {"message": "what is my name?", "conversationId": made}
        assert b"**Ada**" in raw_request(second, path, sent)[1]


def test_of_a_message_no_more_is_kept_than_is_ever_looked_at(tmp_path: Path) -> None:
    """Visitors of `userdesk serve` may send a megabyte thirty times a minute."""
    with DemoServer(memory_dir=tmp_path) as server:
        raw_request(server, "/v1/chatbot/demo/message", {"message": "my name is Ada. " + "x" * 1_000_000})
    (kept,) = tmp_path.iterdir()
    assert kept.stat().st_size < 2 * READ


def test_a_folder_that_cannot_be_written_costs_no_answer(tmp_path: Path) -> None:
    """The conversation goes on, and what was said in it is remembered as long as the server runs."""
    (tmp_path / "file").write_text("in the way")
    path = "/v1/chatbot/demo/message"
    with DemoServer(memory_dir=tmp_path / "file") as server:
        made = json.loads(raw_request(server, "/v1/chatbot/demo/conversation", {})[1])["conversationId"]
        sent = {"message": "my name is Ada", "conversationId": made}
        assert raw_request(server, path, sent)[0] == 200
        sent["message"] = "what is my name?"
        assert b"**Ada**" in raw_request(server, path, sent)[1]


def test_a_lone_surrogate_in_a_message_does_no_harm(client: httpx.Client) -> None:
    content = b'{"message": "my name is \\ud800"}'
    response = client.post("message", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 200
    assert response.json()["success"] is True


def test_it_listens_on_loopback_alone(server: DemoServer) -> None:
    assert server.base_url == f"http://127.0.0.1:{server.port}"
    with socket.create_connection(("127.0.0.1", server.port)) as opened:
        assert opened.getpeername()[0] == "127.0.0.1"
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", server.port), timeout=2):
        pass


def test_chunks_leave_at_once(server: DemoServer) -> None:
    """Nagle's algorithm would hold a chunk back until the one before it is acknowledged."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as opened:
        opened.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        assert opened.recv(65536).startswith(b"HTTP/1.1 404")
        connections = server.serving.server_state.connections
        [connection] = [each for each in connections if getattr(each, "client", 0) == opened.getsockname()]
        accepted = connection.transport.get_extra_info("socket")
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_stopped_server_refuses_connections_and_leaves_no_thread() -> None:
    with DemoServer() as short:
        port = short.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    assert not [
        thread for thread in threading.enumerate() if thread.name == "demo-server" and thread is short.thread
    ]


def raw_request(server: DemoServer, path: str, body: object) -> tuple[int, bytes]:
    """A request whose path no client library has touched."""
    head, rest = raw_exchange(server, path, body)
    return int(head.split()[1]), rest


def raw_chunks(server: DemoServer, body: object) -> list[bytes]:
    """The chunks of a streamed answer, as they were cut."""
    _, rest = raw_exchange(server, "/v1/chatbot/demo/message", body)
    chunks = []
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        if length := int(size, 16):
            chunks.append(rest[:length])
        rest = rest[length + 2 :]
    return chunks


def raw_exchange(server: DemoServer, path: str, body: object) -> tuple[bytes, bytes]:
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {KEY}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as opened:
        opened.sendall(head.encode() + content)
        answer = b"".join(iter(lambda: opened.recv(65536), b""))
    before, _, after = answer.partition(b"\r\n\r\n")
    return before, after

"""What tests do to the embedded server works as they rely on it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from demo_server import DemoServer
from userdesk.demo.bot.texts import ready_made
from userdesk.demo.server.pace import Pace, cut, cut_slowly


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def client(server: DemoServer) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=f"{server.base_url}/v1/chatbot/demo/",
        headers={"Authorization": "Bearer demo-key"},
        trust_env=False,
    ) as opened:
        yield opened


def test_requests_are_recorded(server: DemoServer, client: httpx.Client) -> None:
    client.post("conversation", json={"userName": "Ada"})
    client.post("message", content=b"no json")
    created, broken = server.requests
    assert (created.method, created.path, created.json) == (
        "POST",
        "/v1/chatbot/demo/conversation",
        {"userName": "Ada"},
    )
    assert created.headers["authorization"] == "Bearer demo-key"
    assert (broken.body, broken.json) == (b"no json", None)


def test_fail_next_answers_one_request_of_its_endpoint(server: DemoServer, client: httpx.Client) -> None:
    server.fail_next(
        503, body="later", headers={"Retry-After": "7", "Content-Type": "text/plain"}, on="message"
    )
    assert client.post("conversation", json={}).status_code == 200
    refused = client.post("message", json={"message": "hi"})
    assert (refused.status_code, refused.text, refused.headers["retry-after"]) == (503, "later", "7")
    assert client.post("message", json={"message": "hi"}).status_code == 200


def test_answer_next_streams_exactly_these_pieces(server: DemoServer, client: httpx.Client) -> None:
    server.answer_next([b"h\xc3", b"\xa9", b"!"])
    with client.stream("POST", "message", json={"message": "x", "stream": True}) as response:
        assert response.read().decode() == "hé!"
    server.answer_next("whole")
    assert client.post("message", json={"message": "x"}).json()["response"] == "whole"


def test_a_held_stream_waits_for_release(server: DemoServer, client: httpx.Client) -> None:
    server.hold(2)
    server.answer_next([b"one ", b"two ", b"three"])
    with client.stream("POST", "message", json={"message": "x", "stream": True}) as response:
        server.wait_until_held()
        received = response.iter_raw()
        before = b""
        while len(before) < 8:
            before += next(received)
        assert before == b"one two "
        server.release()
        assert b"".join(received) == b"three"


def test_a_short_answer_is_held_before_its_end(server: DemoServer, client: httpx.Client) -> None:
    server.hold(50)
    server.answer_next([b"short"])
    with client.stream("POST", "message", json={"message": "x", "stream": True}) as response:
        server.wait_until_held()
        server.release()
        assert response.read() == b"short"


def test_a_client_that_goes_away_frees_the_hold(server: DemoServer, client: httpx.Client) -> None:
    server.hold(1)
    with client.stream("POST", "message", json={"message": "/markdown", "stream": True}):
        server.wait_until_held()
    server.controls.wait_until_none_held()
    with client.stream("POST", "message", json={"message": "/markdown", "stream": True}):
        server.wait_until_held()
        server.release()


def test_creating_can_be_held_back_while_messages_go_on(server: DemoServer, client: httpx.Client) -> None:
    server.hold(on="conversation")
    with ThreadPoolExecutor(1) as pool:
        creating = pool.submit(client.post, "conversation", json={})
        server.wait_until_held()
        assert client.post("message", json={"message": "hi"}).status_code == 200
        assert not creating.done()
        server.release()
        assert creating.result().status_code == 200


def test_stopping_ends_held_streams_at_once(server: DemoServer, client: httpx.Client) -> None:
    server.hold(1)
    with (
        client.stream("POST", "message", json={"message": "/markdown", "stream": True}) as response,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        server.wait_until_held()
        server.stop()
        assert not server.thread.is_alive()  # it was not given up waiting for
        response.read()


def test_waiting_for_what_never_comes_is_told(server: DemoServer) -> None:
    with pytest.raises(TimeoutError, match="1 requests"):
        server.wait_for_requests(1, timeout=0.01)


def test_forgotten_conversations_are_not_valid(server: DemoServer, client: httpx.Client) -> None:
    made = client.post("conversation", json={}).json()["conversationId"]
    server.forget_conversations()
    assert client.post("message", json={"message": "x", "conversationId": made}).status_code == 400


def test_an_id_header_can_be_switched_on(server: DemoServer, client: httpx.Client) -> None:
    server.controls.conversation_id_header = "X-Conversation-Id"
    response = client.post("message", json={"message": "my name is Ada", "stream": True})
    made = response.headers["x-conversation-id"]
    again = client.post("message", json={"message": "what is my name", "conversationId": made})
    assert "**Ada**" in again.json()["response"]


def test_the_default_pace_is_a_pleasant_one() -> None:
    """60 to 100 chunks a second of 5 to 20 bytes, the first after about 150 ms."""
    pace = Pace()
    assert 60 <= 1 / pace.between <= 100
    assert 0.1 <= pace.first <= 0.2
    sizes = [len(piece) for piece in cut(b"x" * 5000, pace)]
    assert (min(sizes[:-1]), max(sizes)) == (5, 20)


def test_a_pause_is_kept_between_chunks() -> None:
    """Paced for real: the chunks of an answer do not come before their time."""
    with DemoServer(pace=Pace(first=0.05, between=0.02)) as paced:
        paced.answer_next([b"a", b"b", b"c", b"d"])
        began = time.monotonic()
        httpx.post(
            f"{paced.base_url}/v1/chatbot/demo/message",
            json={"message": "x", "stream": True},
            headers={"Authorization": "Bearer demo-key"},
            trust_env=False,
        )
        assert time.monotonic() - began >= 0.05 + 3 * 0.02


def test_long_answers_come_in_larger_pieces() -> None:
    """100,000 characters are not a matter of minutes, and nothing is lost."""
    data = ("long 長い " * 20_000).encode()
    pieces = list(cut(data, Pace()))
    assert b"".join(pieces) == data
    assert len(pieces) * Pace().between < 30
    assert pieces == list(cut(data, Pace()))


def test_slow_takes_about_twenty_seconds() -> None:
    slow = ready_made("slow").encode()
    pieces = list(cut_slowly(slow))
    assert b"".join(pieces) == slow
    assert 18 <= (len(pieces) - 1) * Pace().slow <= 22
    assert list(cut_slowly(b"")) == []

"""Every failure of the documentation's table as a user meets it: one toast, its words, its way out."""

import asyncio
import json
import re
import socket
import ssl
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import trustme
from textual.widgets import Input

from scripted_server import ScriptedServer, raw
from userdesk.demo.host import DemoServer
from userdesk.domain.chatbot import ApiKey
from userdesk.tui.screens.chatbots import ChatbotsScreen
from userdesk.tui.screens.confirm import ConfirmScreen

pytestmark = pytest.mark.asyncio


async def connect_with_key(desk, key: str) -> None:
    """Type a key into the chatbots' screen that is open."""
    await desk.until(lambda: isinstance(desk.app.screen, ChatbotsScreen), "the chatbots' screen")
    (await field_of(desk, "#api-key")).value = key
    await desk.press("enter")
    await desk.until(lambda: desk.app.screen is desk.chat, "the end of the chatbots' screen")


async def field_of(desk, name: str) -> Input:
    """A field of the chatbots' screen, once the keys go to the field for them."""
    await desk.until(lambda: getattr(desk.app.screen.focused, "id", "") == "api-key", "the field for the key")
    return desk.app.screen.query_one(name, Input)


def message_requests(server: DemoServer) -> list[dict]:
    return [request.json for request in server.requests if request.path.endswith("/message")]


# 400


async def test_malformed_request_is_edited_and_sent_again(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.fail_next(400, on="message", body='{"message": "message: too long"}')
        await desk.say("What are the keys")
        await desk.toasts(
            "400 · The request was malformed or missing required fields",
            "message: too long",
            "Ctrl+R edit and resend",
        )
        await desk.logs("failed · 400 · The request was malformed or missing required fields")
        await desk.press("ctrl+r")
        assert desk.draft == "What are the keys"
        assert desk.toast == ""
        await desk.type("?")
        await desk.press("enter")
        await desk.idle()
        assert desk.said() == ["What are the keys", "What are the keys?"]
        assert desk.transcript()[-1]["status"] == "complete"


@pytest.mark.parametrize("body", ["", '{"error": "Unknown conversationId"}'])
async def test_conversation_that_is_not_valid_goes_on_under_a_new_id(
    server: DemoServer, open_desk, body: str
) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.say("My name is Ada")
        await desk.idle()
        (before,) = desk.index
        server.forget_conversations()
        server.fail_next(400, on="message", body=body)
        await desk.say("What are the keys?")
        await desk.toasts("400 · The conversationId is not valid", "Ctrl+R continue in a new conversation")
        await desk.press("ctrl+r")
        await desk.logs("continued as a new conversation")
        await desk.idle()
        (after,) = desk.index
        assert after["key"] == before["key"]
        assert after["previous_ids"] == [before["id"]]
        assert after["id"] not in (before["id"], None)
        assert desk.said() == ["My name is Ada", "What are the keys?"]
        assert desk.transcript()[-1]["status"] == "complete"
        assert message_requests(server)[-1]["conversationId"] == after["id"]


# 401, 403


async def test_missing_key_is_entered_and_the_conversation_begins(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url, key="", greeted=False) as desk:
        await desk.toasts("401 · Missing API Key", "Ctrl+R enter a key")
        await desk.press("ctrl+r")
        await connect_with_key(desk, server.key)
        await desk.logs("demo chatbot")
        await desk.say("What are the keys?")
        await desk.idle()
        assert desk.transcript()[-1]["status"] == "complete"
        assert len(desk.index) == 1


async def test_message_typed_without_a_key_is_kept_and_sent_once_there_is_one(
    server: DemoServer, open_desk
) -> None:
    async with open_desk(server.base_url, key="", greeted=False) as desk:
        await desk.toasts("401 · Missing API Key")
        await desk.say("What are the keys?")
        await desk.logs("What are the keys?", "failed · 401 · Missing API Key")
        assert desk.said() == ["What are the keys?"]
        assert desk.transcript()[-1]["status"] == "failed"
        await desk.press("ctrl+r")
        await connect_with_key(desk, server.key)
        await desk.until(lambda: desk.transcript()[-1]["status"] == "complete", "the answer")
        assert desk.said() == ["What are the keys?"]
        assert len(message_requests(server)) == 1


async def test_wrong_key_is_changed(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url, key="not-the-key", greeted=False) as desk:
        await desk.toasts("401 · Wrong API Key", "Ctrl+R change the key")
        assert "not-the-key" not in desk.text
        await desk.press("ctrl+r")
        await desk.until(lambda: isinstance(desk.app.screen, ChatbotsScreen), "the chatbots' screen")
        await desk.sees("Change Acme support")
        (await field_of(desk, "#api-key")).value = "nor-this-one"
        await desk.press("enter")
        await desk.sees("401 · Wrong API Key")
        assert isinstance(desk.app.screen, ChatbotsScreen)
        await connect_with_key(desk, server.key)
        await desk.logs("demo chatbot")


async def test_key_mended_between_two_runs_is_tried_before_another_is_asked_for(
    server: DemoServer, open_desk
) -> None:
    async with open_desk(server.base_url, key="not-the-key", greeted=False) as desk:
        await desk.toasts("401 · Wrong API Key")
        await desk.say("What are the keys?")
        await desk.logs("What are the keys?", "failed · 401 · Wrong API Key")
    async with open_desk(server.base_url, key="nor-this-one", greeted=False) as desk:
        await desk.logs("failed · 401 · Wrong API Key", "Ctrl+R change the key")
        await desk.press("ctrl+r")
        await desk.toasts("401 · Wrong API Key", "Ctrl+R change the key")
        await desk.press("ctrl+r")
        await desk.until(lambda: isinstance(desk.app.screen, ChatbotsScreen), "the chatbots' screen")
        await desk.press("escape")
        desk.app.keyring.remember("env", ApiKey(server.key))  # as where another window has put it
        await desk.press("ctrl+r")
        await desk.until(lambda: message_requests(server), "the request")
        await desk.idle()
        assert desk.transcript()[-1]["status"] == "complete"
        assert desk.said() == ["What are the keys?"]


async def test_key_that_is_right_by_now_sends_what_was_refused(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url, key="", greeted=False) as desk:
        await desk.say("What are the keys?")
        await desk.logs("What are the keys?", "failed · 401 · Missing API Key")
    async with open_desk(server.base_url, key=server.key, greeted=False) as desk:
        await desk.logs("failed · 401 · Missing API Key")
        await desk.press("ctrl+r")
        await desk.until(lambda: message_requests(server), "the request")
        await desk.idle()
        lines = [(line["role"], line["status"]) for line in desk.transcript()]
        # no welcome in between: it was spoken already
        assert lines == [("user", "complete"), ("assistant", "failed"), ("assistant", "complete")]


async def test_denied_access_leads_to_the_chatbots(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.fail_next(403, on="message", body="Not yours")
        await desk.say("Hello there")
        await desk.toasts("403 · Access to this Chatbot is denied", "Not yours", "Ctrl+R check the chatbot")
        await desk.press("ctrl+r")
        assert isinstance(desk.app.screen, ChatbotsScreen)
        assert (await field_of(desk, "#chatbot-id")).value == server.chatbot_id
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is desk.chat, "the end of the chatbots' screen")
        await desk.logs("failed · 403 · Access to this Chatbot is denied")


# statuses that a retry may mend


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (500, "500 · An error occurred on the server"),
        (502, "502 · Bad Gateway"),
        (404, "404 · Not Found"),
        (599, "599 · Unexpected answer"),
        (429, "429 · Too many requests"),
    ],
)
async def test_retry_sends_the_same_message_once_more(
    server: DemoServer, open_desk, status: int, words: str
) -> None:
    async with open_desk(server.base_url) as desk:
        server.fail_next(status, on="message")
        server.answer_next("All is well.")
        await desk.say("What are the keys?")
        await desk.toasts(words, "Ctrl+R retry")
        assert "wait" not in desk.toast
        await desk.logs(f"failed · {words}")
        await desk.press("tab")  # the remedy works from wherever the focus is
        await desk.press("ctrl+r")
        await desk.until(lambda: desk.transcript()[-1]["status"] == "complete", "the answer")
        await desk.idle()
        assert desk.toast == ""
        assert desk.said() == ["What are the keys?"]
        await desk.logs("All is well.")
        assert desk.log.count("What are the keys?") == 1
        assert [request["message"] for request in message_requests(server)] == ["What are the keys?"] * 2


def seconds_to_wait(desk) -> int:
    """What the toast says."""
    said = re.search(r"wait (\d+) s", desk.toast)
    return int(said[1]) if said else 0


async def test_rate_limit_is_waited_for_and_counted_down(
    server: DemoServer, open_desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(server.base_url) as desk:
        server.fail_next(429, on="message", headers={"Retry-After": "600"})
        await desk.say("What are the keys?")
        await desk.toasts("429 · Too many requests", "Ctrl+R retry", "wait")
        timers: list[tuple[float, Callable[[], object]]] = []
        monkeypatch.setattr(desk.chat, "set_timer", lambda *timer: timers.append(timer))
        await desk.press("ctrl+r")
        assert "Sent again in" in desk.news
        assert len(message_requests(server)) == 1
        told = seconds_to_wait(desk)
        await desk.until(lambda: seconds_to_wait(desk) < told, "the next second")
        ((wait, over),) = timers
        assert 500 < seconds_to_wait(desk) < wait <= 600
        over()
        await asyncio.to_thread(server.wait_for_requests, 3)  # the conversation, the message twice
        await desk.until(lambda: desk.transcript()[-1]["status"] == "complete", "the answer")
        assert desk.said() == ["What are the keys?"]


async def test_rate_limited_message_is_sent_again_while_its_user_is_elsewhere(
    server: DemoServer, open_desk
) -> None:
    async with open_desk(server.base_url) as desk:
        server.fail_next(429, on="message", headers={"Retry-After": "1"})
        await desk.say("What are the keys?")
        await desk.toasts("429 · Too many requests")
        limited = desk.chat.board.current
        await desk.press("ctrl+r", "ctrl+n")
        assert desk.chat.board.current != limited
        await desk.until(lambda: desk.transcript(limited)[-1]["status"] == "complete", "the answer")
        assert desk.said(limited) == ["What are the keys?"]
        assert len(message_requests(server)) == 2


async def test_rate_limit_until_a_date(server: DemoServer, open_desk) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    headers = {
        "Date": format_datetime(now, usegmt=True),
        "Retry-After": format_datetime(now + timedelta(seconds=90), usegmt=True),
    }
    async with open_desk(server.base_url) as desk:
        server.fail_next(429, on="message", headers=headers)
        await desk.say("Hello there")
        await desk.toasts("429 · Too many requests")
        await desk.until(lambda: seconds_to_wait(desk), "the time to wait")
        assert 60 < seconds_to_wait(desk) <= 90


# the network


@pytest.fixture
def closed_port():
    """A port that is taken, so that nobody else gets it, and that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


async def test_refused_connection(open_desk, closed_port: int) -> None:
    async with open_desk(f"http://127.0.0.1:{closed_port}", greeted=False) as desk:
        await desk.toasts("Could not connect to 127.0.0.1: connection refused", "Ctrl+R retry")
        await desk.say("Hello there")
        await desk.toasts("Could not connect to 127.0.0.1: connection refused")
        await desk.press("escape")
        await desk.logs("Hello there", "failed · Could not connect to 127.0.0.1: connection refused")
        assert "may have been received" not in desk.log
        await desk.press("ctrl+r")  # nothing was received: no question comes first
        await desk.until(lambda: len(desk.transcript()) == 3, "the second failure")
        assert desk.said() == ["Hello there"]
        assert [line["status"] for line in desk.transcript()] == ["complete", "failed", "failed"]


async def test_service_that_comes_back(server: DemoServer, open_desk) -> None:
    server.fail_next(503, on="conversation")
    async with open_desk(server.base_url, greeted=False) as desk:
        await desk.toasts("503 · Service Unavailable", "Ctrl+R retry")
        await desk.press("ctrl+r")
        await desk.logs("demo chatbot")
        assert desk.toast == ""
        assert "✗" not in "".join(desk.sidebar)


async def test_name_that_cannot_be_found(open_desk) -> None:
    async with open_desk("https://no-such-name.invalid", greeted=False) as desk:
        await desk.toasts("The name no-such-name.invalid could not be found", "Ctrl+R retry")


async def test_certificate_that_cannot_be_trusted(open_desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    async with ScriptedServer(raw(b""), tls=tls) as stranger:
        async with open_desk(stranger.base_url, greeted=False) as desk:
            await desk.toasts(
                "127.0.0.1's certificate could not be trusted: its issuer is unknown", "Ctrl+R retry"
            )
        assert stranger.received == []


async def test_proxy_that_cannot_be_reached(
    open_desk, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{closed_port}")
    async with open_desk("https://service.invalid", greeted=False) as desk:
        await desk.toasts("service.invalid could not be reached: the proxy 127.0.0.1", "Ctrl+R retry")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems answer when the queue is full")
async def test_connection_that_gets_no_answer(open_desk) -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        async with open_desk(url, config="connect_timeout = 0.2", greeted=False) as desk:
            await desk.toasts("127.0.0.1 did not answer within 0.2 s", "Ctrl+R retry")


# no bytes, wrong bytes, cut bytes


async def test_silence_is_told_and_waited_for(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url, config="read_timeout = 1") as desk:
        server.hold(2)
        await desk.say("What are the keys?")
        await asyncio.to_thread(server.wait_until_held)
        await desk.toasts("No answer for 1 s", "Still waiting · Esc stops")
        assert desk.app.desk.busy_keys()
        server.release()
        await desk.idle()
        assert desk.transcript()[-1]["status"] == "complete"
        assert len(message_requests(server)) == 1


async def test_silence_ends_by_escape(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url, config="read_timeout = 1") as desk:
        server.hold(None)
        await desk.say("What are the keys?")
        await desk.toasts("No answer for 1 s")
        await desk.press("escape")
        await desk.idle()
        await desk.logs("stopped")
        assert desk.transcript()[-1]["status"] == "stopped"


async def test_answer_that_cannot_be_read(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.say("/fail json")
        await desk.toasts("The server's answer could not be read", "Ctrl+R retry")
        server.answer_next("Now it can.")
        server.fail_next(200, on="message", body="{", headers={"Content-Type": "application/json"})
        await desk.press("ctrl+r")
        await desk.until(lambda: len(desk.transcript()) == 4, "the second failure")
        await desk.toasts("The server's answer could not be read")


async def test_broken_connection_keeps_the_part_and_asks_before_a_retry(
    server: DemoServer, open_desk
) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.say("/drop")
        await desk.toasts("The connection was lost before the answer was complete", "Ctrl+R retry")
        await desk.logs("interrupted · The connection was lost before the answer was complete")
        cut = desk.transcript()[-1]
        assert cut["status"] == "interrupted"
        assert cut["text"]
        assert cut["text"].split()[0] in desk.log
        await desk.press("ctrl+r")
        assert isinstance(desk.app.screen, ConfirmScreen)
        await desk.sees("may have been received")
        await desk.press("escape")
        assert len(message_requests(server)) == 1
        await desk.press("ctrl+r", "enter")
        await asyncio.to_thread(server.wait_for_requests, 3)
        await desk.idle()
        assert desk.said() == ["/drop"]
        assert cut in desk.transcript()[:-1]


# what holds for all of them


async def test_server_words_are_plain_text_and_short(server: DemoServer, open_desk) -> None:
    words = "[@click=app.quit]out[/] \x1b]52;c;aGk=\x07 \u202egnol " + "x" * 5000
    async with open_desk(server.base_url) as desk:
        server.fail_next(500, on="message", body=json.dumps({"error": words}))
        await desk.say("Hello there")
        await desk.toasts("500 · An error occurred on the server", "[@click=app.quit]out[/]")
        assert len(desk.toast) < 500
        assert not set("\x1b\x07\u202e") & set(desk.text)


async def test_failure_leaves_the_draft_alone(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.hold(None)
        server.fail_next(500, on="message")
        await desk.say("Hello there")
        await desk.type("and what I write meanwhile")
        await desk.toasts("500 · An error occurred on the server")
        assert desk.draft == "and what I write meanwhile"
        await desk.press("ctrl+r")
        assert desk.draft == "and what I write meanwhile"
        server.release()
        await desk.idle()


async def test_failure_elsewhere_offers_the_way_there(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        first = desk.chat.board.current
        server.hold(2)
        await desk.say("/drop it in the middle")
        await asyncio.to_thread(server.wait_until_held)
        await desk.press("ctrl+n")
        assert desk.chat.board.current != first
        server.release()
        await desk.toasts("The connection was lost", "in “/drop it in the middle”", "Ctrl+R open it")
        assert any("✗" in row and "/drop it" in row for row in desk.sidebar)
        await desk.press("ctrl+r")
        assert desk.chat.board.current == first
        await desk.logs("interrupted · The connection was lost")


async def test_mark_outlives_the_toast(server: DemoServer, open_desk) -> None:
    async with open_desk(server.base_url) as desk:
        server.fail_next(500, on="message")
        await desk.say("Hello there")
        await desk.toasts("500 · An error occurred on the server")
        await desk.press("escape")
        assert desk.toast == ""
        await desk.logs("failed · 500 · An error occurred on the server", "Ctrl+R retry")
    async with open_desk(server.base_url, greeted=False) as desk:
        await desk.logs("Hello there", "failed · 500 · An error occurred on the server", "Ctrl+R retry")
        await desk.press("ctrl+r")
        await desk.until(lambda: desk.transcript()[-1]["status"] == "complete", "the answer")
        assert desk.said() == ["Hello there"]


async def test_wait_that_the_server_asked_for_outlives_a_look_elsewhere(
    server: DemoServer, open_desk
) -> None:
    async with open_desk(server.base_url) as desk:
        await desk.say("first")
        await desk.idle()
        first = desk.chat.board.current
        await desk.press("ctrl+n")
        await desk.until(lambda: desk.chat.board.current != first)
        await desk.logs("demo chatbot")
        server.fail_next(429, on="message", headers={"Retry-After": "600"})
        await desk.say("too fast")
        await desk.toasts("429 · Too many requests")
        asked = len(message_requests(server))
        await desk.press("f8", "f8")
        await desk.until(lambda: desk.chat.board.current != first)
        await desk.press("ctrl+r", "ctrl+r")
        assert "Sent again in" in desk.news
        assert len(message_requests(server)) == asked
        assert len(desk.chat._scheduled) == 1

"""Every failure of the documentation's table as a user meets it: one toast, its words, its way out."""

import asyncio
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from demo_server import DemoServer

pytestmark = pytest.mark.asyncio


def message_requests(server: DemoServer) -> list[dict]:
    return [request.json for request in server.requests if request.path.endswith("/message")]


# 400


async def test_malformed_request_is_edited_and_sent_again(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        server.fail_next(400, on="message", body='{"message": "message: too long"}')
        await ui.say("What are the keys")
        await ui.toasts(
            "400 · The request was malformed or missing required fields",
            "message: too long",
            "Ctrl+R edit and resend",
        )
        await ui.logs("failed · 400 · The request was malformed or missing required fields")
        await ui.press("ctrl+r")
        assert ui.draft == "What are the keys"
        assert ui.toast == ""
        await ui.type("?")
        await ui.press("enter")
        await ui.idle()
        assert ui.said() == ["What are the keys", "What are the keys?"]
        assert ui.transcript()[-1]["status"] == "complete"


@pytest.mark.parametrize("body", ["", '{"error": "Unknown conversationId"}'])
async def test_conversation_that_is_not_valid_goes_on_under_a_new_id(
    server: DemoServer, open_ui, body: str
) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("My name is Ada")
        await ui.idle()
        (before,) = ui.index
        server.forget_conversations()
        server.fail_next(400, on="message", body=body)
        await ui.say("What are the keys?")
        await ui.toasts("400 · The conversationId is not valid", "Ctrl+R continue in a new conversation")
        server.answer_next("F1 lists them.")
        await ui.press("ctrl+r")
        await ui.logs("continued as a new conversation")
        await ui.idle()
        (after,) = ui.index
        assert after["key"] == before["key"]
        assert after["previous_ids"] == [before["id"]]
        assert after["id"] not in (before["id"], None)
        assert ui.said() == ["My name is Ada", "What are the keys?"]
        assert ui.transcript()[-1]["status"] == "complete"
        assert message_requests(server)[-1]["conversationId"] == after["id"]


# statuses that a retry may mend


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (500, "500 · An error occurred on the server"),
        (503, "503 · Service Unavailable"),
        (521, "521 · The service behind the gateway is down"),
        (599, "599 · Unexpected answer"),
        (429, "429 · Too many requests"),
    ],
)
async def test_retry_sends_the_same_message_once_more(
    server: DemoServer, open_ui, status: int, words: str
) -> None:
    async with open_ui(server.base_url) as ui:
        server.fail_next(status, on="message")
        server.answer_next("All is well.")
        await ui.say("What are the keys?")
        await ui.toasts(words, "Ctrl+R retry")
        assert "wait" not in ui.toast
        await ui.logs(f"failed · {words}")
        await ui.press("tab")  # the remedy works from wherever the focus is
        await ui.press("ctrl+r")
        await ui.until(lambda: ui.transcript()[-1]["status"] == "complete", "the answer")
        await ui.idle()
        assert ui.toast == ""
        assert ui.said() == ["What are the keys?"]
        await ui.logs("All is well.")
        assert ui.log.count("What are the keys?") == 1
        assert [request["message"] for request in message_requests(server)] == ["What are the keys?"] * 2


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (408, "408 · Request Timeout"),
        (502, "502 · Bad Gateway"),
        (504, "504 · Gateway Timeout"),
        (520, "520 · The service gave its gateway"),
        (522, "522 · The service did not let its gateway"),
        (524, "524 · The service did not answer its gateway"),
    ],
)
async def test_message_that_a_gateway_may_have_passed_on_is_not_sent_twice_unasked(
    server: DemoServer, open_ui, status: int, words: str
) -> None:
    async with open_ui(server.base_url) as ui:
        server.fail_next(status, on="message")
        await ui.say("What are the keys?")
        await ui.toasts(words, "Ctrl+R retry")
        await ui.logs("received")
        await ui.press("ctrl+r")
        await ui.press("escape")
        await ui.idle()
        assert len(message_requests(server)) == 1
        await ui.press("ctrl+r", "enter")
        await ui.idle()
        assert len(message_requests(server)) == 2


@pytest.mark.parametrize("status", [413, 414, 422, 431])
async def test_message_that_is_refused_for_what_it_is_can_be_edited(
    server: DemoServer, open_ui, status: int
) -> None:
    async with open_ui(server.base_url) as ui:
        server.fail_next(status, on="message")
        await ui.say("A long story")
        await ui.toasts(str(status), "Ctrl+R edit and resend")
        await ui.press("ctrl+r")
        assert ui.input_bar.whole_text == "A long story"
        assert len(message_requests(server)) == 1


@pytest.mark.parametrize("status", [302, 404, 405, 410, 421])
async def test_address_that_may_be_wrong_can_be_checked(server: DemoServer, open_ui, status: int) -> None:
    async with open_ui(server.base_url) as ui:
        server.fail_next(status, on="message")
        await ui.say("Hello")
        await ui.toasts(str(status), "Ctrl+R check the chatbot's address and id")
        await ui.press("ctrl+r")
        await ui.until(lambda: len(ui.app.screen_stack) > 1, "the chatbot's form")
        assert len(message_requests(server)) == 1


@pytest.mark.parametrize("status", [429, 503, 529])
async def test_time_that_a_service_asks_for_is_counted_down(server: DemoServer, open_ui, status: int) -> None:
    async with open_ui(server.base_url) as ui:
        server.fail_next(status, on="message", headers={"Retry-After": "600"})
        await ui.say("Hello")
        await ui.toasts(str(status), "Ctrl+R retry · wait")
        await ui.press("ctrl+r")
        await ui.idle()
        assert len(message_requests(server)) == 1


def seconds_to_wait(ui) -> int:
    """What the toast says."""
    said = re.search(r"(?:wait|again in) (\d+) s", ui.toast)
    return int(said[1]) if said else 0


async def test_the_words_of_a_failure_can_be_copied(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        server.fail_next(500, body='{"message": "the index is rebuilt"}', on="message")
        await ui.say("What are the keys?")
        await ui.toasts("500 · An error occurred on the server")
        copied: list[str] = []
        ui.when_copied(copied.append)
        await ui.command("copy_message")
        assert copied == ["500 · An error occurred on the server\nthe index is rebuilt"]


async def test_rate_limit_is_waited_for_and_counted_down(
    server: DemoServer, open_ui, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_ui(server.base_url) as ui:
        server.fail_next(429, on="message", headers={"Retry-After": "600"})
        await ui.say("What are the keys?")
        await ui.toasts("429 · Too many requests", "Ctrl+R retry", "wait")
        timers: list[tuple[float, Callable[[], object]]] = []
        monkeypatch.setattr(ui.chat, "set_timer", lambda *timer: timers.append(timer))
        await ui.press("ctrl+r")
        assert "sends again in" in ui.toast and "Esc cancels" in ui.toast
        assert len(message_requests(server)) == 1
        told = seconds_to_wait(ui)
        await ui.until(lambda: seconds_to_wait(ui) < told, "the next second")
        ((wait, over),) = timers
        assert 500 < seconds_to_wait(ui) < wait <= 600
        over()
        await asyncio.to_thread(server.wait_for_requests, 3)  # the conversation, the message twice
        await ui.until(lambda: ui.transcript()[-1]["status"] == "complete", "the answer")
        assert ui.said() == ["What are the keys?"]


async def test_rate_limited_message_is_sent_again_while_its_user_is_elsewhere(
    server: DemoServer, open_ui
) -> None:
    async with open_ui(server.base_url) as ui:
        server.fail_next(429, on="message", headers={"Retry-After": "1"})
        await ui.say("What are the keys?")
        await ui.toasts("429 · Too many requests")
        limited = ui.current
        await ui.press("ctrl+r", "ctrl+n")
        assert ui.current != limited
        await ui.until(lambda: ui.transcript(limited)[-1]["status"] == "complete", "the answer")
        assert ui.said(limited) == ["What are the keys?"]
        assert len(message_requests(server)) == 2


async def test_rate_limit_until_a_date(server: DemoServer, open_ui) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    headers = {
        "Date": format_datetime(now, usegmt=True),
        "Retry-After": format_datetime(now + timedelta(seconds=90), usegmt=True),
    }
    async with open_ui(server.base_url) as ui:
        server.fail_next(429, on="message", headers=headers)
        await ui.say("Hello there")
        await ui.toasts("429 · Too many requests")
        await ui.until(lambda: seconds_to_wait(ui), "the time to wait")
        assert 60 < seconds_to_wait(ui) <= 90


# what holds for all of them


async def test_server_words_are_plain_text_and_short(server: DemoServer, open_ui) -> None:
    words = "[@click=app.quit]out[/] \x1b]52;c;aGk=\x07 \u202egnol " + "x" * 5000
    async with open_ui(server.base_url) as ui:
        server.fail_next(500, on="message", body=json.dumps({"error": words}))
        await ui.say("Hello there")
        await ui.toasts("500 · An error occurred on the server", "[@click=app.quit]out[/]")
        assert len(ui.toast) < 500
        assert not set("\x1b\x07\u202e") & set(ui.text)


async def test_failure_leaves_the_draft_alone(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        server.hold(None)
        server.fail_next(500, on="message")
        await ui.say("Hello there")
        await ui.type("and what I write meanwhile")
        await ui.toasts("500 · An error occurred on the server")
        assert ui.draft == "and what I write meanwhile"
        await ui.press("ctrl+r")
        assert ui.draft == "and what I write meanwhile"
        server.release()
        await ui.idle()


async def test_failure_elsewhere_offers_the_way_there(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        first = ui.current
        server.hold(2)
        await ui.say("/drop it in the middle")
        await asyncio.to_thread(server.wait_until_held)
        await ui.press("ctrl+n")
        assert ui.current != first
        server.release()
        await ui.toasts("The connection was lost", "in “/drop it in the middle”", "Ctrl+R open it")
        assert any("✗" in row and "/drop it" in row for row in ui.sidebar)
        await ui.press("ctrl+r")
        assert ui.current == first
        await ui.logs("interrupted · The connection was lost")


async def test_mark_outlives_the_toast(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        server.fail_next(500, on="message")
        await ui.say("Hello there")
        await ui.toasts("500 · An error occurred on the server")
        await ui.press("escape")
        assert ui.toast == ""
        await ui.logs("failed · 500 · An error occurred on the server", "Ctrl+R retry")
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.logs("Hello there", "failed · 500 · An error occurred on the server", "Ctrl+R retry")
        await ui.press("ctrl+r")
        await ui.until(lambda: ui.transcript()[-1]["status"] == "complete", "the answer")
        assert ui.said() == ["Hello there"]


async def test_wait_that_the_server_asked_for_outlives_a_look_elsewhere(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("first")
        await ui.idle()
        first = ui.current
        await ui.press("ctrl+n")
        await ui.until(lambda: ui.current != first)
        await ui.logs("demo chatbot")
        server.fail_next(429, on="message", headers={"Retry-After": "600"})
        await ui.say("too fast")
        await ui.toasts("429 · Too many requests")
        asked = len(message_requests(server))
        await ui.press("f8", "f8")
        await ui.until(lambda: ui.current != first)
        await ui.press("ctrl+r", "ctrl+r")
        assert "sends again in" in ui.toast and "Esc cancels" in ui.toast
        assert len(message_requests(server)) == asked
        assert ui.scheduled_retries == 1
        await ui.press("escape")
        assert "Not sent again" in ui.news and ui.scheduled_retries == 0

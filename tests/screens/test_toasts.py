"""A failed turn as a user meets it: one toast, its words, and one key that does what it offers.

Each kind of failure is tried in tests/unit/tui/chat/test_failures_on_screen.py.
"""

import asyncio
import json
import re
from collections.abc import Callable

import pytest

from demo_server import DemoServer
from program_driver import ProgramDriver
from userdesk.tui.chat.screen import ChatScreen
from userdesk.tui.dialogs.asking import ConfirmScreen
from userdesk.tui.dialogs.chatbots import ChatbotsScreen

HOSTILE = "[@click=app.quit]out[/] \x1b]52;c;aGk=\x07 \u202egnol " + "x" * 5000


def message_requests(server: DemoServer) -> list[dict]:
    return [request.json for request in server.requests if request.path.endswith("/message")]


async def answered(ui: ProgramDriver, text: str) -> None:
    """Wait until a message has its answer, and nothing is told any more."""
    await ui.until(
        lambda: ui.said()[-1:] == [text] and ui.transcript()[-1]["status"] == "complete", f"to {text!r}"
    )
    await ui.idle()
    await ui.until(lambda: not ui.toast, "the toast's end")


async def a_malformed_request_is_edited_and_sent_again(ui: ProgramDriver, server: DemoServer) -> None:
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
    await answered(ui, "What are the keys?")
    assert ui.said() == ["What are the keys", "What are the keys?"]


async def a_retry_works_from_anywhere_and_keeps_the_draft(ui: ProgramDriver, server: DemoServer) -> None:
    asked = len(message_requests(server))
    server.hold(None)
    server.fail_next(500, on="message", body=json.dumps({"error": HOSTILE}))
    await ui.say("How are you?")
    await ui.type("what I write meanwhile")
    await ui.toasts("500 · An error occurred on the server", "[@click=app.quit]out[/]", "Ctrl+R retry")
    assert "wait" not in ui.toast
    assert len(ui.toast) < 500 and not set("\x1b\x07\u202e") & set(ui.text)
    copied: list[str] = []
    ui.when_copied(copied.append)
    await ui.command("copy_message")
    assert copied[0].startswith("500 · An error occurred on the server\n[@click=app.quit]out[/]")
    server.release()
    server.answer_next("All is well.")
    await ui.press("tab", "ctrl+r")
    await answered(ui, "How are you?")
    await ui.logs("All is well.")
    assert ui.log.count("How are you?") == 1
    assert [each["message"] for each in message_requests(server)[asked:]] == ["How are you?"] * 2
    assert ui.draft == "what I write meanwhile"
    ui.put("")
    ui.input_bar.focus()


async def what_may_have_arrived_is_not_sent_twice_unasked(ui: ProgramDriver, server: DemoServer) -> None:
    asked = len(message_requests(server))
    server.fail_next(504, on="message")
    await ui.say("Was it passed on?")
    await ui.toasts("504 · Gateway Timeout", "Ctrl+R retry")
    await ui.logs("received")
    await ui.press("ctrl+r")
    await ui.opens(ConfirmScreen)
    await ui.press("escape")
    assert len(message_requests(server)) == asked + 1
    await ui.press("ctrl+r", "enter")
    await answered(ui, "Was it passed on?")
    assert len(message_requests(server)) == asked + 2


async def a_conversation_goes_on_under_a_new_id(ui: ProgramDriver, server: DemoServer) -> None:
    (before,) = ui.index
    server.fail_next(400, on="message", body="")
    await ui.say("Are you there?")
    await ui.toasts("400 · The conversationId is not valid", "Ctrl+R continue in a new conversation")
    server.answer_next("F1 lists them.")
    await ui.press("ctrl+r")
    await ui.logs("continued in a new conversation")
    await answered(ui, "Are you there?")
    (after,) = ui.index
    assert after["key"] == before["key"]
    assert after["previous_ids"] == [before["id"]]
    assert after["id"] not in (before["id"], None)
    assert message_requests(server)[-1]["conversationId"] == after["id"]


async def an_address_that_may_be_wrong_can_be_checked(ui: ProgramDriver, server: DemoServer) -> None:
    server.fail_next(404, on="message")
    await ui.say("Hello")
    await ui.toasts("404", "Ctrl+R check the chatbot's address and id")
    await ui.press("ctrl+r")
    await ui.opens(ChatbotsScreen)


async def test_what_failed_is_told_and_mended_by_one_key(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await a_malformed_request_is_edited_and_sent_again(ui, server)
        await a_retry_works_from_anywhere_and_keeps_the_draft(ui, server)
        await what_may_have_arrived_is_not_sent_twice_unasked(ui, server)
        await a_conversation_goes_on_under_a_new_id(ui, server)
        await an_address_that_may_be_wrong_can_be_checked(ui, server)


def seconds_to_wait(ui: ProgramDriver) -> int:
    """What the toast says."""
    said = re.search(r"(?:wait|again in) (\d+) s", ui.toast)
    return int(said[1]) if said else 0


async def test_a_rate_limit_is_waited_for_and_counted_down(
    server: DemoServer, open_ui, monkeypatch: pytest.MonkeyPatch
) -> None:
    timers: list[tuple[float, Callable[[], object]]] = []
    set_timer = ChatScreen.set_timer

    def kept(screen: ChatScreen, delay: float, callback: Callable[[], object], **more: object) -> object:
        if delay > 500:
            timers.append((delay, callback))
        return set_timer(screen, delay, callback, **more)

    monkeypatch.setattr(ChatScreen, "set_timer", kept)
    async with open_ui(server.base_url) as ui:
        server.fail_next(429, on="message", headers={"Retry-After": "600"})
        await ui.say("What are the keys?")
        await ui.toasts("429 · Too many requests", "Ctrl+R retry", "wait")
        await ui.press("ctrl+r")
        assert "sends again in" in ui.toast and "Esc cancels" in ui.toast
        told = seconds_to_wait(ui)
        await ui.until(lambda: seconds_to_wait(ui) < told, "the next second")
        await ui.press("escape")
        assert "Retry cancelled" in ui.news and ui.scheduled_retries == 0

        key = ui.current
        await ui.press("ctrl+n")
        await ui.until(lambda: ui.current != key, "a new conversation")
        ui.open(key)  # the wait outlives a look elsewhere
        await ui.press("ctrl+r", "ctrl+r")
        assert "sends again in" in ui.toast and ui.scheduled_retries == 1
        assert len(message_requests(server)) == 1
        wait, over = timers[-1]
        assert 500 < seconds_to_wait(ui) <= wait + 1 <= 601
        over()
        await answered(ui, "What are the keys?")
        assert len(message_requests(server)) == 2


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

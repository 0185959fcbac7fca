"""A missing key, a wrong one, a chatbot that is denied: the toast, and the way to the chatbots' screen."""

import pytest
from textual.widgets import Input

from userdesk.demo.server.host import DemoServer
from userdesk.domain.chatbot import ApiKey
from userdesk.tui.dialogs.chatbots import ChatbotsScreen

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


@pytest.mark.parametrize("failing", ["/fail 401", "/fail 403"])
async def test_failure_that_was_asked_of_the_demo_chatbot_is_no_dead_end(open_desk, failing: str) -> None:
    async with open_desk("http://127.0.0.1:9", demo=True) as desk:
        await desk.say(failing)
        await desk.toasts(failing[-3:], "Ctrl+R edit and resend")
        await desk.logs("Ctrl+R edit and resend")
        await desk.idle()
        await desk.press("ctrl+r")
        await desk.until(lambda: desk.draft == failing, "the message in the input bar")
        await desk.sees("The demo chatbot needs no key")
        assert desk.app.screen is desk.chat

"""A missing key, a wrong one, a chatbot that is denied: the toast, and the way to the chatbots' screen."""

import pytest
from textual.widgets import Input

from demo_server import DemoServer
from userdesk.domain.chatbot import ApiKey
from userdesk.tui.dialogs.chatbots import ChatbotsScreen

pytestmark = pytest.mark.asyncio


async def connect_with_key(ui, key: str) -> None:
    """Type a key into the chatbots' screen that is open."""
    await ui.opens(ChatbotsScreen)
    (await field_of(ui, "#api-key")).value = key
    await ui.press("enter")
    await ui.closes()


async def field_of(ui, name: str) -> Input:
    """A field of the chatbots' screen, once the keys go to the field for them."""
    await ui.until(lambda: getattr(ui.focused, "id", "") == "api-key", "the field for the key")
    return ui.screen.query_one(name, Input)


def message_requests(server: DemoServer) -> list[dict]:
    return [request.json for request in server.requests if request.path.endswith("/message")]


async def test_missing_key_is_entered_and_the_conversation_begins(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, key="", greeted=False) as ui:
        await ui.toasts("401 · Missing API Key", "Ctrl+R enter a key")
        await ui.press("ctrl+r")
        await connect_with_key(ui, server.key)
        await ui.logs("demo chatbot")
        await ui.say("What are the keys?")
        await ui.idle()
        assert ui.transcript()[-1]["status"] == "complete"
        assert len(ui.index) == 1


async def test_message_typed_without_a_key_is_kept_and_sent_once_there_is_one(
    server: DemoServer, open_ui
) -> None:
    async with open_ui(server.base_url, key="", greeted=False) as ui:
        await ui.toasts("401 · Missing API Key")
        await ui.say("What are the keys?")
        await ui.logs("What are the keys?", "failed · 401 · Missing API Key")
        assert ui.said() == ["What are the keys?"]
        assert ui.transcript()[-1]["status"] == "failed"
        await ui.press("ctrl+r")
        await connect_with_key(ui, server.key)
        await ui.until(lambda: ui.transcript()[-1]["status"] == "complete", "the answer")
        assert ui.said() == ["What are the keys?"]
        assert len(message_requests(server)) == 1


async def test_wrong_key_is_changed(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, key="not-the-key", greeted=False) as ui:
        await ui.toasts("401 · Wrong API Key", "Ctrl+R change the key")
        assert "not-the-key" not in ui.text
        await ui.press("ctrl+r")
        await ui.opens(ChatbotsScreen)
        await ui.sees("Change Acme support")
        (await field_of(ui, "#api-key")).value = "nor-this-one"
        await ui.press("enter")
        await ui.sees("401 · Wrong API Key")
        assert isinstance(ui.screen, ChatbotsScreen)
        await connect_with_key(ui, server.key)
        await ui.logs("demo chatbot")


async def test_key_mended_between_two_runs_is_tried_before_another_is_asked_for(
    server: DemoServer, open_ui
) -> None:
    async with open_ui(server.base_url, key="not-the-key", greeted=False) as ui:
        await ui.toasts("401 · Wrong API Key")
        await ui.say("What are the keys?")
        await ui.logs("What are the keys?", "failed · 401 · Wrong API Key")
    async with open_ui(server.base_url, key="nor-this-one", greeted=False) as ui:
        await ui.logs("failed · 401 · Wrong API Key", "Ctrl+R change the key")
        await ui.press("ctrl+r")
        await ui.toasts("401 · Wrong API Key", "Ctrl+R change the key")
        await ui.press("ctrl+r")
        await ui.opens(ChatbotsScreen)
        await ui.press("escape")
        ui.keyring.remember("env", ApiKey(server.key))  # as where another window has put it
        await ui.press("ctrl+r")
        await ui.until(lambda: message_requests(server), "the request")
        await ui.idle()
        assert ui.transcript()[-1]["status"] == "complete"
        assert ui.said() == ["What are the keys?"]


async def test_key_that_is_right_by_now_sends_what_was_refused(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, key="", greeted=False) as ui:
        await ui.say("What are the keys?")
        await ui.logs("What are the keys?", "failed · 401 · Missing API Key")
    async with open_ui(server.base_url, key=server.key, greeted=False) as ui:
        await ui.logs("failed · 401 · Missing API Key")
        await ui.press("ctrl+r")
        await ui.until(lambda: message_requests(server), "the request")
        await ui.idle()
        lines = [(line["role"], line["status"]) for line in ui.transcript()]
        # no welcome in between: it was spoken already
        assert lines == [("user", "complete"), ("assistant", "failed"), ("assistant", "complete")]


async def test_denied_access_leads_to_the_chatbots(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        server.fail_next(403, on="message", body="Not yours")
        await ui.say("Hello there")
        await ui.toasts("403 · Access to this Chatbot is denied", "Not yours", "Ctrl+R check the chatbot")
        await ui.press("ctrl+r")
        assert isinstance(ui.screen, ChatbotsScreen)
        assert (await field_of(ui, "#chatbot-id")).value == server.chatbot_id
        await ui.press("escape")
        await ui.closes()
        await ui.logs("failed · 403 · Access to this Chatbot is denied")


@pytest.mark.parametrize("failing", ["/fail 401", "/fail 403"])
async def test_failure_that_was_asked_of_the_demo_chatbot_is_no_dead_end(open_ui, failing: str) -> None:
    async with open_ui("http://127.0.0.1:9", demo=True) as ui:
        await ui.say(failing)
        await ui.toasts(failing[-3:], "Ctrl+R edit and resend")
        await ui.logs("Ctrl+R edit and resend")
        await ui.idle()
        await ui.press("ctrl+r")
        await ui.until(lambda: ui.draft == failing, "the message in the input bar")
        await ui.sees("The demo chatbot needs no key")
        assert ui.on_chat

"""A message goes to its conversation's own chatbot alone, whatever the configuration says by now."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import tomli_w

from scripted_server import ScriptedServer, chunked, whole
from userdesk.chat import ChatbotRegistry, ChatService
from userdesk.cli import main
from userdesk.demo.process import DemoProcess
from userdesk.domain.chatbot import ApiKey, Chatbot, User
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import FailureKind
from userdesk.domain.message import Message, Role, Status, now
from userdesk.store import Store

CREATED = whole(200, {"success": True, "conversationId": "e1", "response": "Welcome"})
FINE = chunked([b"A fine answer."])


async def test_a_message_goes_to_its_own_chatbot_alone(open_window) -> None:
    """Two USERDESK_CHATBOT_IDs, then another base URL, over one data folder."""
    async with (
        ScriptedServer(CREATED, FINE) as one,
        ScriptedServer(whole(200, {"success": True, "conversationId": "e2"}), FINE) as two,
    ):
        async with open_window(one.base_url, chatbot_id="111") as window:
            await window.sees("Welcome")
            await window.say("For the first alone")
            await window.sees("A fine answer.")
            key = window.current
            await window.idle()
        for base_url, chatbot_id in ((one.base_url, "222"), (two.base_url, "111")):
            before = len(one.received), len(two.received)
            async with open_window(base_url, chatbot_id=chatbot_id, name="Other") as window:
                window.open(key)
                await window.sees("For the first alone")
                assert "this conversation is read-only" in window.input_bar.locked
                window.put("not sent")
                window.input_bar.focus()
                await window.press("enter")
                await window.sees("this conversation is read-only")
                window.send(key, "not sent either")
                await window.idle()
                assert window.transcript()[-1]["status"] == "failed"
            sent = one.received[before[0] :] + two.received[before[1] :]
            assert not [each for each in sent if b"not sent" in each.body or b"e1" in each.body]
    assert all(request.target.startswith("/v1/chatbot/111/") for request in two.received)


@pytest.fixture
async def desks(data_dir: Path, secret: str) -> AsyncIterator[object]:
    """Makes desks over the data folder, of these chatbots."""
    made: list[ChatService] = []

    def make(*chatbots: Chatbot) -> ChatService:
        store = Store(data_dir)
        store.open()
        known = {each.config_name: each for each in chatbots}
        registry = ChatbotRegistry(
            known, lambda bot: ApiKey(f"{secret}-{known[bot].chatbot_id}"), User(), DemoProcess()
        )
        made.append(ChatService(store, registry))
        return made[-1]

    yield make
    for service in made:
        await service.aclose()


@pytest.mark.parametrize(
    ("bot", "chatbot_id", "elsewhere", "is_its_own"),
    [
        ("acme", "111", False, True),
        ("shop", "111", False, False),  # renamed
        ("acme", "222", False, False),
        ("acme", "111", True, False),
    ],
)
async def test_only_the_same_chatbot_gets_it(
    desks, bot: str, chatbot_id: str, elsewhere: bool, is_its_own: bool
) -> None:
    async with ScriptedServer(FINE) as one, ScriptedServer(FINE) as two:
        service = desks(Chatbot(bot, "Acme", chatbot_id, (two if elsewhere else one).base_url))
        service.store.add(
            Conversation(
                key="k1", bot="acme", created=now(), id="e1", chatbot_id="111", base_url=one.base_url
            )
        )
        for turn in (service.send("k1", "For its own alone"), service.retry("k1", "For its own alone")):
            await turn.wait_ended()
            if is_its_own:
                assert turn.outcome.status is Status.COMPLETE
            else:
                assert turn.outcome.failure.kind is FailureKind.CONFIGURATION
        assert len(one.received) == (2 if is_its_own else 0)
        assert two.connections == 0


def test_a_conversation_written_by_hand_is_with_what_its_bot_stands_for() -> None:
    by_hand = Conversation(key="k1", bot="acme", created=now())
    assert by_hand.belongs_to(Chatbot("acme", "Acme", "9"))
    assert not by_hand.belongs_to(Chatbot("shop", "Shop", "9"))


async def test_send_goes_on_with_its_own_chatbots_conversations_alone(
    desks, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary
) -> None:
    async with ScriptedServer(FINE) as one, ScriptedServer(FINE) as two:
        chatbots = [
            Chatbot("acme", "Acme", "111", one.base_url),
            Chatbot("shop", "Shop", "222", two.base_url),
        ]
        service, document = desks(*chatbots), {}
        for number, chatbot in enumerate(chatbots):
            started = Conversation.start(chatbot, now()).evolve(id=f"e{number}")
            service.store.add(started)
            service.store.transcript(started.key).append(
                Message(role=Role.USER, text="Said before", at=now())
            )
            document[chatbot.config_name] = {"chatbot_id": chatbot.chatbot_id, "base_url": chatbot.base_url}
        (tmp_path / "config.toml").write_text(tomli_w.dumps({"bots": document}))
        monkeypatch.setenv("USERDESK_CONFIG", str(tmp_path / "config.toml"))
        monkeypatch.setenv("USERDESK_DATA_DIR", str(data_dir))
        arguments = ["send", "--bot", "acme", "--continue", "For Acme alone"]
        assert await asyncio.to_thread(main, arguments) == 0, capfdbinary.readouterr().err
        (sent,) = one.received
        assert json.loads(sent.body)["conversationId"] == "e0" and two.connections == 0


async def test_a_chatbot_that_was_changed_has_no_old_connection(desks, secret: str) -> None:
    async with ScriptedServer(CREATED, FINE) as one, ScriptedServer(CREATED, FINE) as two:
        service = desks(Chatbot("acme", "Acme", "111", one.base_url))
        old = service.start_conversation(service.registry.get("acme"))
        await service.send(old.key, "For the first").wait_ended()
        changed = Chatbot("acme", "Acme", "222", two.base_url)
        await service.registry.put(changed)
        before = len(one.received)
        new = service.start_conversation(changed)
        await service.send(new.key, "For the second").wait_ended()
        turn = service.send(old.key, "For nobody")
        await turn.wait_ended()
        assert turn.outcome.failure.kind is FailureKind.CONFIGURATION
        assert len(one.received) == before
        assert {each.target.split("/")[3] for each in two.received} == {"222"}

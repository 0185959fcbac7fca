"""A defect of ours in the middle of a turn: its outcome, never the end of the program or of a message."""

import asyncio
from pathlib import Path

from userdesk.chat import ChatbotRegistry, ChatService
from userdesk.demo.process import DemoProcess
from userdesk.domain.chatbot import ApiKey, Chatbot, User
from userdesk.domain.message import Role, Status
from userdesk.store import Store

SECRET = "sk-0123456789-abcdef"


async def test_a_defect_is_told_without_its_words_and_loses_nothing(tmp_path: Path) -> None:
    def broken(bot: str) -> ApiKey:
        raise RuntimeError(f"nobody knows {SECRET}")

    chatbot = Chatbot("acme", "Acme", "1")
    store = Store(tmp_path)
    store.open()
    service = ChatService(store, ChatbotRegistry({"acme": chatbot}, broken, User(), DemoProcess()))
    turn = service.send(service.start_conversation(chatbot).key, "Is this kept?")
    await asyncio.wait_for(turn.wait_ended(), 10)
    assert turn.outcome and turn.outcome.status is Status.FAILED
    assert turn.outcome.failure and "userdesk failed" in turn.outcome.failure.message
    await service.aclose()
    kept = list(store.transcript(turn.key))
    assert [message.role for message in kept] == [Role.USER, Role.ASSISTANT]
    assert kept[0].text == "Is this kept?"
    assert SECRET not in store.transcript(turn.key).path.read_text()

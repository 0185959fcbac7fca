"""Chats, renames, deletes and restores without end, as the screen does, and says what it has done.

    python busy_child.py DATA_DIR BASE_URL SEED

Each line of its output is a JSON list: what, key, and more. What ends in `-ing` is begun, the rest is done.
"""

import asyncio
import contextlib
import json
import os
import random
import sys
import time
from pathlib import Path

from userdesk.chat import ChatbotRegistry, ChatService
from userdesk.chat.events import Failed, Finished, Started, TextArrived
from userdesk.demo.process import DemoProcess
from userdesk.domain.chatbot import ApiKey, Chatbot, User
from userdesk.store import ConversationGone, Store

BOT = "acme"


def say(*what: object) -> None:
    os.write(1, (json.dumps([*what, time.monotonic()]) + "\n").encode())


class Busy:
    def __init__(self, folder: Path, base_url: str, seed: int) -> None:
        self.dice = random.Random(seed)
        self.seed = seed
        self.store = Store(folder)
        chatbot = Chatbot(BOT, "Acme", "1", base_url)
        registry = ChatbotRegistry(
            {BOT: chatbot}, lambda _: ApiKey("key-0123456789"), User(), DemoProcess(folder / "demo")
        )
        self.chatbot = chatbot
        self.service = ChatService(self.store, registry)
        self.asked = 0
        self.deleted: list[str] = []

    async def run(self) -> None:
        say("opened", "", [problem.message for problem in self.store.open()])
        while True:
            await asyncio.gather(*(self.step() for _ in range(2)))

    async def step(self) -> None:
        idle = [each.key for each in self.store.conversations() if not self.service.turns(each.key)]
        chance = self.dice.random()
        if not idle or chance < 0.2:
            await self.create()
        elif chance < 0.75:
            await self.send(self.dice.choice(idle))
        elif chance < 0.87:
            await self.rename(self.dice.choice(idle))
        else:
            with contextlib.suppress(ConversationGone):  # another step or process was faster
                if chance < 0.95:
                    await self.delete(self.dice.choice(idle))
                elif self.deleted:
                    await self.restore(self.deleted.pop())

    async def create(self) -> None:
        conversation = self.service.start_conversation(self.chatbot)
        await self.service.create(conversation.key)
        changed = self.service.conversation(conversation.key)
        say("created", conversation.key, changed and changed.id)

    async def send(self, key: str) -> None:
        self.asked += 1
        text = f"question {self.seed}.{self.asked}"
        say("sending", key, text)
        shown = ""
        async for event in self.service.send(key, text).events():
            match event:
                case Started():
                    say("sent", key, text)
                case TextArrived(piece):
                    shown += piece
                    say("shown", key, text, shown)
                case Finished(message):
                    say("answered", key, text, message.text)
                case Failed(_, failure):
                    say("failed", key, text, failure.headline)
                case _:
                    pass

    async def rename(self, key: str) -> None:
        title = f"title {self.seed}.{self.dice.randrange(10**6)}"
        say("renaming", key, title)
        await self.service.change(key, title=title)
        say("renamed", key, title)  # in the trash too, where the other step deleted it in between

    async def delete(self, key: str) -> None:
        if self.service.turns(key):
            return
        say("deleting", key)
        await asyncio.to_thread(self.store.delete, key)
        self.service.forget(key)
        say("deleted", key)
        self.deleted.append(key)

    async def restore(self, key: str) -> None:
        say("restoring", key)
        await asyncio.to_thread(self.store.restore, key)
        say("restored", key)


if __name__ == "__main__":
    asyncio.run(Busy(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])).run())

"""Switching to a chatbot, and connecting another one."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from userdesk.domain.chatbot import DEMO_BOT, ApiKey, Chatbot
from userdesk.settings.api_keys import KeyRing
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.parts import ChatParts


class ChatbotsController:
    """Shows the chatbots' screen, keeps what is connected there, goes where it leads."""

    def __init__(self, chat: ChatParts, conversations: ConversationsController, keyring: KeyRing) -> None:
        self._chat = chat
        self._registry = chat.service.registry
        self.keyring = keyring
        self._conversations = conversations
        self.on_access_changed: list[Callable[[], None]] = []
        """Called when the id or the key of the conversation's own chatbot is another one."""

    def show(self, bot: str = "") -> None:
        """The chatbots there are, and the form that connects one; at the key of one that needs changing."""
        from userdesk.tui.dialogs.chatbots import ChatbotsScreen

        change = self._registry.get(bot) if bot and bot != DEMO_BOT else None

        async def closed(name: str | None) -> None:
            if name is not None:
                await self._go_to(name, change)

        known, base_url = list(self._registry), self.keyring.settings.base_url
        screen = ChatbotsScreen(known, base_url, self._registry.probe, self.connect, change=change)
        self._chat.dialogs.show(screen, closed)

    async def _go_to(self, name: str, change: Chatbot | None) -> None:
        conversation = self._chat.directory.current
        is_its_own = change is not None and name == change.config_name
        if is_its_own and conversation and self._registry.for_conversation(conversation):
            self._conversations.open(conversation.key)
            if self._registry.get(name) is not change:
                for listener in self.on_access_changed:
                    listener()
        else:
            await self._conversations.talk_to(name)

    async def connect(self, chatbot: Chatbot, api_key: ApiKey) -> str:
        """Keep a chatbot that was tried; the name it goes by. One without a name gets one."""
        if not chatbot.config_name:
            chatbot = chatbot._replace(config_name=self._new_name(chatbot.name))
        self._chat.notifier.flash(await self.keep(chatbot, api_key))
        return chatbot.config_name

    def _new_name(self, name: str) -> str:
        """A name for a chatbot in the configuration that none has yet."""
        kept = "".join(c if c.isalnum() else "-" for c in name.lower() if c.isascii())
        stem = kept.strip("-")[:24] or "chatbot"
        names = {chatbot.config_name for chatbot in self._registry}
        candidates = (stem if n == 1 else f"{stem}-{n}" for n in range(1, 1000))
        return next(name for name in candidates if name not in names)

    async def keep(self, chatbot: Chatbot, api_key: ApiKey) -> str:
        """Write a chatbot to the configuration and its key to the keyring; what to tell of it."""
        from userdesk.settings.write import add_bot

        await self._registry.put(chatbot)
        settings = self.keyring.settings
        message = f"{chatbot.name} is connected"
        if known := settings.chatbots.get(chatbot.config_name):
            if known == chatbot and await self._store_key(chatbot.config_name, api_key):
                return message
            self.keyring.remember(chatbot.config_name, api_key)
            return f"{message} until you quit"
        try:
            await asyncio.to_thread(add_bot, settings.config_file, chatbot, default=True)
        except Exception as error:
            self.keyring.remember(chatbot.config_name, api_key)
            return f"{message} until you quit: {error}"
        # The keyring names a key by its chatbot's id and service, which it learns from the settings.
        chatbots = {**settings.chatbots, chatbot.config_name: chatbot}
        self.keyring.settings = replace(settings, chatbots=chatbots)
        kept = await self._store_key(chatbot.config_name, api_key)
        return message if kept else f"{message}; no keyring here, so the key is kept until you quit"

    async def _store_key(self, bot: str, api_key: ApiKey) -> bool:
        return await asyncio.to_thread(self.keyring.store_key, bot, api_key)

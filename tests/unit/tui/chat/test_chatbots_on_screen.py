"""Chatbots that are connected are kept as far as there is a place, and talked to."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chat_place import created
from controllers_apart import Apart
from userdesk.domain.chatbot import ApiKey, Chatbot
from userdesk.settings import Options, Settings, resolve
from userdesk.tui.chat.chatbots import ChatbotsController
from userdesk.tui.dialogs import chatbots

KEY = ApiKey("sk-0123456789")


class Keys:
    """The keyring: what was given to it, and for how long."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.kept: dict[str, ApiKey] = {}
        self.remembered: dict[str, ApiKey] = {}
        self.is_there = True

    def remember(self, bot: str, api_key: ApiKey) -> None:
        self.remembered[bot] = api_key

    def store_key(self, bot: str, api_key: ApiKey) -> bool:
        self.kept[bot] = api_key
        return self.is_there


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def connecting(at: Apart, config: Path) -> tuple[ChatbotsController, Any]:
    keys: Any = Keys(replace(resolve(Options(), {}), config_file=config))
    return ChatbotsController(at.chat, at.conversations, keys), keys


async def test_a_new_chatbot_gets_a_name_and_is_kept(apart, config: Path) -> None:
    async with apart() as at:
        does, keys = connecting(at, config)
        new = Chatbot("", "Blue Löw!", "7", at.at.server.base_url)
        assert [await does.connect(new, KEY) for _ in range(2)] == ["blue-lw", "blue-lw-2"]
        assert at.flashed == ["Blue Löw! is connected"] * 2
        assert keys.kept.keys() == {"blue-lw", "blue-lw-2"}
        assert "[bots.blue-lw]" in config.read_text("utf-8")
        assert at.service.registry.get("blue-lw") and "blue-lw" in keys.settings.chatbots
        assert await does.keep(new._replace(config_name="blue-lw"), KEY) == "Blue Löw! is connected"
        changed = new._replace(config_name="blue-lw", chatbot_id="8")
        assert await does.keep(changed, KEY) == "Blue Löw! is connected until you quit"
        assert keys.remembered == {"blue-lw": KEY}


async def test_what_has_no_place_is_kept_until_the_end(apart, config: Path) -> None:
    async with apart() as at:
        does, keys = connecting(at, config)
        keys.is_there = False
        new = Chatbot("blue", "Blue", "7", at.at.server.base_url)
        told = await does.keep(new, KEY)
        assert told == "Blue is connected; no keyring here, so the key is kept until you quit"
        config.write_text("bots = ", "utf-8")
        told = await does.keep(new._replace(config_name="red"), KEY)
        assert told.startswith("Blue is connected until you quit: ")
        assert keys.remembered == {"red": KEY}


async def test_the_screen_leads_to_a_chatbot_or_back_to_the_conversation(
    apart, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chatbots, "ChatbotsScreen", lambda *_, change=None: change)
    async with apart(created()) as at:
        does, _ = connecting(at, config)
        told: list[str] = []
        does.on_access_changed.append(lambda: told.append("access"))
        at.conversations.open(at.at.begin())
        here = at.current
        does.show("acme")
        await at.dialogs.then(None)
        await at.dialogs.then("acme")
        assert at.current == here and told == []
        await at.service.registry.put(at.at.chatbot._replace())
        await at.dialogs.then("acme")
        assert told == ["access"], "its key may be another one"
        does.show("acme")
        other = Chatbot("other", "Other", "2", at.at.server.base_url)
        await at.service.registry.put(other)
        await at.dialogs.then("other")
        assert at.directory.current and at.directory.current.bot == "other" and told == ["access"]
        await at.settle()

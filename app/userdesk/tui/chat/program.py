"""The application as its screens see it, so that they need not import it."""

from typing import Protocol

from userdesk.chat import ChatService
from userdesk.domain.chatbot import ApiKey, Chatbot
from userdesk.settings import Options, Settings
from userdesk.tui.external.clipboard import Clipboard
from userdesk.tui.external.editor import Edited
from userdesk.tui.shortcuts import Shortcuts


class Program(Protocol):
    """What a screen may ask of the program that shows it."""

    settings: Settings
    options: Options
    service: ChatService
    outside: Clipboard
    shortcuts: Shortcuts

    def key_of(self, action: str) -> str:
        """The first key of an action, shortly."""
        ...

    def spoken_key(self, action: str, *, short: bool = False) -> str:
        """The first key of an action, as people write it."""
        ...

    def say(self, words: str) -> None:
        """Flash small news in the status bar."""
        ...

    def connect(self, bot: str) -> None:
        """Open the chatbots' screen."""
        ...

    def new_bot_name(self, words: str) -> str:
        """A name for a chatbot in the configuration that none has yet."""
        ...

    async def keep_chatbot(self, chatbot: Chatbot, key: ApiKey) -> str:
        """Keep a connected chatbot and its key; where they went, in words."""
        ...

    async def edit_outside(self, command: list[str], text: str) -> Edited:
        """Lend the terminal to an editor. Raises OSError, SuspendNotSupported."""
        ...

    def notify_outside(self, title: str) -> None:
        """Tell somebody who looks elsewhere that an answer is complete."""
        ...

    def ask_to_quit(self) -> None:
        """Ask, then quit."""
        ...

    async def action_quit(self) -> None:
        """Quit, asking where something is not on disk yet."""
        ...

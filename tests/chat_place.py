"""A chat service over a real folder and a scripted service, for tests without a screen."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from scripted_server import Script, ScriptedServer, chunked, whole
from userdesk.chat import ChatbotRegistry, ChatService
from userdesk.domain.chatbot import ApiKey, Chatbot, User
from userdesk.store import Store

KEY = "sk-0123456789-abcdef"


class NoDemo:
    """An embedded chatbot that is never started."""

    api_key = "demo-key"

    async def start(self) -> str:
        raise OSError(8, "no such program")


class Place:
    """A chat service over a real folder, and the service that it talks to."""

    def __init__(self, store: Store, server: ScriptedServer, **options: Any) -> None:
        self.store = store
        self.server = server
        self.chatbot = Chatbot("acme", "Acme", "1", server.base_url)
        self.key: ApiKey | None = ApiKey(KEY)
        self.registry = ChatbotRegistry(
            {"acme": self.chatbot}, lambda bot: self.key, User("Ada", "ada@example.com"), NoDemo()
        )
        self.service = ChatService(store, self.registry, **options)

    @property
    def asked(self) -> list[str]:
        """The endpoints of the requests so far."""
        return [request.target.rsplit("/", 1)[1] for request in self.server.received]

    @property
    def messages(self) -> list[dict[str, object]]:
        """The fields of the messages that were sent, without the user's."""
        names = ("message", "conversationId", "stream")
        sent = [each.fields for each in self.server.received if each.target.endswith("/message")]
        return [{name: fields[name] for name in names if name in fields} for fields in sent]

    def begin(self) -> str:
        """A new conversation; its key."""
        return self.service.start_conversation(self.chatbot).key

    def kept(self, key: str) -> list[tuple[str, str]]:
        """What the transcript holds: who said what."""
        return [(message.role.value, message.text) for message in self.store.transcript(key)]


OpenPlace = Callable[..., AbstractAsyncContextManager[Place]]


def created(conversation_id: str = "c1", welcome: str = "") -> Script:
    """The create endpoint's reply."""
    return whole(200, {"success": True, "conversationId": conversation_id, "response": welcome})


def answered(text: str, conversation_id: str = "c1") -> Script:
    """A whole answer."""
    return whole(200, {"success": True, "conversationId": conversation_id, "response": text})


def streamed(*pieces: str) -> Script:
    """A streamed answer."""
    return chunked([piece.encode() for piece in pieces], "Content-Type: text/plain; charset=utf-8")

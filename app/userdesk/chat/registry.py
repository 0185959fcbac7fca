"""Which chatbots there are, and the client that talks to each."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing, suppress
from typing import Protocol

from userdesk.api import CreateUnavailable, UserdeskClient
from userdesk.api.requests import curl_command
from userdesk.domain.chatbot import DEMO_BOT, ApiKey, Chatbot, User
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import Failure, FailureKind, UserdeskError, configuration_error

DEMO_CHATBOT = Chatbot(DEMO_BOT, "the demo chatbot", "demo", "http://127.0.0.1")


class Demo(Protocol):
    """The embedded chatbot as the registry needs it: started when first talked to."""

    api_key: str

    async def start(self) -> str:
        """Start it unless it runs; its base URL. Raises OSError."""


class ChatbotRegistry:
    """The chatbots that can be talked to, by the name they have in the configuration."""

    def __init__(
        self,
        chatbots: Mapping[str, Chatbot],
        api_key_of: Callable[[str], ApiKey | None],
        user: User,
        demo: Demo,
        *,
        connect_timeout: float = 10.0,
        allow_plain_http: bool = False,
    ) -> None:
        self._chatbots = {**chatbots, DEMO_BOT: DEMO_CHATBOT}
        self._api_key_of = api_key_of
        self._user = user
        self._demo = demo
        self._connect_timeout = connect_timeout
        self._allow_plain_http = allow_plain_http
        self._clients: dict[str, UserdeskClient] = {}
        self._replaced: list[UserdeskClient] = []
        """Clients with an older key, through which an answer may still be arriving."""
        self._used: dict[str, ApiKey | None] = {}
        """The key of each client."""
        self._refused: dict[str, ApiKey | None] = {}
        self._opening = asyncio.Lock()
        self._closed = False
        self.without_create: set[str] = set()
        """Chatbots whose create endpoint is missing, remembered until the program ends."""

    def __iter__(self) -> Iterator[Chatbot]:
        return iter(self._chatbots.values())

    def get(self, bot: str) -> Chatbot | None:
        """The chatbot of that name."""
        return self._chatbots.get(bot)

    def for_conversation(self, conversation: Conversation) -> Chatbot | None:
        """The conversation's own chatbot; None where it is not configured any more or is another now."""
        chatbot = self._chatbots.get(conversation.bot)
        return chatbot if chatbot and conversation.belongs_to(chatbot) else None

    async def put(self, chatbot: Chatbot) -> None:
        """Add or replace a chatbot; its key is looked up anew."""
        self._chatbots[chatbot.config_name] = chatbot
        if old := self._clients.pop(chatbot.config_name, None):
            await old.aclose()
        self.without_create.discard(chatbot.config_name)

    def key_was_refused(self, bot: str) -> None:
        """Note that the service refused a chatbot's key as missing or wrong."""
        self._refused[bot] = self._used.get(bot)

    async def has_untried_key(self, bot: str) -> bool:
        """Whether a chatbot has a key that was not refused since the start; requests carry it from now on."""
        api_key = await asyncio.to_thread(self._api_key_of, bot)
        if api_key is None or api_key == self._refused.get(bot):
            return False
        if api_key != self._used.get(bot) and (old := self._clients.pop(bot, None)):
            self._replaced.append(old)
        return True

    async def client(self, chatbot: Chatbot) -> UserdeskClient:
        """The client of a chatbot, made when first needed. Raises UserdeskError, also once all is closed."""
        async with self._opening:
            if self._closed:  # the program is ending: nobody would close it any more
                text = f"The connection to {chatbot.name} was closed before the request was sent"
                raise UserdeskError(Failure(FailureKind.INTERRUPTED, text))
            if chatbot.config_name not in self._clients:
                if chatbot.is_demo:
                    api_key: ApiKey | None = ApiKey(self._demo.api_key)
                else:
                    api_key = await asyncio.to_thread(self._api_key_of, chatbot.config_name)
                self._used[chatbot.config_name] = api_key
                self._clients[chatbot.config_name] = self._client(await self._located(chatbot), api_key)
            return self._clients[chatbot.config_name]

    def _client(self, chatbot: Chatbot, api_key: ApiKey | None) -> UserdeskClient:
        return UserdeskClient(
            chatbot,
            api_key,
            self._user,
            connect_timeout=self._connect_timeout,
            allow_plain_http=self._allow_plain_http,
        )

    async def _located(self, chatbot: Chatbot) -> Chatbot:
        """The chatbot with the address that it has now. Raises UserdeskError where it can't be started."""
        if not chatbot.is_demo:
            return chatbot
        try:
            return chatbot._replace(base_url=await self._demo.start())
        except OSError as error:
            reason = error.strerror or str(error)
            raise configuration_error("The chatbot could not be started", reason) from error

    async def curl(self, chatbot: Chatbot, text: str, conversation_id: str | None) -> str:
        """The request of a message as a shell command, without the key. Raises UserdeskError."""
        return curl_command(await self._located(chatbot), self._user, text, conversation_id)

    async def probe(self, chatbot: Chatbot, api_key: ApiKey) -> None:
        """Try an id and a key by creating a conversation. Raises UserdeskError."""
        async with aclosing(self._client(chatbot, api_key)) as client:
            with suppress(CreateUnavailable):  # an older deployment: only a message could test the key
                await client.create_conversation()

    async def aclose(self) -> None:
        """Close every connection."""
        self._closed = True
        async with self._opening:  # one that is just being opened is waited for
            clients, self._clients = [*self._replaced, *self._clients.values()], {}
        for client in clients:
            await client.aclose()


def applied_proxy(base_url: str, environ: Mapping[str, str]) -> str:
    """Which proxy the requests to a service go through and which variable says so, in words."""
    from userdesk.api.address import address_of  # imports httpx, which a start does without
    from userdesk.api.proxies import proxy_for

    try:
        return proxy_for(address_of(base_url), environ).description
    except UserdeskError as error:
        return error.failure.message

"""The registry: which chatbots there are, the client of each, and keys that were refused."""

import asyncio

import pytest

from chat_place import KEY, OpenPlace, created
from scripted_server import whole
from userdesk.chat import ChatbotRegistry
from userdesk.chat.registry import DEMO_CHATBOT, applied_proxy
from userdesk.domain.chatbot import ApiKey, Chatbot, User
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import FailureKind, UserdeskError
from userdesk.domain.message import now


async def test_the_demo_chatbot_is_always_there(place: OpenPlace) -> None:
    async with place(created()) as at:
        assert list(at.registry) == [at.chatbot, DEMO_CHATBOT]
        assert at.registry.get("acme") == at.chatbot
        assert at.registry.get("demo") == DEMO_CHATBOT
        assert at.registry.get("none") is None
        assert (DEMO_CHATBOT.name, DEMO_CHATBOT.chatbot_id) == ("the demo chatbot", "demo")


async def test_a_conversation_belongs_to_the_chatbot_it_was_begun_with(place: OpenPlace) -> None:
    async with place(created()) as at:
        conversation = Conversation.start(at.chatbot, now())
        assert at.registry.for_conversation(conversation) == at.chatbot
        assert at.registry.for_conversation(conversation.evolve(chatbot_id="2")) is None
        assert at.registry.for_conversation(conversation.evolve(bot="none")) is None


async def test_a_client_is_made_once_and_anew_for_another_chatbot_of_the_name(place: OpenPlace) -> None:
    async with place(created("c1"), created("c2")) as at:
        client = await at.registry.client(at.chatbot)
        assert await at.registry.client(at.chatbot) is client
        at.registry.without_create.update(("acme", "other"))
        other = Chatbot("acme", "Acme", "2", at.server.base_url)
        await at.registry.put(other)
        assert at.registry.get("acme") == other
        assert at.registry.without_create == {"other"}
        with pytest.raises(UserdeskError):
            await client.create_conversation()
        again = await at.registry.client(other)
        assert (await again.create_conversation()).conversation_id == "c1"
        assert at.server.received[0].target == "/v1/chatbot/2/conversation"
        assert at.server.received[0].fields == {"userName": "Ada", "userEmail": "ada@example.com"}
        assert at.server.received[0].header("authorization") == f"Bearer {KEY}"


async def test_a_chatbot_may_be_put_where_none_was(place: OpenPlace) -> None:
    async with place(created()) as at:
        await at.registry.put(new := Chatbot("new", "New", "7", at.server.base_url))
        assert list(at.registry)[-1] == new


async def test_a_key_that_was_refused_is_tried_again_once_it_is_another(place: OpenPlace) -> None:
    async with place(created("c1"), created("c2")) as at:
        assert await at.registry.has_untried_key("acme"), "none was refused yet"
        client = await at.registry.client(at.chatbot)
        assert await at.registry.has_untried_key("acme")
        assert await at.registry.client(at.chatbot) is client, "the same key, the same client"
        at.registry.key_was_refused("acme")
        assert not await at.registry.has_untried_key("acme")
        at.key = None
        assert not await at.registry.has_untried_key("acme")
        at.key = ApiKey("sk-another-0123456789")
        assert await at.registry.has_untried_key("acme")
        another = await at.registry.client(at.chatbot)
        assert another is not client
        await client.create_conversation()  # an answer may still be arriving through it
        await another.create_conversation()
        assert [request.header("authorization") for request in at.server.received] == [
            f"Bearer {KEY}",
            "Bearer sk-another-0123456789",
        ]
        await at.registry.aclose()
        for closed in (client, another):
            with pytest.raises(UserdeskError):
                await closed.create_conversation()


async def test_once_everything_is_closed_no_client_is_made(place: OpenPlace) -> None:
    async with place(created()) as at:
        await at.registry.aclose()
        with pytest.raises(UserdeskError) as raised:
            await at.registry.client(at.chatbot)
        failure = raised.value.failure
        assert failure.kind is FailureKind.INTERRUPTED
        assert failure.message == "The connection to Acme was closed before the request was sent"


@pytest.mark.parametrize(("status", "fails"), [(200, False), (404, False), (401, True)])
async def test_an_id_and_a_key_are_tried_before_they_are_taken(
    place: OpenPlace, status: int, fails: bool
) -> None:
    async with place(whole(status, {"success": True, "conversationId": "c1"})) as at:
        probe = at.registry.probe(
            Chatbot("new", "New", "7", at.server.base_url), ApiKey("sk-tried-0123456789")
        )
        if fails:
            with pytest.raises(UserdeskError):
                await probe
        else:
            await probe
        (request,) = at.server.received
        assert request.target == "/v1/chatbot/7/conversation"
        assert request.header("authorization") == "Bearer sk-tried-0123456789"
        assert request.fields == {"userName": "Ada", "userEmail": "ada@example.com"}


async def test_a_request_is_told_as_a_command_without_the_key(place: OpenPlace) -> None:
    async with place(created()) as at:
        command = await at.registry.curl(at.chatbot, "Hi there", "c1")
        assert f"{at.server.base_url}/v1/chatbot/1/message" in command
        assert "Hi there" in command and "c1" in command and KEY not in command
        assert "ada@example.com" in command
        with pytest.raises(UserdeskError, match="could not be started"):
            await at.registry.curl(DEMO_CHATBOT, "Hi", None)


class Demo:
    api_key = "demo-key"

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.started = 0

    async def start(self) -> str:
        self.started += 1
        return self.base_url


async def test_the_demo_chatbot_is_started_when_it_is_first_talked_to(place: OpenPlace) -> None:
    async with place(created()) as at:
        demo = Demo(at.server.base_url)
        registry = ChatbotRegistry({}, lambda bot: None, User(), demo)
        assert demo.started == 0
        client = await registry.client(DEMO_CHATBOT)
        assert await registry.client(DEMO_CHATBOT) is client
        assert demo.started == 1
        await client.create_conversation()
        (request,) = at.server.received
        assert request.target == "/v1/chatbot/demo/conversation"
        assert request.header("authorization") == "Bearer demo-key"
        assert f"{at.server.base_url}/v1/chatbot/demo/" in await registry.curl(DEMO_CHATBOT, "Hi", None)
        await registry.aclose()


@pytest.mark.parametrize("allowed", [True, False])
async def test_a_key_goes_out_unencrypted_only_where_that_is_allowed(allowed: bool) -> None:
    far = Chatbot("far", "Far", "1", "http://192.0.2.1:9")
    registry = ChatbotRegistry(
        {"far": far},
        lambda bot: ApiKey(KEY),
        User(),
        Demo(""),
        connect_timeout=0.01,
        allow_plain_http=allowed,
    )
    kinds = set()
    for attempt in (registry.probe(far, ApiKey(KEY)), (await registry.client(far)).create_conversation()):
        with pytest.raises(UserdeskError) as raised:
            async with asyncio.timeout(5):
                await attempt
        kinds.add(raised.value.failure.kind)
    if allowed:
        assert FailureKind.CONFIGURATION not in kinds
    else:
        assert kinds == {FailureKind.CONFIGURATION}
    await registry.aclose()


def test_the_proxy_that_applies_is_told_in_words() -> None:
    through = applied_proxy("https://api.userdesk.io", {"HTTPS_PROXY": "http://proxy.example:3128"})
    assert "proxy.example:3128" in through and "HTTPS_PROXY" in through
    assert "proxy.example" not in applied_proxy("https://api.userdesk.io", {})
    assert applied_proxy("no address", {}) not in ("", None)

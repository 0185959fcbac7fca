"""What the documentation promises, asked of the embedded server and of the real one."""

from contextlib import aclosing

import pytest

from userdesk.domain.chatbot import ApiKey, Chatbot, User
from userdesk.domain.failure import FailureKind, UserdeskError
from whole_answers import WholeAnswersClient


async def test_conversation_is_created_streamed_into_and_continued_unstreamed(service) -> None:
    async with aclosing(
        WholeAnswersClient(service.chatbot, service.key, User("Ada", "ada@example.com"))
    ) as client:
        created = await client.create_conversation()
        assert created.conversation_id
        async with client.stream("Hello", created.conversation_id) as answer:
            text = "".join([chunk.text async for chunk in answer])
        assert text.strip()
        whole = await client.send("And again?", created.conversation_id)
        assert whole.text.strip()
        assert whole.conversation_id == created.conversation_id


async def test_message_without_conversation_starts_one(service) -> None:
    async with aclosing(WholeAnswersClient(service.chatbot, service.key)) as client:
        first = await client.send("Hello")
        assert first.conversation_id
        second = await client.send("Hello again", first.conversation_id)
        assert second.conversation_id == first.conversation_id


async def test_wrong_key_is_told(service) -> None:
    async with aclosing(WholeAnswersClient(service.chatbot, ApiKey("not-the-key-of-this-chatbot"))) as client:
        with pytest.raises(UserdeskError) as caught:
            await client.send("Hello")
    assert caught.value.failure.headline == "401 · Wrong API Key"
    assert "not-the-key-of-this-chatbot" not in caught.value.failure.detail


async def test_missing_key_is_told(service) -> None:
    async with aclosing(WholeAnswersClient(service.chatbot, None)) as client:
        with pytest.raises(UserdeskError) as caught:
            await client.create_conversation()
    assert caught.value.failure.headline == "401 · Missing API Key"


async def test_unknown_conversation_is_told(service) -> None:
    async with aclosing(WholeAnswersClient(service.chatbot, service.key)) as client:
        with pytest.raises(UserdeskError) as caught:
            async with client.stream("Hello", "00000000-0000-4000-8000-000000000000"):
                pass
    assert caught.value.failure.headline == "400 · The conversationId is not valid"


@pytest.mark.parametrize(
    ("command", "headline"),
    [
        ("400", "400 · The request was malformed or missing required fields"),
        ("400-conversation", "400 · The conversationId is not valid"),
        ("401", "401 · Wrong API Key"),
        ("401-missing", "401 · Missing API Key"),
        ("403", "403 · Access to this Chatbot is denied"),
        ("500", "500 · An error occurred on the server"),
        ("429", "429 · Too many requests"),
        ("502", "502 · Bad Gateway"),
        ("json", "200 · The server's answer could not be read"),
    ],
)
@pytest.mark.parametrize("streamed", [True, False])
async def test_every_failure_that_the_demo_shows(
    demo_service, command: str, headline: str, streamed: bool
) -> None:
    async with aclosing(WholeAnswersClient(demo_service.chatbot, demo_service.key)) as client:
        conversation_id = (await client.create_conversation()).conversation_id
        with pytest.raises(UserdeskError) as caught:
            if streamed:
                async with client.stream(f"/fail {command}", conversation_id) as answer:
                    [chunk async for chunk in answer]
            else:
                await client.send(f"/fail {command}", conversation_id)
    assert caught.value.failure.headline == headline
    assert caught.value.failure.retry_after == (5 if command == "429" else None)


async def test_answer_that_the_demo_drops_keeps_its_beginning(demo_service) -> None:
    text = ""
    async with aclosing(WholeAnswersClient(demo_service.chatbot, demo_service.key)) as client:
        with pytest.raises(UserdeskError) as caught:
            async with client.stream("/drop") as answer:
                async for chunk in answer:
                    text += chunk.text
    assert text
    assert caught.value.failure.kind is FailureKind.INTERRUPTED
    assert caught.value.failure.may_have_arrived


async def test_other_chatbots_are_denied(demo_service) -> None:
    chatbot = Chatbot("test", "Test", "somebody-else's", demo_service.chatbot.base_url)
    async with aclosing(WholeAnswersClient(chatbot, demo_service.key)) as client:
        with pytest.raises(UserdeskError) as caught:
            await client.create_conversation()
    assert caught.value.failure.headline == "403 · Access to this Chatbot is denied"

"""Clients of a scripted server, of the embedded one and, where the environment names it, of the real one."""

import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, NamedTuple

import pytest

from command_runs import chatbot_of
from demo_server import DemoServer
from userdesk.domain.chatbot import USERDESK_URL, ApiKey, Chatbot
from whole_answers import WholeAnswersClient

KEY = ApiKey("key-0123456789")


class Service(NamedTuple):
    """Something that keeps the documented contract, and how to reach it."""

    chatbot: Chatbot
    key: ApiKey


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def environment(server: DemoServer, login: dict[str, str]) -> dict[str, str]:
    """A login shell's environment that names the server as the chatbot."""
    return login | chatbot_of(server)


@pytest.fixture
async def client_of() -> AsyncIterator[Callable[..., WholeAnswersClient]]:
    """Makes clients of a base URL and closes them after the test."""
    async with contextlib.AsyncExitStack() as stack:
        clients: list[WholeAnswersClient] = []

        def make(
            base_url: str, key: ApiKey | None = KEY, *, chatbot_id: str = "1", **options: Any
        ) -> WholeAnswersClient:
            clients.append(WholeAnswersClient(Chatbot("test", "Test", chatbot_id, base_url), key, **options))
            stack.push_async_callback(clients[-1].aclose)
            return clients[-1]

        yield make


@pytest.fixture(scope="session")
def demo_service() -> Iterator[Service]:
    with DemoServer() as server:
        yield Service(Chatbot("test", "Test", server.chatbot_id, server.base_url), ApiKey(server.key))


@pytest.fixture(params=["embedded", "live"])
def service(request: pytest.FixtureRequest) -> Service:
    """The embedded server, then the real service."""
    if request.param == "embedded":
        embedded: Service = request.getfixturevalue("demo_service")
        return embedded
    chatbot_id, key = os.environ.get("USERDESK_LIVE_CHATBOT_ID"), os.environ.get("USERDESK_LIVE_API_KEY")
    if not chatbot_id or not key:
        pytest.skip("USERDESK_LIVE_CHATBOT_ID and USERDESK_LIVE_API_KEY are not set")
    base_url = os.environ.get("USERDESK_LIVE_BASE_URL", USERDESK_URL)
    return Service(Chatbot("live", "Live", chatbot_id, base_url), ApiKey(key))

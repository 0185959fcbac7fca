"""Two processes, or two windows, that need the id of one conversation at the same time get the same one."""

import asyncio
import errno
import json
import os
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from forks import start
from scripted_server import Connection, ScriptedServer, chunked, whole
from settling import until, whole_lines
from userdesk.chat import ChatbotRegistry, ChatService
from userdesk.chat.events import Failed, Finished
from userdesk.chat.turn import Turn
from userdesk.demo.process import DemoProcess
from userdesk.domain.chatbot import ApiKey, Chatbot, User
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, now
from userdesk.store import Store


class Service:
    """Creates a conversation when it is let go on, streams an echo; knows which ids it gave."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.ids: list[str] = []
        self.used: dict[str, str | None] = {}
        """By message: the id it came with."""
        self.may_create = True
        self.server = ScriptedServer(self._serve)

    @property
    def asked(self) -> int:
        """How often an id was asked for, however that is done."""
        creating = [each for each in self.server.received if each.target.endswith("/conversation")]
        return len(creating) if self.may_create else list(self.used.values()).count(None)

    async def _serve(self, connection: Connection) -> None:
        request = self.server.received[-1]
        if request.target.endswith("/conversation") and not self.may_create:
            await whole(404, {})(connection)
        elif request.target.endswith("/conversation"):
            await self._created("Welcome", connection)
        else:
            message, conversation_id = request.fields["message"], request.fields.get("conversationId")
            self.used[message] = conversation_id
            if conversation_id is None:
                await self._created(f"echo {message}", connection)
            else:
                await chunked([f"echo {message}".encode()], "Content-Type: text/plain")(connection)

    async def _created(self, response: str, connection: Connection) -> None:
        await self.go_on.wait()
        self.ids.append(f"id-{len(self.ids)}")
        reply = {"success": True, "conversationId": self.ids[-1], "response": response}
        await whole(200, reply)(connection)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    service = Service()
    async with service.server:
        yield service


def entries(data_dir: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((data_dir / "conversations.toml").read_text())["conversation"]
    return found


def said(data_dir: Path) -> list[str]:
    files = data_dir.glob("transcripts/*.jsonl")
    return [json.loads(line)["text"] for path in files for line in whole_lines(path.read_text("utf-8"))]


Send = Callable[..., Any]


@pytest.fixture
def send(environment: Callable[..., dict[str, str]], service: Service) -> Send:
    return lambda *arguments: start(environment(service.server.base_url), "send", *arguments, stdout=PIPE)


@pytest.mark.parametrize("may_create", [True, False])
async def test_a_second_command_waits_for_the_id_of_the_first(
    service: Service, send: Send, data_dir: Path, may_create: bool
) -> None:
    service.may_create = may_create
    first = send("first")
    await until(lambda: service.asked, lambda: "the first one's request")
    second = send("--continue", "second")
    await until(lambda: "second" in said(data_dir), lambda: "the second one's message")
    service.go_on.set()
    assert await asyncio.to_thread(first.communicate) == (b"echo first\n", b"")
    assert await asyncio.to_thread(second.communicate) == (b"echo second\n", b"")
    (entry,) = entries(data_dir)
    assert service.ids == [entry["id"]] == ["id-0"] and "previous_ids" not in entry
    assert service.used["second"] == "id-0"
    assert sorted(said(data_dir)) == ["echo first", "echo second", "first", "second"]


async def test_who_is_killed_while_asking_holds_up_nobody(
    service: Service, send: Send, data_dir: Path
) -> None:
    first = send("first")
    await until(lambda: service.asked, lambda: "the first one's request")
    second = send("--continue", "second")
    await until(lambda: "second" in said(data_dir), lambda: "the second one's message")
    first.kill()
    await asyncio.to_thread(first.communicate)
    service.go_on.set()
    assert await asyncio.to_thread(second.communicate) == (b"echo second\n", b"")
    (entry,) = entries(data_dir)
    assert entry["id"] == service.used["second"] and "first" in said(data_dir)


BOT = "acme"


@asynccontextmanager
async def desk_of(folder: Path, service: Service) -> AsyncIterator[ChatService]:
    store = Store(folder)
    store.open()
    chatbot = Chatbot(BOT, "Acme", "1", service.server.base_url)
    demo = DemoProcess(folder / "demo")
    registry = ChatbotRegistry({BOT: chatbot}, lambda _: ApiKey("key-0123456789"), User(), demo)
    chat = ChatService(store, registry)
    try:
        yield chat
    finally:
        await chat.aclose()


async def outcome(turn: Turn) -> Finished | Failed:
    async for event in turn.events():
        if isinstance(event, Finished | Failed):
            return event
    raise AssertionError("a turn without an outcome")


@pytest.fixture
def without_id(data_dir: Path) -> Callable[[Service], str]:
    """A conversation whose creating failed, as two windows know it; its key."""

    def make(service: Service) -> str:
        store = Store(data_dir)
        store.open()
        conversation = Conversation.start(Chatbot(BOT, "Acme", "1", service.server.base_url), now())
        store.add(conversation.evolve(title="asked before"))
        store.transcript(conversation.key).append(Message(role=Role.USER, text="asked before", at=now()), "t")
        return conversation.key

    return make


async def test_two_windows_that_retry_get_one_id(
    service: Service, data_dir: Path, without_id: Callable[[Service], str]
) -> None:
    key = without_id(service)
    async with desk_of(data_dir, service) as one, desk_of(data_dir, service) as other:
        turns = [one.retry(key, "from one"), other.send(key, "from the other")]
        await until(lambda: service.asked, lambda: "a request")
        service.go_on.set()
        for turn in turns:
            assert isinstance(await outcome(turn), Finished)
        assert [each.conversation(key).id for each in (one, other)] == ["id-0"] * 2  # type: ignore[union-attr]
    assert service.ids == ["id-0"] and set(service.used.values()) == {"id-0"}


async def test_where_nothing_can_be_locked_no_id_is_lost(
    service: Service,
    data_dir: Path,
    without_id: Callable[[Service], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import fcntl

    def unsupported(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(fcntl, "flock", unsupported)
    key = without_id(service)
    async with desk_of(data_dir, service) as one, desk_of(data_dir, service) as other:
        turns = [one.retry(key, "from one"), other.send(key, "from the other")]
        await until(lambda: service.asked == 2, lambda: "two requests")
        service.go_on.set()
        for turn in turns:
            assert isinstance(await outcome(turn), Finished)
        assert isinstance(await outcome(other.send(key, "once more")), Finished)
    (entry,) = entries(data_dir)
    assert {entry["id"], *entry["previous_ids"]} == set(service.ids) == {"id-0", "id-1"}
    assert service.used["once more"] == entry["id"]


async def test_two_windows_that_go_on_under_a_new_id_get_one(
    service: Service, data_dir: Path, without_id: Callable[[Service], str]
) -> None:
    service.go_on.set()
    key = without_id(service)
    async with desk_of(data_dir, service) as one, desk_of(data_dir, service) as other:
        other.retain(key)
        assert isinstance(await outcome(one.retry(key, "under the first id")), Finished)
        other.store.reload()
        other.retain(key)
        for chat in (one, other):  # each was told that the id is not valid
            assert isinstance(await outcome(await chat.continue_in_new(key, "asked again")), Finished)
    (entry,) = entries(data_dir)
    assert entry["id"] == "id-1" and entry["previous_ids"] == ["id-0"]
    assert service.ids == ["id-0", "id-1"]

"""The first request of a client: what it takes before it can be sent keeps nobody waiting."""

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx

from scripted_server import ScriptedServer, whole
from userdesk.api import connections
from userdesk.api.address import Address
from userdesk.api.connections import open_http
from userdesk.domain.failure import FailureKind, UserdeskError

ANSWER = {"success": True, "conversationId": "c", "response": "hi"}
IMPORTS_ON_THE_LOOP = """
import asyncio, sys, threading
from userdesk.api import UserdeskClient
from userdesk.domain.chatbot import ApiKey, Chatbot

imported = []

def heard(event, arguments):
    if event == "import" and running and threading.current_thread() is threading.main_thread():
        imported.append(arguments[0])

async def first_request():
    client = UserdeskClient(Chatbot("test", "Test", "1", sys.argv[1]), ApiKey("key-0123456789"))
    async with client.stream("hi") as answer:
        async for _ in answer:
            pass
    await client.aclose()

running = False
sys.addaudithook(heard)
with asyncio.Runner() as runner:
    runner.get_loop()
    running = True
    runner.run(first_request())
    running = False
print(*[name for name in imported if name.split(".")[0] in ("userdesk", "httpx", "httpcore", "anyio", "h11")])
"""


async def test_nothing_of_a_request_is_imported_on_the_loop(tmp_path: Path) -> None:
    script = tmp_path / "first_request.py"
    script.write_text(IMPORTS_ON_THE_LOOP, "utf-8")
    async with ScriptedServer(whole(200, ANSWER)) as server:
        run = await asyncio.to_thread(
            subprocess.run, [sys.executable, script, server.base_url], capture_output=True, text=True
        )
    assert (run.stdout.strip(), run.stderr) == ("", "")
    assert server.connections == 1


async def test_a_client_that_is_closed_while_it_is_made_ready_sends_nothing(client_of) -> None:
    async with ScriptedServer(whole(200, ANSWER)) as server:
        client = client_of(server.base_url)
        sending = asyncio.ensure_future(client.send("hi"))
        await asyncio.sleep(0)  # the thread that makes it ready is begun
        await client.aclose()
        (failure,) = await asyncio.gather(sending, return_exceptions=True)
        assert isinstance(failure, UserdeskError) and failure.failure.kind is FailureKind.INTERRUPTED
        assert server.connections == 0


async def test_first_requests_at_once_make_one_client_ready(client_of, monkeypatch) -> None:
    made: list[str] = []

    def counted(address: Address, connect_timeout: float) -> httpx.AsyncClient:
        made.append(address.base_url)
        return open_http(address, connect_timeout)

    monkeypatch.setattr(connections, "open_http", counted)
    async with ScriptedServer(whole(200, ANSWER)) as server:
        client = client_of(server.base_url)
        answers = await asyncio.gather(*(client.send(str(number)) for number in range(5)))
        assert made == [server.base_url]
    assert answers == [("hi", "c")] * 5

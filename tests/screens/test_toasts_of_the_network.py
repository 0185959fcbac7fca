"""No connection, no answer, a cut or an unreadable one: the toast, what is kept, and the retry."""

import asyncio
import socket
import ssl
import sys

import pytest
import trustme

from demo_server import DemoServer
from scripted_server import ScriptedServer, raw
from userdesk.tui.dialogs.confirm import ConfirmScreen

pytestmark = pytest.mark.asyncio


def message_requests(server: DemoServer) -> list[dict]:
    return [request.json for request in server.requests if request.path.endswith("/message")]


@pytest.fixture
def closed_port():
    """A port that is taken, so that nobody else gets it, and that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


async def test_refused_connection(open_ui, closed_port: int) -> None:
    async with open_ui(f"http://127.0.0.1:{closed_port}", greeted=False) as ui:
        await ui.toasts("Could not connect to 127.0.0.1: connection refused", "Ctrl+R retry")
        await ui.say("Hello there")
        await ui.toasts("Could not connect to 127.0.0.1: connection refused")
        await ui.press("escape")
        await ui.logs("Hello there", "failed · Could not connect to 127.0.0.1: connection refused")
        assert "may have been received" not in ui.log
        await ui.press("ctrl+r")  # nothing was received: no question comes first
        await ui.until(lambda: len(ui.transcript()) == 3, "the second failure")
        assert ui.said() == ["Hello there"]
        assert [line["status"] for line in ui.transcript()] == ["complete", "failed", "failed"]


async def test_service_that_comes_back(server: DemoServer, open_ui) -> None:
    server.fail_next(503, on="conversation")
    async with open_ui(server.base_url, greeted=False) as ui:
        await ui.toasts("503 · Service Unavailable", "Ctrl+R retry")
        await ui.press("ctrl+r")
        await ui.logs("demo chatbot")
        assert ui.toast == ""
        assert "✗" not in "".join(ui.sidebar)


async def test_name_that_cannot_be_found(open_ui) -> None:
    async with open_ui("https://no-such-name.invalid", greeted=False) as ui:
        await ui.toasts("The name no-such-name.invalid could not be found", "Ctrl+R retry")


async def test_certificate_that_cannot_be_trusted(open_ui, monkeypatch: pytest.MonkeyPatch) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    async with ScriptedServer(raw(b""), tls=tls) as stranger:
        async with open_ui(stranger.base_url, greeted=False) as ui:
            await ui.toasts(
                "127.0.0.1's certificate could not be trusted: its issuer is unknown", "Ctrl+R retry"
            )
        assert stranger.received == []


async def test_proxy_that_cannot_be_reached(
    open_ui, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{closed_port}")
    async with open_ui("https://service.invalid", greeted=False) as ui:
        await ui.toasts("service.invalid could not be reached: the proxy 127.0.0.1", "Ctrl+R retry")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems answer when the queue is full")
async def test_connection_that_gets_no_answer(open_ui) -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        async with open_ui(url, config="connect_timeout = 0.2", greeted=False) as ui:
            await ui.toasts("127.0.0.1 did not answer within 0.2 s", "Ctrl+R retry")


# no bytes, wrong bytes, cut bytes


async def test_silence_is_told_and_waited_for(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, config="read_timeout = 1") as ui:
        server.hold(2)
        await ui.say("What are the keys?")
        await asyncio.to_thread(server.wait_until_held)
        await ui.toasts("No answer for 1 s", "Still waiting · Esc stops")
        assert ui.service.busy_keys()
        server.release()
        await ui.idle()
        assert ui.transcript()[-1]["status"] == "complete"
        assert len(message_requests(server)) == 1


async def test_silence_ends_by_escape(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url, config="read_timeout = 1") as ui:
        server.hold(None)
        await ui.say("What are the keys?")
        await ui.toasts("No answer for 1 s")
        await ui.press("escape")
        await ui.idle()
        await ui.logs("stopped")
        assert ui.transcript()[-1]["status"] == "stopped"


async def test_answer_that_cannot_be_read(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("/fail json")
        await ui.toasts("The server's answer could not be read", "Ctrl+R retry")
        server.answer_next("Now it can.")
        server.fail_next(200, on="message", body="{", headers={"Content-Type": "application/json"})
        await ui.press("ctrl+r", "enter")  # it may have been received: asked first
        await ui.until(lambda: len(ui.transcript()) == 4, "the second failure")
        await ui.toasts("The server's answer could not be read")


async def test_broken_connection_keeps_the_part_and_asks_before_a_retry(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.say("/drop")
        await ui.toasts("The connection was lost before the answer was complete", "Ctrl+R retry")
        await ui.logs("interrupted · The connection was lost before the answer was complete")
        cut = ui.transcript()[-1]
        assert cut["status"] == "interrupted"
        assert cut["text"]
        assert cut["text"].split()[0] in ui.log
        await ui.press("ctrl+r")
        assert isinstance(ui.screen, ConfirmScreen)
        await ui.sees("may have been received")
        await ui.press("escape")
        assert len(message_requests(server)) == 1
        await ui.press("ctrl+r", "enter")
        await asyncio.to_thread(server.wait_for_requests, 3)
        await ui.idle()
        assert ui.said() == ["/drop"]
        assert cut in ui.transcript()[:-1]

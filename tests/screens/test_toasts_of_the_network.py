"""No connection: the toast, what is kept, and the retry. Answers that break are in tests/faults."""

import socket
import ssl
import sys

import pytest
import trustme

from demo_server import DemoServer
from scripted_server import ScriptedServer, raw

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


async def test_certificate_that_cannot_be_trusted(open_ui, monkeypatch: pytest.MonkeyPatch) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    async with ScriptedServer(raw(b""), tls=tls) as stranger:
        async with open_ui(stranger.base_url, greeted=False) as ui:
            await ui.toasts(
                "The certificate of 127.0.0.1 is not trusted: its issuer is unknown", "Ctrl+R retry"
            )
        assert stranger.received == []


async def test_proxy_that_cannot_be_reached(
    open_ui, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{closed_port}")
    async with open_ui("https://service.invalid", greeted=False) as ui:
        await ui.toasts("Could not reach service.invalid: the proxy 127.0.0.1", "Ctrl+R retry")


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

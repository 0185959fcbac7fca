"""Real connections that fail in each way: the failure names the host and what happened."""

import asyncio
import datetime
import re
import socket
import ssl
import sys
from collections.abc import Iterator

import pytest
import trustme

from scripted_server import ScriptedServer, chunked, cut, raw, whole
from userdesk.api import UserdeskClient
from userdesk.domain.chatbot import ApiKey
from userdesk.domain.failure import Failure, FailureKind, UserdeskError

ANSWER = {"success": True, "conversationId": "c", "response": "hi"}


TRY_AGAIN = "the name server did not answer"  # where there is no network at all


async def failure_to_send(client: UserdeskClient) -> Failure:
    with pytest.raises(UserdeskError) as caught:
        await client.send("Hi")
    return caught.value.failure


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken, so that nobody else gets it, and that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LocalHost"])
async def test_refused(client_of, closed_port: int, host: str) -> None:
    failure = await failure_to_send(client_of(f"http://{host}:{closed_port}"))
    assert failure.kind is FailureKind.REFUSED
    assert failure.headline == f"Could not connect to {host.lower()}: connection refused"
    assert failure.detail == f"port {closed_port} on {host.lower()}"
    assert not failure.may_have_arrived


@pytest.mark.parametrize("host", ["no-such-name.invalid", "empty..label", "x" * 64 + ".invalid"])
async def test_name_that_cannot_be_found(client_of, host: str) -> None:
    failure = await failure_to_send(client_of(f"https://{host}"))
    assert failure.kind is FailureKind.DNS
    assert failure.message == f"Could not resolve the host name {host}"
    assert failure.detail in ("", TRY_AGAIN)
    assert not failure.may_have_arrived


async def test_handshake_that_gets_no_answer_times_out(client_of) -> None:
    with socket.socket() as never_accepting:
        never_accepting.bind(("127.0.0.1", 0))
        never_accepting.listen()
        port = never_accepting.getsockname()[1]
        failure = await failure_to_send(client_of(f"https://127.0.0.1:{port}", connect_timeout=0.1))
    assert failure.kind is FailureKind.CONNECT_TIMEOUT
    assert failure.message == "127.0.0.1 did not answer within 0.1 s"
    assert not failure.may_have_arrived


@pytest.mark.skipif(sys.platform != "linux", reason="other systems answer when the queue is full")
async def test_connection_that_gets_no_answer_times_out(client_of) -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        client = client_of(f"http://127.0.0.1:{full.getsockname()[1]}", connect_timeout=0.1)
        failure = await failure_to_send(client)
    assert failure.kind is FailureKind.CONNECT_TIMEOUT
    assert not failure.may_have_arrived


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def served_by(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.fixture
def trusting(authority: trustme.CA, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)


async def test_authority_named_by_the_environment_is_trusted(client_of, authority, trusting) -> None:
    async with ScriptedServer(whole(200, ANSWER), tls=served_by(authority.issue_cert("127.0.0.1"))) as server:
        assert (await client_of(server.base_url).send("Hi")).text == "hi"


@pytest.mark.parametrize("variables", ["of the system", "of the environment"])
async def test_unknown_authority(client_of, authority, monkeypatch, tmp_path, variables: str) -> None:
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    if variables == "of the environment":
        path = tmp_path / "other.pem"
        trustme.CA().cert_pem.write_to_path(str(path))
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    async with ScriptedServer(raw(b""), tls=served_by(authority.issue_cert("127.0.0.1"))) as server:
        failure = await failure_to_send(client_of(server.base_url))
        assert server.received == []
    assert failure.kind is FailureKind.TLS
    assert failure.message == "The certificate of 127.0.0.1 is not trusted: its issuer is unknown"
    assert failure.detail == ""
    assert not failure.may_have_arrived


async def test_certificate_of_another_host(client_of, authority, trusting) -> None:
    async with ScriptedServer(raw(b""), tls=served_by(authority.issue_cert("elsewhere.example"))) as server:
        by_address = await failure_to_send(client_of(server.base_url))
        by_name = await failure_to_send(client_of(f"https://localhost:{server.port}"))
    assert by_address.message == "The certificate of 127.0.0.1 is not trusted: it is for a different address"
    assert by_name.message == "The certificate of localhost is not trusted: it is for a different host name"
    assert by_address.kind is by_name.kind is FailureKind.TLS


async def test_expired_certificate(client_of, authority, trusting) -> None:
    now = datetime.datetime.now(datetime.UTC)
    expired = authority.issue_cert(
        "127.0.0.1", not_before=now - datetime.timedelta(days=2), not_after=now - datetime.timedelta(days=1)
    )
    async with ScriptedServer(raw(b""), tls=served_by(expired)) as server:
        failure = await failure_to_send(client_of(server.base_url))
    assert failure.message == "The certificate of 127.0.0.1 is not trusted: it has expired"


@pytest.mark.parametrize(
    ("greeting", "fault"),
    [
        (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "it does not speak TLS"),
        (b"", "it closed the connection"),
    ],
)
async def test_server_that_does_not_speak_tls(client_of, greeting: bytes, fault: str) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(greeting)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        failure = await failure_to_send(client_of(f"https://127.0.0.1:{port}"))
    assert failure.kind is FailureKind.TLS
    assert failure.message == f"Could not make a secure connection to 127.0.0.1: {fault}"
    assert not re.search(r"[\[\]_]", failure.detail)
    assert not failure.may_have_arrived


async def test_certificates_that_cannot_be_read(client_of, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    failure = await failure_to_send(client_of("https://127.0.0.1:1"))
    assert failure.kind is FailureKind.CONFIGURATION
    assert "SSL_CERT_FILE" in failure.message


FAR = "http://service.invalid"


async def test_proxy_carries_the_request(client_of, monkeypatch) -> None:
    async with ScriptedServer(whole(200, ANSWER)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
        monkeypatch.setenv("http_proxy", proxy.base_url)
        assert (await client_of(FAR, key=None).send("Hi")).text == "hi"
        assert proxy.received[0].target == f"{FAR}/v1/chatbot/1/message"


async def test_no_proxy_is_asked_for_this_machine(client_of, monkeypatch, closed_port: int) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port}")
    async with ScriptedServer(whole(200, ANSWER)) as server:
        assert (await client_of(server.base_url).send("Hi")).text == "hi"


async def test_no_proxy_is_asked_where_the_environment_excepts_the_host(client_of, monkeypatch) -> None:
    async with ScriptedServer(whole(200, ANSWER)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.base_url)
        monkeypatch.setenv("no_proxy", "service.invalid")
        failure = await failure_to_send(client_of(FAR, key=None))
        assert proxy.received == []
    assert failure.kind is FailureKind.DNS


@pytest.mark.parametrize(
    ("proxy", "fault"),
    [
        ("http://127.0.0.1:{port}", "127.0.0.1 could not be reached: connection refused"),
        ("socks5://127.0.0.1:{port}", "127.0.0.1 could not be reached: connection refused"),
        ("http://no-such-proxy.invalid:3128", "no-such-proxy.invalid could not be found"),
    ],
)
async def test_proxy_that_cannot_be_reached(
    client_of, monkeypatch, closed_port: int, proxy: str, fault: str
) -> None:
    monkeypatch.setenv("https_proxy", proxy.format(port=closed_port))
    failure = await failure_to_send(client_of("https://service.invalid"))
    assert failure.kind is FailureKind.PROXY
    assert failure.message == f"Could not reach service.invalid: the proxy {fault}"
    assert failure.detail in ("", f"port {closed_port} on 127.0.0.1", TRY_AGAIN)
    assert not failure.may_have_arrived


async def test_proxy_that_refuses(client_of, monkeypatch) -> None:
    async with ScriptedServer(whole(407, b"")) as proxy:
        monkeypatch.setenv("https_proxy", proxy.base_url)
        failure = await failure_to_send(client_of("https://service.invalid"))
        assert [request.method for request in proxy.received] == ["CONNECT"]
        assert proxy.received[0].header("authorization") is None
    assert failure.kind is FailureKind.PROXY
    assert failure.detail == "407 Proxy Authentication Required"
    assert not failure.may_have_arrived


async def test_proxy_that_hangs_up(client_of, monkeypatch) -> None:
    async with ScriptedServer(cut(b"")) as proxy:
        monkeypatch.setenv("https_proxy", proxy.base_url)
        failure = await failure_to_send(client_of("https://service.invalid"))
    assert failure.kind is FailureKind.PROXY
    assert failure.message.endswith("the proxy 127.0.0.1 closed the connection")
    assert not failure.may_have_arrived


@pytest.mark.parametrize("proxy", ["ftp://user:hunter2@proxy.example", "http://user:hunter2@[::1"])
async def test_proxy_setting_that_makes_no_sense(client_of, monkeypatch, proxy: str) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    failure = await failure_to_send(client_of("https://service.invalid"))
    assert failure.kind is FailureKind.PROXY
    assert "service.invalid" in failure.message
    assert "hunter2" not in failure.message + failure.detail


async def test_socks_without_its_package(client_of, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:1")
    failure = await failure_to_send(client_of("https://service.invalid"))
    assert failure.kind is FailureKind.PROXY
    assert "SOCKS" in failure.message


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "example.com",
        "ftp://example.com",
        "https://",
        "https://user:hunter2@example.com",
        "https://example.com?a=b",
        "https://example.com#part",
        "https://example.com:99999",
        "https://exa\x1bmple.com",
        "https://[::1",
        "http://127.0.0.1\\@example.com",
        "https://xn--",
    ],
)
async def test_base_url_that_cannot_be_used(client_of, base_url: str) -> None:
    failure = await failure_to_send(client_of(base_url))
    assert failure.kind is FailureKind.CONFIGURATION
    assert failure.message.startswith("The base URL")
    assert "hunter2" not in failure.message
    assert failure.message.isprintable()


@pytest.mark.parametrize(
    "base_url",
    ["http://example.invalid", "http://192.0.2.1", "http://localhost.example.invalid", "http://a.localhost"],
)
async def test_key_never_travels_unencrypted(client_of, base_url: str) -> None:
    failure = await failure_to_send(client_of(base_url))
    assert failure.kind is FailureKind.CONFIGURATION
    assert "unencrypted" in failure.message


async def test_plain_http_where_it_is_allowed(client_of) -> None:
    client = client_of("http://no-such-name.invalid", allow_plain_http=True)
    assert (await failure_to_send(client)).kind is FailureKind.DNS


@pytest.mark.parametrize(
    "secret", ["schlüssel-0123456789", "two words-0123456789", "line\nX-Injected: 1-0123456789"]
)
async def test_key_that_no_header_can_carry_is_not_shown(client_of, secret: str) -> None:
    async with ScriptedServer(chunked([b"hi"])) as server:
        failure = await failure_to_send(client_of(server.base_url, key=ApiKey(secret)))
        assert server.connections == 0
    assert failure.kind is FailureKind.CONFIGURATION
    assert secret not in failure.message + failure.detail


async def test_closed_client_makes_no_request(client_of) -> None:
    async with ScriptedServer(whole(200, ANSWER)) as server:
        client = client_of(server.base_url)
        await client.aclose()
        failure = await failure_to_send(client)
        assert server.connections == 0
    assert not failure.may_have_arrived


async def test_requests_fail_alone(client_of, closed_port: int) -> None:
    async with ScriptedServer(whole(200, ANSWER)) as server:
        client, broken = client_of(server.base_url), client_of(f"http://127.0.0.1:{closed_port}")
        results = await asyncio.gather(
            client.send("1"), broken.send("2"), client.send("3"), return_exceptions=True
        )
    assert results[0] == results[2] == ("hi", "c")
    assert isinstance(results[1], UserdeskError)

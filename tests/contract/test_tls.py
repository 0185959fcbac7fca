"""TLS: an end that is not announced is a loss, and what fails is told in our words."""

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import pytest
import trustme

from scripted_server import LAST_CHUNK, ScriptedServer, chunk, chunked, head, whole
from userdesk.domain.failure import Failure, FailureKind, UserdeskError

ANSWER = {"success": True, "conversationId": "c", "response": "hi"}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(served)
    return served


@pytest.fixture(autouse=True)
def trusting(authority: trustme.CA, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


@asynccontextmanager
async def bare_server(context: ssl.SSLContext, reply: bytes, *, farewell: bool) -> AsyncIterator[str]:
    """Answers one request over TLS and closes the connection, with close_notify or without; its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)

        async def step(work: Callable[[], Any]) -> Any:
            while True:
                try:
                    done = work()
                except ssl.SSLWantReadError:
                    writer.write(outgoing.read())
                    if not (data := await reader.read(65_536)):
                        raise ConnectionError from None
                    incoming.write(data)
                else:
                    writer.write(outgoing.read())
                    return done

        await step(tls.do_handshake)
        request = b""
        while not request.endswith(b"}"):
            request += await step(lambda: tls.read(65_536))
        await step(lambda: tls.write(reply))
        if farewell:
            try:
                tls.unwrap()
            except ssl.SSLWantReadError:
                writer.write(outgoing.read())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@contextmanager
def refusing_server(context: ssl.SSLContext) -> Iterator[str]:
    """Sends the alerts of OpenSSL, as asyncio does not, and waits until the client left; its address."""

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            with suppress(OSError), context.wrap_socket(connection.dup(), server_side=True) as secured:
                secured.read(1)
            with suppress(OSError):
                while connection.recv(65_536):
                    pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = threading.Thread(target=serve)
        serving.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        serving.join()


async def failure_to_send(client) -> Failure:
    with pytest.raises(UserdeskError) as caught:
        await client.send("Hi")
    return caught.value.failure


@pytest.mark.parametrize("farewell", [True, False])
@pytest.mark.parametrize("beginning", [head(200, "Connection: close"), b"HTTP/1.0 200 OK\r\n\r\n"])
async def test_body_that_the_connection_ends_is_whole_only_where_tls_says_so(
    client_of, context, beginning: bytes, farewell: bool
) -> None:
    text = ""
    failure = None
    async with (
        bare_server(context, beginning + b"Half", farewell=farewell) as address,
        client_of(address).stream("Hi") as answer,
    ):
        try:
            async for piece in answer:
                text += piece.text
        except UserdeskError as error:
            failure = error.failure
    assert text == "Half"
    if farewell:
        assert failure is None
    else:
        assert failure.kind is FailureKind.INTERRUPTED
        assert failure.detail == "127.0.0.1: the TLS connection was not closed properly"


@pytest.mark.parametrize(
    "reply",
    [
        head(200, "Content-Length: 4") + b"Half",
        head(200, "Transfer-Encoding: chunked") + chunk(b"Half") + LAST_CHUNK,
    ],
)
async def test_body_that_tells_its_own_end_needs_no_farewell(client_of, context, reply: bytes) -> None:
    async with bare_server(context, reply, farewell=False) as address:
        assert (await client_of(address).send("Hi")).text == "Half"


async def test_bytes_behind_a_reply_over_tls(client_of, context) -> None:
    async def script(connection) -> None:
        await connection.write(head(200, "Content-Length: 5") + b"Hello")
        await connection.write(head(200, "Content-Length: 8") + b"smuggled")

    async with ScriptedServer(script, chunked([b"its own answer"]), tls=context) as server:
        client = client_of(server.base_url)
        assert (await client.send("1")).text == "Hello"
        assert (await client.send("2")).text == "its own answer"


async def test_connection_over_tls_is_kept(client_of, context) -> None:
    async with ScriptedServer(whole(200, ANSWER), tls=context) as server:
        client = client_of(server.base_url)
        for _ in range(3):
            assert (await client.send("Hi")).text == "hi"
        assert server.connections == 1


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_certificate_that_is_asked_of_the_client(client_of, context, version) -> None:
    context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    with refusing_server(context) as address:
        failure = await failure_to_send(client_of(address))
    assert failure.kind is FailureKind.TLS
    assert failure.message.startswith("Could not make a secure connection to 127.0.0.1: ")
    assert "certificate" in failure.message
    assert not failure.may_have_arrived
    assert failure.detail == ""


@pytest.fixture
def old_tls(context: ssl.SSLContext) -> ssl.SSLContext:
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


async def test_old_version_of_tls(client_of, old_tls) -> None:
    with refusing_server(old_tls) as address:
        failure = await failure_to_send(client_of(address))
    assert failure.kind is FailureKind.TLS
    assert failure.message == (
        "Could not make a secure connection to 127.0.0.1: there is no TLS version in common"
    )


# Alerts (RFC 8446, section 6.2) that a server answers a handshake with.
@pytest.mark.parametrize(
    ("alert", "fault"),
    [
        (40, "there is no cipher in common, or it requires a client certificate"),
        (70, "there is no TLS version in common"),
        (80, "it reported an internal error"),
        (112, "it does not know this host name"),
        (120, "it does not offer HTTP/1.1"),
    ],
)
async def test_alerts_are_told_in_our_words(client_of, alert: int, fault: str) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65_536)
        writer.write(bytes((21, 3, 3, 0, 2, 2, alert)))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        failure = await failure_to_send(client_of(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
    assert failure.kind is FailureKind.TLS
    assert failure.message == f"Could not make a secure connection to 127.0.0.1: {fault}"
    assert (failure.detail, failure.may_have_arrived) == ("", False)


async def test_plain_http_where_tls_is_spoken(client_of, context) -> None:
    async with ScriptedServer(whole(200, ANSWER), tls=context) as server:
        failure = await failure_to_send(client_of(f"http://127.0.0.1:{server.port}"))
    assert failure.kind in (FailureKind.UNREADABLE_ANSWER, FailureKind.INTERRUPTED)
    assert "ssl" not in (failure.message + failure.detail).lower()

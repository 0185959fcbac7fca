"""Opens the httpx client of a service, over connections that tell how they end and what they still hold.

httpx offers no choice of what opens its connections. This is the one place that puts something else
there and that looks into the parser of HTTP; `tests/contract/test_left_over_bytes.py` names
the private parts.
"""

import asyncio
import os
import selectors
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from http.cookiejar import CookieJar, DefaultCookiePolicy
from operator import attrgetter
from typing import Any

import anyio
import httpcore
import httpx
import truststore
from anyio.abc import ByteStream
from anyio.streams.tls import TLSAttribute, TLSStream

from userdesk.api.address import Address
from userdesk.api.proxies import proxy_for
from userdesk.api.read_pace import ReadPace
from userdesk.api.tcp_stream import TcpStream, connect
from userdesk.domain.failure import configuration_error

# What asyncio reads at once: asked for less, TLS would keep the rest where nobody can see it.
_LARGEST_READ = 256 * 1024  # bytes
# A connection kept longer is likelier to be closed by the other side at the moment it is used
# again, and a request lost that way is never repeated without asking.
_KEEP_ALIVE = 4.0  # seconds
_LOOK = 0.02  # seconds for bytes that are there already
_PARSER = attrgetter("_stream._httpcore_stream._stream._connection._h11_state")


def open_http(address: Address, connect_timeout: float) -> httpx.AsyncClient:
    """The httpx client for a service, its proxy and certificates the environment's. Raises UserdeskError."""
    choice = proxy_for(address)
    is_secured = address.encrypted or (choice.proxy is not None and choice.proxy.url.scheme == "https")
    # Without https nothing is trusted, so nothing need be loaded (31 ms).
    trusted = _trusted() if is_secured else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.AsyncClient(
        transport=Transport(trusted, proxy=choice.proxy),
        # What the environment says was read already; httpx would also log in with ~/.netrc.
        trust_env=False,
        follow_redirects=False,
        # Reading has no limit of its own: after httpx's ReadTimeout the stream is dead, and a
        # slow answer is to be waited for.
        timeout=httpx.Timeout(None, connect=connect_timeout),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
    )


def _trusted() -> ssl.SSLContext:
    cafile, capath = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if cafile or capath:
        try:
            return ssl.create_default_context(cafile=cafile or None, capath=capath or None)
        except OSError as error:  # ssl.SSLError is one
            message = "Could not read the certificates named by SSL_CERT_FILE and SSL_CERT_DIR"
            raise configuration_error(message, error.strerror or "") from error
    try:
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    except ImportError:  # a system whose store truststore does not know
        return httpx.create_ssl_context()


class Transport(httpx.AsyncHTTPTransport):
    """httpx's transport over connections that tell a TLS connection's end from its loss."""

    def __init__(self, trusted: ssl.SSLContext, *, proxy: httpx.Proxy | None) -> None:
        if proxy and proxy.url.scheme == "https":
            proxy.ssl_context = trusted
        super().__init__(verify=trusted, proxy=proxy, limits=httpx.Limits(keepalive_expiry=_KEEP_ALIVE))
        self._pool._network_backend = _Backend()


def left_over(response: httpx.Response) -> bytes:
    """The bytes behind the end of a reply that was read to its end and is not closed yet."""
    held = bytes(_PARSER(response.stream).trailing_data[0])
    ssl_object = _stream(response).get_extra_info("ssl_object")
    if not held and ssl_object is not None:
        with suppress(ssl.SSLError):  # nothing, or an end
            held = ssl_object.read(_LARGEST_READ)
    return held


async def arrived_since(response: httpx.Response) -> bytes:
    """The bytes that the system holds of a connection, which is of no use afterwards."""
    if not has_more(response):
        return b""
    try:
        return await _stream(response).read(_LARGEST_READ, timeout=_LOOK)
    except (httpcore.ReadError, httpcore.ReadTimeout):
        return b""


def has_more(response: httpx.Response) -> bool:
    """Whether the system holds bytes of the connection, or its end."""
    return bool(_stream(response).get_extra_info("is_readable"))


async def drop(response: httpx.Response) -> None:
    """Close a reply's connection, so that nothing is sent over it again."""
    await _stream(response).aclose()


def _stream(response: httpx.Response) -> httpcore.AsyncNetworkStream:
    stream: httpcore.AsyncNetworkStream = response.extensions["network_stream"]
    return stream


@contextmanager
def _told_as(late: type[Exception], lost: type[Exception], timeout: float | None) -> Iterator[None]:
    """Within it what takes longer than so many seconds, or loses its connection, raises httpcore's errors."""
    try:
        with nullcontext() if timeout is None else anyio.fail_after(timeout):
            yield
    except TimeoutError as error:
        raise late from error
    except (OSError, anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream) as error:
        raise lost from error


class _Stream(httpcore.AsyncNetworkStream):
    """A connection, with anyio's TLS or without."""

    def __init__(self, stream: ByteStream, tcp: TcpStream) -> None:
        self._stream = stream
        self._tcp = tcp
        """What carries the bytes; closed without the close_notify of TLS, which could be waited for."""
        self._pace = ReadPace()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = b""
        if wait := self._pace.wait:
            self._tcp.leave_to_system(True)
            try:
                await asyncio.sleep(wait)
            finally:
                self._tcp.leave_to_system(False)
        with _told_as(httpcore.ReadTimeout, httpcore.ReadError, timeout), suppress(anyio.EndOfStream):
            data = await self._stream.receive(max(max_bytes, _LARGEST_READ))
        self._pace.read(len(data))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        with _told_as(httpcore.WriteTimeout, httpcore.WriteError, timeout):
            await self._stream.send(buffer)

    async def aclose(self) -> None:
        await self._tcp.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            with _told_as(httpcore.ConnectTimeout, httpcore.ConnectError, timeout):
                # Compatible with the standard: an end that TLS does not announce is a loss.
                secured = await TLSStream.wrap(
                    self._stream,
                    ssl_context=ssl_context,
                    hostname=server_hostname,
                    server_side=False,
                    standard_compatible=True,
                )
        except BaseException:
            await self.aclose()
            raise
        return _Stream(secured, self._tcp)

    def get_extra_info(self, info: str) -> Any:
        match info:
            case "ssl_object":
                return self._stream.extra(TLSAttribute.ssl_object, None)
            case "is_readable":
                return self._tcp.has_news or _is_readable(self._tcp.descriptor)
        return None


class _Backend(httpcore.AsyncNetworkBackend):
    """Opens connections by asyncio, the names of hosts resolved to both address families."""

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *options: Any, **unused: Any
    ) -> httpcore.AsyncNetworkStream:
        with _told_as(httpcore.ConnectTimeout, httpcore.ConnectError, timeout):
            stream = await connect(host, port)
        return _Stream(stream, stream)


def _is_readable(descriptor: int) -> bool:
    if descriptor < 0:  # closed: there is nothing to use again
        return True
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        return bool(selector.select(0))

"""Follows a request on its way and tells a network error as a failure, in words.

How far the request got decides what an error means, above all whether the server may have
acted on it. httpx's exceptions do not say; its trace extension does.
"""

import logging
import os
import re
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import httpx

from userdesk.api.address import Address
from userdesk.api.failures import unreadable
from userdesk.api.tls_faults import certificate_fault, handshake_fault, is_refusal
from userdesk.domain.failure import Failure, FailureKind, standard_phrase
from userdesk.domain.safe_text import clean_line

_log = logging.getLogger("userdesk.api")
# What a library quotes of a reply, which is the server's and not the log's.
_QUOTED = re.compile(r"""(?:bytearray\()?b?(?:'.*'|".*")\)?""", re.S)


class Journey:
    """How far one request got: connecting, at its TLS handshake, sent, answered."""

    def __init__(self, address: Address, connect_timeout: float) -> None:
        self._address = address
        self._connect_timeout = connect_timeout
        self._proxy: str | None = None
        self._peer = f"port {address.port} on {address.host}"
        self._shaking_hands_with: str | None = None
        self._sent = False
        self.status: int | None = None
        """The HTTP status, once the server answered."""

    async def trace(self, event: str, info: dict[str, Any]) -> None:
        """Take note of an event of httpcore's `trace` extension."""
        _, _, step = event.partition(".")
        if step == "connect_tcp.started":
            peer = info["host"], info["port"]
            self._proxy = None if peer == (self._address.wire_host, self._address.port) else info["host"]
            if self._proxy:
                self._peer = f"port {info['port']} on {clean_line(self._proxy)}"
        elif step == "start_tls.started":
            self._shaking_hands_with = info["server_hostname"]
        elif step == "start_tls.complete":
            self._shaking_hands_with = None
        elif step == "send_request_headers.started" and info["request"].method != b"CONNECT":
            self._sent = True

    def failure(self, error: Exception) -> Failure:
        """The failure that an error means at this point. A library's own message goes to the log alone."""
        told = _QUOTED.sub("…", str(error))
        _log.warning("a request to %s failed: %s %s", self._address.host, type(error).__name__, told)
        if self.status is not None:
            return self._interrupted("", error)
        if isinstance(error, httpx.LocalProtocolError):  # its message could carry the key
            message = f"Could not send a request to {self._address.host}: a header is not valid"
            return Failure(FailureKind.CONFIGURATION, message)
        if self._sent:
            if _is_not_http(error):
                hint = "" if self._address.encrypted else "; it may expect https"
                return unreadable(None, f"{self._address.host} did not reply in HTTP/1.1{hint}")
            # Under TLS 1.3 a server refuses who we are only after the handshake, before it reads a request.
            if is_refusal(tls_errors := _tls_errors(error)):
                return self._tls_failure(handshake_fault(tls_errors))
            message = f"{self._address.host} closed the connection without answering"
            return self._interrupted(message, error)
        if self._proxy is not None and self._shaking_hands_with != self._address.wire_host:
            return self._proxy_failure(self._proxy, error)
        return self._unconnected(error)

    def _interrupted(self, message: str, error: Exception) -> Failure:
        fault = "the reply is not valid HTTP/1.1" if _is_not_http(error) else _lost_by(error)
        return Failure(
            FailureKind.INTERRUPTED,
            message,
            detail=clean_line(f"{self._address.host}: {fault}" if fault else self._address.host),
            may_have_arrived=True,
        )

    def _tls_failure(self, fault: str) -> Failure:
        message = f"Could not make a secure connection to {self._address.host}: {fault}"
        return Failure(FailureKind.TLS, message)

    def _unconnected(self, error: Exception) -> Failure:
        host, detail = self._address.host, self._cause(error)
        if isinstance(error, httpx.TimeoutException):
            message = f"{host} did not answer within {self._connect_timeout:g} s"
            return Failure(FailureKind.CONNECT_TIMEOUT, message, detail=detail)
        if _is_unknown_name(error):
            return Failure(FailureKind.DNS, f"Could not resolve the host name {host}", detail=detail)
        if (fault := certificate_fault(_tls_errors(error))) is not None:
            message = f"The certificate of {host} is not trusted: {fault}"
            return Failure(FailureKind.TLS, message)
        if self._shaking_hands_with is not None:
            return self._tls_failure(handshake_fault(_tls_errors(error)))
        message = f"Could not connect to {host}: {_connection_fault(error)}"
        return Failure(FailureKind.REFUSED, message, detail=detail)

    def _proxy_failure(self, proxy: str, error: Exception) -> Failure:
        if isinstance(error, httpx.ProxyError):
            fault = "refused the request"
        elif isinstance(error, httpx.TimeoutException):
            fault = f"did not answer within {self._connect_timeout:g} s"
        elif _is_unknown_name(error):
            fault = "could not be found"
        elif (distrust := certificate_fault(_tls_errors(error))) is not None:
            fault = f"has a certificate that is not trusted: {distrust}"
        elif self._shaking_hands_with is not None and _tls_errors(error):
            fault = f"did not make a secure connection: {handshake_fault(_tls_errors(error))}"
        elif isinstance(error, httpx.ConnectError):
            fault = f"could not be reached: {_connection_fault(error)}"
        else:
            fault = "closed the connection"
        message = f"Could not reach {self._address.host}: the proxy {clean_line(proxy)} {fault}"
        return Failure(FailureKind.PROXY, message, detail=self._cause(error))

    def _cause(self, error: Exception) -> str:
        """What the message leaves out: which port, or that the name server is silent."""
        for cause in _causes(error):
            match cause:
                case socket.gaierror():
                    return "the name server did not answer" if cause.errno == socket.EAI_AGAIN else ""
                case UnicodeError() | ssl.SSLError():
                    return ""
        if isinstance(error, httpx.ProxyError):
            return _proxys_words(str(error))
        return self._peer


def _causes(error: BaseException) -> Iterator[BaseException]:
    yield error
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _causes(member)
    # httpcore's pool raises "from None", which hides the cause but leaves the context.
    if (cause := error.__cause__ or error.__context__) is not None:
        yield from _causes(cause)


def _is_not_http(error: Exception) -> bool:
    # h11 complains of what came, and of an end before the end; where nothing came, httpcore itself does.
    return any(
        type(cause).__module__.partition(".")[0] == "h11" and not str(cause).startswith("peer closed")
        for cause in _causes(error)
    )


def _is_unknown_name(error: Exception) -> bool:
    # UnicodeError: a label that is empty or too long to be asked for.
    return any(isinstance(cause, socket.gaierror | UnicodeError) for cause in _causes(error))


def _tls_errors(error: Exception) -> list[ssl.SSLError]:
    return [cause for cause in _causes(error) if isinstance(cause, ssl.SSLError)]


def _lost_by(error: Exception) -> str:
    """How a connection was lost, where the system or TLS says more than that it ended."""
    if errors := _tls_errors(error):
        if "EOF" in str(errors[0].reason):
            return "the TLS connection was not closed properly"
        return handshake_fault(errors)
    if any(isinstance(cause, ConnectionResetError) for cause in _causes(error)):
        return "the connection was reset"
    return ""


def _proxys_words(told: str) -> str:
    """The status that a proxy answered with, in the standard's words; it is SOCKS that has none."""
    found = re.match(r"(\d{3})\b", told)
    if not found:
        return "it requires a login" if "auth" in told.lower() else ""
    return f"{found[1]} {standard_phrase(int(found[1]))}"


def _connection_fault(error: Exception) -> str:
    numbers = [cause.errno for cause in _causes(error) if isinstance(cause, OSError) and cause.errno]
    if any(isinstance(cause, ConnectionRefusedError) for cause in _causes(error)):
        return "connection refused"
    return os.strerror(numbers[0]).lower() if numbers else "no connection"

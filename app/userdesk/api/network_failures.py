"""Follows a request on its way and tells a network error as a failure, in words.

How far the request got decides what an error means, above all whether the server may have
acted on it. httpx's exceptions do not say; its trace extension does.
"""

import os
import re
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import httpx

from userdesk.api.address import Address
from userdesk.api.failures import unreadable
from userdesk.domain.failure import INTERRUPTED_WORDS, Failure, FailureKind
from userdesk.domain.safe_text import clean_line

# OpenSSL's verification results (x509_vfy.h) that a user can make something of.
_CERTIFICATE_FAULTS = {
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is self-signed",
    19: "a self-signed authority issued it",
    20: "its issuer is unknown",
    21: "its issuer is unknown",
    23: "it was revoked",
    62: "it belongs to another name",
    64: "it belongs to another address",
}
_NOT_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")
# What Python puts before and behind the words: "[Errno 104] ", "[SSL: …] ", " (_ssl.c:1006)".
_NOISE = re.compile(r"^\[[^\]]*\]\s*|\s*\(_ssl\.c:\d+\)$")


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
        """What an error at this point of the journey means."""
        if self.status is not None:
            return self._interrupted(INTERRUPTED_WORDS, error)
        if isinstance(error, httpx.LocalProtocolError):  # its message could carry the key
            words = f"The request to {self._address.host} could not be made: a header is not valid"
            return Failure(kind=FailureKind.CONFIGURATION, words=words)
        if self._sent:
            if _is_not_http(error):
                return unreadable(None, f"{self._address.host}: {clean_line(str(error))}")
            words = f"{self._address.host} closed the connection without an answer"
            return self._interrupted(words, error)
        if self._proxy is not None and self._shaking_hands_with != self._address.wire_host:
            return self._proxy_failure(self._proxy, error)
        return self._unconnected(error)

    def _interrupted(self, words: str, error: Exception) -> Failure:
        told = _NOISE.sub("", str(error))
        detail = clean_line(f"{self._address.host}: {told}") if told else self._address.host
        return Failure(
            kind=FailureKind.INTERRUPTED,
            words=words,
            status=None,
            detail=detail,
            may_have_arrived=True,
        )

    def _unconnected(self, error: Exception) -> Failure:
        host, detail = self._address.host, self._cause(error)
        if isinstance(error, httpx.TimeoutException):
            words = f"{host} did not answer within {self._connect_timeout:g} s"
            return Failure(kind=FailureKind.CONNECT_TIMEOUT, words=words, detail=detail)
        if _is_unknown_name(error):
            return Failure(kind=FailureKind.DNS, words=f"The name {host} could not be found", detail=detail)
        if (fault := _certificate_fault(error)) is not None:
            words = f"{host}'s certificate could not be trusted: {fault}"
            return Failure(kind=FailureKind.TLS, words=words, detail=detail)
        if self._shaking_hands_with is not None:
            words = f"No secure connection to {host} could be made: {_handshake_fault(error)}"
            return Failure(kind=FailureKind.TLS, words=words, detail=detail)
        words = f"Could not connect to {host}: {_connection_fault(error)}"
        return Failure(kind=FailureKind.REFUSED, words=words, detail=detail)

    def _proxy_failure(self, proxy: str, error: Exception) -> Failure:
        if isinstance(error, httpx.ProxyError):
            fault = "did not let the request through"
        elif isinstance(error, httpx.TimeoutException):
            fault = f"did not answer within {self._connect_timeout:g} s"
        elif _is_unknown_name(error):
            fault = "could not be found"
        elif (certificate_fault := _certificate_fault(error)) is not None:
            fault = f"has a certificate that could not be trusted: {certificate_fault}"
        elif isinstance(error, httpx.ConnectError):
            fault = f"could not be connected to: {_connection_fault(error)}"
        else:
            fault = "closed the connection"
        words = f"{self._address.host} could not be reached: the proxy {clean_line(proxy)} {fault}"
        return Failure(kind=FailureKind.PROXY, words=words, detail=self._cause(error))

    def _cause(self, error: Exception) -> str:
        """What the words leave out, in words: no error numbers, no names of classes."""
        for cause in _causes(error):
            match cause:
                case socket.gaierror():
                    return "the name server gave no answer" if cause.errno == socket.EAI_AGAIN else ""
                case UnicodeError():
                    return ""
                case ssl.SSLCertVerificationError():
                    return clean_line(cause.verify_message or "")
                case ssl.SSLError() if cause.reason:
                    return _reason(cause.reason)
        return clean_line(str(error)) if isinstance(error, httpx.ProxyError) else self._peer


def _causes(error: BaseException) -> Iterator[BaseException]:
    yield error
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _causes(member)
    # httpcore's pool raises "from None", which hides the cause but leaves the context.
    if (cause := error.__cause__ or error.__context__) is not None:
        yield from _causes(cause)


def _is_not_http(error: Exception) -> bool:
    # h11 complains of what came; where the other side just left, httpcore itself does.
    return any(type(cause).__module__.partition(".")[0] == "h11" for cause in _causes(error))


def _is_unknown_name(error: Exception) -> bool:
    # UnicodeError: a label that is empty or too long to be asked for.
    return any(isinstance(cause, socket.gaierror | UnicodeError) for cause in _causes(error))


def _certificate_fault(error: Exception) -> str | None:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _CERTIFICATE_FAULTS.get(cause.verify_code) or clean_line(cause.verify_message or "refused")
    return None


def _handshake_fault(error: Exception) -> str:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError) and cause.reason:
            if any(reason in cause.reason for reason in _NOT_TLS):
                return "it does not speak TLS"
            if "EOF" in cause.reason:
                break
            return _reason(cause.reason)
    return "it closed the connection"


def _reason(name: str) -> str:
    return clean_line(name.replace("_", " ").lower())


def _connection_fault(error: Exception) -> str:
    numbers = [cause.errno for cause in _causes(error) if isinstance(cause, OSError) and cause.errno]
    if any(isinstance(cause, ConnectionRefusedError) for cause in _causes(error)):
        return "connection refused"
    return os.strerror(numbers[0]).lower() if numbers else "no connection"

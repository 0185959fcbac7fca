"""Opens the httpx client of a service: timeouts, certificates, proxies."""

import os
import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
import truststore

from userdesk.api.address import Address
from userdesk.domain.failure import Failure, FailureKind, UserdeskError

# A connection kept longer is likelier to be closed by the other side at the moment it is used
# again, and a request lost that way is never repeated without asking.
_KEEP_ALIVE = 4.0  # seconds


def open_http(address: Address, connect_timeout: float) -> httpx.AsyncClient:
    """The httpx client for this service; raises UserdeskError where the environment forbids one.

    Proxies and certificates come from the environment as with httpx itself, but for this very
    machine no proxy is asked: it would look for the service on its own.
    """
    # Without https nothing is trusted, so nothing need be loaded (31 ms).
    verify = _trusted() if address.encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return httpx.AsyncClient(
            verify=verify,
            trust_env=not address.loopback,
            follow_redirects=False,
            # Reading has no limit of its own: after httpx's ReadTimeout the stream is dead, and a
            # slow answer is to be waited for.
            timeout=httpx.Timeout(None, connect=connect_timeout),
            limits=httpx.Limits(keepalive_expiry=_KEEP_ALIVE),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )
    except ImportError:  # a SOCKS proxy, and the package for it is not installed
        raise _unusable_proxy(address, "support for SOCKS is not installed") from None
    except (ValueError, httpx.InvalidURL):  # the message could carry the proxy's password
        raise _unusable_proxy(address, "its address is not valid") from None


def _trusted() -> ssl.SSLContext:
    cafile, capath = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if cafile or capath:
        try:
            return ssl.create_default_context(cafile=cafile or None, capath=capath or None)
        except OSError as error:  # ssl.SSLError is one
            words = "The certificates that SSL_CERT_FILE and SSL_CERT_DIR name could not be read"
            failure = Failure(kind=FailureKind.CONFIGURATION, words=words, detail=error.strerror or "")
            raise UserdeskError(failure) from error
    try:
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    except ImportError:  # a system whose store truststore does not know
        return httpx.create_ssl_context()


def _unusable_proxy(address: Address, why: str) -> UserdeskError:
    words = f"{address.host} cannot be reached: the proxy that the environment names cannot be used, {why}"
    return UserdeskError(Failure(kind=FailureKind.PROXY, words=words))

"""Opens the httpx client of a service: timeouts, certificates, proxies."""

import os
import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
import truststore

from userdesk.api.address import Address
from userdesk.api.connections import Transport
from userdesk.api.proxies import proxy_for
from userdesk.domain.failure import configuration_error

# A connection kept longer is likelier to be closed by the other side at the moment it is used
# again, and a request lost that way is never repeated without asking.
_KEEP_ALIVE = 4.0  # seconds


def open_http(address: Address, connect_timeout: float) -> httpx.AsyncClient:
    """The httpx client for a service, its proxy and certificates the environment's. Raises UserdeskError."""
    choice = proxy_for(address)
    is_secured = address.encrypted or (choice.proxy is not None and choice.proxy.url.scheme == "https")
    # Without https nothing is trusted, so nothing need be loaded (31 ms).
    trusted = _trusted() if is_secured else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.AsyncClient(
        transport=Transport(trusted, proxy=choice.proxy, keep_alive=_KEEP_ALIVE),
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
            message = "The certificates that SSL_CERT_FILE and SSL_CERT_DIR name could not be read"
            raise configuration_error(message, error.strerror or "") from error
    try:
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    except ImportError:  # a system whose store truststore does not know
        return httpx.create_ssl_context()

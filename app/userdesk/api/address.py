"""Where a chatbot's service is, checked before a key is sent there."""

from ipaddress import ip_address
from typing import NamedTuple

import httpx

from userdesk.domain.failure import UserdeskError, configuration_error
from userdesk.domain.safe_text import clean_line

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Address(NamedTuple):
    """A service's base URL without a trailing slash, and what the connection needs of it."""

    base_url: str
    host: str
    """As it is shown."""
    wire_host: str
    """As the connection is made to it: ASCII, whatever the language of the name."""
    port: int
    encrypted: bool
    loopback: bool
    """Whether it is this very machine: no proxy stands between, nobody listens in."""


def address_of(base_url: str) -> Address:
    """Read a base URL with httpx's own parser, so that both see the same host. Raises UserdeskError."""
    text = base_url.strip().rstrip("/")
    try:
        url = httpx.URL(text)
        host = url.host
    except (httpx.InvalidURL, ValueError):  # also what the idna package raises
        raise _unusable(base_url, "it is not a web address") from None
    port = url.port if url.port is not None else _DEFAULT_PORTS.get(url.scheme, 0)
    if url.scheme not in _DEFAULT_PORTS or not host or not 0 < port < 65_536:
        raise _unusable(base_url, "expected an address such as https://api.example.com")
    if url.userinfo:
        raise _unusable("", "it must not contain a user name or password")
    if "?" in text or "#" in text or "\\" in text:
        raise _unusable(base_url, "it must not contain ?, # or \\")
    return Address(
        text, clean_line(host), url.raw_host.decode(), port, url.scheme == "https", _is_loopback(host)
    )


def address_for(base_url: str, *, allow_plain_http: bool) -> Address:
    """As `address_of`, for requests that others must not read on their way. Raises UserdeskError."""
    address = address_of(base_url)
    if not (address.encrypted or address.loopback or allow_plain_http):
        raise configuration_error(f"The API key must not be sent to {address.host} unencrypted: use https")
    return address


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"  # other names below .localhost may be asked of the DNS


def _unusable(base_url: str, why: str) -> UserdeskError:
    shown = f" {clean_line(base_url, 80)}" if base_url.strip() else ""
    return configuration_error(f"The base URL{shown} is not valid: {why}")

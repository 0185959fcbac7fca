"""Which proxy, if any, stands before one service: the environment's variables, read as curl documents them.

Decided before a client is built, so that only the variable that applies can be wrong.
"""

import os
import re
import sys
from collections.abc import Mapping
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import quote
from urllib.request import getproxies, proxy_bypass

import httpx

from userdesk.api.address import Address
from userdesk.domain.failure import Failure, FailureKind, UserdeskError
from userdesk.domain.safe_text import clean_line

_SCHEMES = ("http", "https", "socks5", "socks5h")
# A host and a port in NO_PROXY; an IPv6 address has its network's length inside or behind its brackets.
_ENTRY = re.compile(r"(\[.*\][/\d]*|[^:]*)(?::(\d*))?")


class ProxyChoice(NamedTuple):
    """The proxy of a service, or none, and which setting says so."""

    proxy: httpx.Proxy | None = None
    variable: str = ""
    """The variable's name as it is written in the environment; empty where none applies."""

    @property
    def description(self) -> str:
        """What applies, without who logs in: for `userdesk doctor`."""
        if self.proxy is None:
            return f"none, from {self.variable}" if self.variable else "none"
        url = self.proxy.url
        return clean_line(f"{url.scheme}://{url.netloc.decode()}, from {self.variable}")


def proxy_for(address: Address, environ: Mapping[str, str] = os.environ) -> ProxyChoice:
    """The proxy that applies to a service, none for this very machine. Raises UserdeskError."""
    if address.loopback:
        return ProxyChoice()
    variable, value = _variable(address, environ)
    if not value:
        return _of_system(address, environ)
    excepted, hosts = _get(environ, "no_proxy")
    if any(_excepts(entry, address) for entry in hosts.replace(",", " ").split()):
        return ProxyChoice(None, excepted)
    return ProxyChoice(_usable(value, variable, address), variable)


def _variable(address: Address, environ: Mapping[str, str]) -> tuple[str, str]:
    for name in ("https_proxy" if address.encrypted else "http_proxy", "all_proxy"):
        found, value = _get(environ, name)
        # A web server sets HTTP_PROXY from a request's Proxy header where it starts a CGI program.
        if found == "HTTP_PROXY" and "REQUEST_METHOD" in environ:
            continue
        if value:
            return found, value
    return "", ""


def _get(environ: Mapping[str, str], name: str) -> tuple[str, str]:
    """A variable by its lower-case name, which goes first even where it is empty, or its upper-case one."""
    for spelling in (name, name.upper()):
        if (value := environ.get(spelling)) is not None:
            return spelling, value.strip()
    return name, ""


def _of_system(address: Address, environ: Mapping[str, str]) -> ProxyChoice:
    """Where the environment says nothing, what macOS and Windows keep in their settings."""
    if sys.platform not in ("darwin", "win32") or any(name.lower().endswith("_proxy") for name in environ):
        return ProxyChoice()
    value = getproxies().get("https" if address.encrypted else "http", "")
    if not value or proxy_bypass(address.wire_host):
        return ProxyChoice()
    return ProxyChoice(_usable(value, "the system settings", address), "the system settings")


def _usable(value: str, variable: str, address: Address) -> httpx.Proxy:
    scheme, separator, rest = value.rpartition("://")
    scheme = scheme.lower() if separator else "http"
    if scheme == "socks":  # as desktops write it, and mean version 5
        scheme = "socks5"
    if scheme in ("socks4", "socks4a"):
        raise _unusable(variable, address, "SOCKS 4 is not supported; use socks5://")
    if scheme not in _SCHEMES:
        raise _unusable(variable, address, "expected an address such as http://proxy.example.com:3128")
    if scheme.startswith("socks"):
        try:
            import socksio  # noqa: F401
        except ImportError:
            raise _unusable(variable, address, "SOCKS support is not installed") from None
    login, at, rest = rest.rpartition("@")  # a password may hold what has a meaning in addresses
    login = quote(login, safe=":%!$&'()*+,;=~")
    try:
        proxy = httpx.Proxy(f"{scheme}://{login}{at}{rest}")
        is_usable = bool(proxy.url.host) and not any(ord(letter) <= 32 for letter in rest)
        is_usable = is_usable and (proxy.url.port is None or 0 < proxy.url.port < 65_536)
    except (ValueError, httpx.InvalidURL):  # the message could carry the proxy's password
        is_usable = False
    if not is_usable:
        raise _unusable(variable, address, "its address is not valid")
    return proxy


def _excepts(entry: str, address: Address) -> bool:
    """Whether one entry of NO_PROXY means the service; one that cannot be read means nothing."""
    entry = entry.lower()
    if entry == "*":
        return True
    host, port = found.groups("") if (found := _ENTRY.fullmatch(entry)) else (entry, "")
    if port and port != str(address.port):
        return False
    host = host.replace("[", "").replace("]", "")
    hosts = {name.lower().rstrip(".") for name in (address.host, address.wire_host)}
    own_ip = _ip(address.wire_host.strip("[]"))
    if own_ip is not None:
        try:
            return own_ip in ip_network(host, strict=False)
        except ValueError:
            return "*" in host and fnmatchcase(str(own_ip), host)
    host = host.rstrip(".")
    if "*" in host:
        return any(fnmatchcase(name, host) for name in hosts)
    host = host.lstrip(".")
    return bool(host) and any(name == host or name.endswith(f".{host}") for name in hosts)


def _ip(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _unusable(variable: str, address: Address, why: str) -> UserdeskError:
    message = f"Cannot use the proxy from {variable} to reach {address.host}: {why}"
    return UserdeskError(Failure(FailureKind.PROXY, message))

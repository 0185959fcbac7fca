"""Where the host listens, in words and addresses that others can use."""

import errno
import ipaddress
import socket

ANY = ("0.0.0.0", "::", "")
"""They stand for all addresses that this machine has."""
_ELSEWHERE = {"0.0.0.0": (socket.AF_INET, "192.0.2.1"), "::": (socket.AF_INET6, "2001:db8::1")}
"""Addresses for examples: where packets would leave this machine on their way to others. None is sent."""
_WHY_NOT = {
    errno.EADDRINUSE: "another program uses it",
    errno.EACCES: "you are not allowed to use it",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


class CannotListen(Exception):
    """The address cannot be used; the text is one line that says why."""


def cannot_listen(host: str, port: int, error: OSError) -> CannotListen:
    """Why it cannot be listened there."""
    if isinstance(error, socket.gaierror):
        return CannotListen(f"--host {host}: there is no such address")
    why = _WHY_NOT.get(error.errno or 0) or error.strerror or "unknown"
    return CannotListen(f"port {port} on {host} cannot be used: {why}")


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine can come."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def exposure(host: str, public_url: str | None) -> str:
    """What the host should know of who can read along; empty where nobody can."""
    if (public_url or "").startswith("https://") or (not public_url and is_loopback(host)):
        return ""
    return (
        "plain HTTP: others on the network can read the chats, and come in by what they read; "
        "see --public-url for TLS"
    )


def site(host: str, port: int, public_url: str | None) -> str:
    """The address that browsers come by, without what follows the host's name and port."""
    if public_url:
        return public_url
    if host in ANY:
        host = _own_address(host or "0.0.0.0")
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _own_address(any_address: str) -> str:
    """The address by which others on the network most likely reach this machine."""
    family, elsewhere = _ELSEWHERE[any_address]
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))
            return str(probe.getsockname()[0])
    except OSError:  # there is no network
        return socket.gethostname()

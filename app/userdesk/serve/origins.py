"""Which names of this host are ours, and which pages may speak to it.

A page of somewhere else must reach nothing here, neither by a request of its own (Origin) nor by a name of
its own that it points at this machine (Host): such a name is no address and none of this machine's.
"""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

_HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::(\d{1,5}))?", re.I)
_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
_ANY = {"0.0.0.0", "::", ""}
_PORTS = {"http": "80", "https": "443"}


class Origins:
    """The origin that visitors' pages have: `--public-url`'s, or those of the address that is listened on."""

    def __init__(self, bound: str, public_url: str = "") -> None:
        """`bound` is the address or name that is listened on; the URL is `https://name[:port][/]`."""
        parts = urlsplit(public_url)
        self.scheme = parts.scheme or "http"
        self._public = _normal(parts.netloc, self.scheme) if public_url else ""
        self._names = _LOOPBACK | {f"[{bound.lower()}]" if ":" in bound else bound.lower()}
        self._is_any = bound in _ANY
        machine = socket.gethostname().lower()
        if self._is_any and machine != "localhost":  # which is no name of its own
            self._names |= {machine, f"{machine}.local"}

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by HTTPS."""
        return self.scheme == "https"

    def is_ours(self, host: str) -> bool:
        """Whether a Host header names us.

        The port is not looked at: it may be forwarded from another one, and no page can point a name that
        is an address, or this machine's own, elsewhere.
        """
        found = _HOST.fullmatch(host)
        if not found:
            return False
        if self._public:
            return _normal(host, self.scheme) == self._public
        name = found[1].lower()
        return name in self._names or (self._is_any and _is_address(name))

    def may_speak(self, origin: str, host: str) -> bool:
        """Whether an Origin header is that of a page that we gave out under this Host."""
        prefix = f"{self.scheme}://"
        if not origin.startswith(prefix) or not self.is_ours(host):
            return False
        return _normal(origin[len(prefix) :], self.scheme) == _normal(host, self.scheme)


def _normal(host: str, scheme: str) -> str:
    """The host in small letters with its port, the scheme's own where none is given."""
    found = _HOST.fullmatch(host)
    return f"{found[1].lower()}:{int(found[2] or _PORTS[scheme])}" if found and scheme in _PORTS else ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True

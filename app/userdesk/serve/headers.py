"""The headers of every answer: what a browser may do with our pages, which is little."""

from collections.abc import Mapping
from urllib.parse import quote

_ALWAYS = {
    "Server": "userdesk",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
_LONGEST_NAME = 150  # characters


def headers(host: str = "", *, is_secure: bool = False, cache: str = "no-store") -> Mapping[str, str]:
    """The headers of an answer to a Host that is known to be ours, or to one that is not: then empty."""
    socket = f" {'wss' if is_secure else 'ws'}://{host}" if host else ""  # Safari's 'self' is for HTTP alone
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        f"img-src 'self' data:; connect-src 'self'{socket}; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    return {**_ALWAYS, "Content-Security-Policy": policy, "Cache-Control": cache}


def attachment(name: str) -> str:
    """The Content-Disposition of a file to be saved under a name that is not ours (RFC 6266)."""
    name = name.replace("\\", "/").rpartition("/")[2]
    name = "".join(each for each in name if each.isprintable())[:_LONGEST_NAME].strip(" .") or "file"
    name = name.encode("utf-8", "replace").decode()
    plain = "".join(each if each.isascii() and each not in '"\\%' else "_" for each in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

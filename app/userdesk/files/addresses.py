"""Which addresses may be opened: the one place that decides, for the screen, Markdown and exported pages."""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

LONGEST = 8000  # characters; browsers and command lines take no more
MAIL_FIELDS = frozenset({"to", "cc", "bcc", "subject", "body"})
"""What a mail address may fill in: nothing that attaches a file or sets another header (RFC 6068)."""

# Compiled when the first address is looked at, not at the start.
_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[\w-]+(?:\.[\w-]+)*\.?)(?::\d{0,5})?"
_HIDDEN_CONTROL = r"(?i)%(?:[01][0-9A-F]|7F)"
_HIDDEN_BREAK = r"(?i)%0[9AD]"


@lru_cache(1024)
def is_openable(address: str) -> bool:
    """Whether an address may be handed to a browser or a mail program.

    Web and mail alone, written out in full, with nothing in it that is not seen, no name and password in
    front of the host, and no control character behind percent signs but the line breaks of a query.
    """
    if len(address) > LONGEST or not address.isprintable() or not {" ", "\\", "\ufffd"}.isdisjoint(address):
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:  # brackets or a port that are none
        return False
    if parts.scheme == "mailto":
        return not parts.netloc and not parts.fragment and _is_mail(parts.path, parts.query)
    if parts.scheme not in ("http", "https") or not _is_host(parts.netloc):
        return False
    hidden = parts.path + re.sub(_HIDDEN_BREAK, "", parts.query) + parts.fragment
    return not re.search(_HIDDEN_CONTROL, hidden)


def spelled_out(address: str) -> str:
    """The address with its host as name servers know it: one of look-alike letters shows as `xn--…`."""
    if address.isascii():
        return address
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.encode("idna").decode()).geturl()


def _is_host(netloc: str) -> bool:
    """Whether a host, and its port, is written with the letters of one, in any script."""
    if not re.fullmatch(_HOST, netloc):
        return False
    try:
        return netloc.isascii() or len(netloc.encode("idna")) < 300
    except UnicodeError:  # a name that no name server could be asked for
        return False


def _is_mail(recipients: str, query: str) -> bool:
    if not unquote(recipients).isprintable() or unquote(recipients)[:1] in ("", "-", "/"):
        return False
    try:
        fields = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=20)
    except ValueError:
        return False
    names = {name.lower() for name, _ in fields}
    return names <= MAIL_FIELDS and all(
        value.isprintable() for name, value in fields if name.lower() != "body"
    )

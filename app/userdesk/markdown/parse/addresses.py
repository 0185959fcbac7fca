"""Addresses in text: where bare ones begin and end, what of them is shown, where they lead."""

import re
from functools import lru_cache

from userdesk.domain.safe_text import clean
from userdesk.files.addresses import is_openable

BARE = re.compile(
    r"(?:https?://|www\.(?=[^\s.])|mailto:(?=[^\s@]+@))[^\s<>\[\]`\"|\\「」『』【】《》〈〉（）。，、！？；：]+"
    r"|(?<![\w.+-])[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w@-])",
    re.I,
)
_TRAILING = re.compile(r"(?:[?!.,:;*_~'\"]|&[A-Za-z0-9]+;)+$")


def may_have_bare(text: str) -> bool:
    """Whether it is worth looking for bare addresses; a quick no for most texts."""
    return "://" in text or "@" in text or "www." in text or "mailto:" in text or "WWW." in text


def openable(address: str) -> str:
    """The address where a click may open it, else nothing."""
    address = clean(address).strip()
    return address if is_openable(address) else ""


def shown(address: str) -> str:
    """The address as one safe piece of text."""
    return " ".join(clean(address).split())


def bare_end(text: str, start: int, end: int) -> int:
    """Where a bare address that reaches up to `end` at most ends: not with punctuation or a loose bracket."""
    while True:
        address = text[start:end]
        trimmed = _TRAILING.sub("", address)
        if trimmed.endswith(")") and trimmed.count(")") > trimmed.count("("):
            trimmed = trimmed[:-1]
        if len(trimmed) == len(address):
            return end
        end = start + len(trimmed)


def bare_address(text: str) -> str:
    """What a bare address in a text leads to."""
    lower = text.lower()
    if lower.startswith("www."):
        return "http://" + text
    if not lower.startswith(("http://", "https://", "mailto:")):
        return "mailto:" + text
    return text


@lru_cache(1024)
def same(text: str, address: str) -> bool:
    """Whether a link's text already tells its address."""
    return _bare(text) == _bare(address)


def _bare(text: str) -> str:
    text = text.strip().lower()
    for scheme in ("https://", "http://", "mailto:"):
        text = text.removeprefix(scheme)
    return text.rstrip("/")

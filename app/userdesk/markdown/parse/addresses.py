"""Addresses in text: where bare ones begin and end, what of them is shown, where they lead."""

import re
from functools import lru_cache

from userdesk.domain.safe_text import clean
from userdesk.files.addresses import is_openable

_CJK_PUNCTUATION = "\u3000-\u303f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65…—‘’“”"
_CJK_LETTERS = "\u1100-\u11ff\u2e80-\u2fff\u3041-\u9fff\ua960-\ua97f\uac00-\ud7af\uf900-\ufaff"
_LETTERS = r"A-Za-zÀ-ɏΆ-ӿ"  # of scripts whose words stand apart
BARE = re.compile(
    r"(?:https?://|www\.(?=[^\s.])|mailto:(?=[^\s@]+@))"
    # Right behind a Latin letter or a digit, a particle or the next word begins.
    rf"(?:[^\s<>\[\]`\"|\\{_CJK_PUNCTUATION}{_CJK_LETTERS}]|(?<![A-Za-z0-9])[{_CJK_LETTERS}])+"
    rf"|(?<![{_LETTERS}0-9_.+-])[A-Za-z0-9][A-Za-z0-9._+-]*"
    rf"@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{{2,}}(?![{_LETTERS}0-9_@-])",
    re.I,
)
"""Addresses in text as they may reach at most: `bare_end` says where one ends."""
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

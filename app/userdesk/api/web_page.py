"""Tells a web page from an answer that speaks of HTML."""

import re

_BEFORE = r"(?:\s|<!--.*?-->|<\?xml[^>]*\?>)*"
_DOCTYPE = r"<!doctype\s[^>]*>"
_TAG = r"<(?:html|head|body|meta|title|script|style|link|base|noscript|frameset|center)\b[^>]*>"
# Its first tags follow each other with nothing between: prose about `<html>` goes on in words.
_PAGE = re.compile(rf"{_BEFORE}(?:{_DOCTYPE}{_BEFORE}<[a-z!]|<html\b[^>]*>{_BEFORE}<[a-z!])", re.I | re.S)
_PAGE_AS_STATED = re.compile(rf"{_BEFORE}(?:{_DOCTYPE}|{_TAG})", re.I | re.S)
_BEGINNINGS = ("<!doctype", "<html", "<!--", "<?xml")
_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title", re.I | re.S)
_BEHIND = re.compile(r".*</html\s*>(.*)", re.I | re.S)
LARGEST = 64 * 1024
"""Characters from which on what begins as a page is one, however it ends."""


def may_be_page(text: str, *, stated: bool) -> bool:
    """Whether a text that begins with `<` may turn out to be a page; `stated` by its Content-Type."""
    head = text[:9].lower()
    if any(beginning.startswith(head) or head.startswith(beginning) for beginning in _BEGINNINGS):
        return True
    return stated and (
        "<".startswith(head) or re.match(r"<[a-z]*$", text, re.I) is not None or is_page(text, stated=True)
    )


def is_page(text: str, *, stated: bool) -> bool:
    """Whether a text is a web page; one that goes on in prose behind its end is an answer about one."""
    if not (_PAGE_AS_STATED if stated else _PAGE).match(text):
        return False
    behind = _BEHIND.match(text)
    return behind is None or not re.sub(r"<!--.*?-->|<[^>]*>|\s", "", behind[1], flags=re.S)


def title_of(text: str) -> str:
    """A page's title, raw; empty where it has none."""
    import html

    found = _TITLE.search(text)
    return html.unescape(found[1]).strip() if found else ""

"""Opening links: web and mail alone, in the system's browser, never through a shell."""

import os
from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https", "mailto"})


def allowed(address: str) -> bool:
    """Whether an address may be opened: its scheme is known to be harmless and it holds no control."""
    if any(ord(character) < 33 or 0x7F <= ord(character) < 0xA0 for character in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in SCHEMES and bool(parts.netloc or (parts.scheme == "mailto" and parts.path))


def open_link(address: str) -> bool:
    """Open an address in the browser, and say whether there is one; blocks, so call it from a thread.

    A browser that runs in the terminal is none: it would draw over the program.
    """
    import webbrowser

    if not allowed(address):
        return False
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    in_terminal = type(browser) is webbrowser.GenericBrowser and not os.environ.get("BROWSER")
    return not in_terminal and webbrowser.open(address)

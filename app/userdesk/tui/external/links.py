"""Opening links in the system's browser, never through a shell."""

import os

from userdesk.files.addresses import is_openable


def open_link(address: str) -> bool:
    """Open an address in the browser, and say whether there is one; blocks, so call it from a thread.

    A browser that runs in the terminal is none: it would draw over the program.
    """
    import webbrowser

    if not is_openable(address):
        return False
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    in_terminal = type(browser) is webbrowser.GenericBrowser and not os.environ.get("BROWSER")
    return not in_terminal and webbrowser.open(address)

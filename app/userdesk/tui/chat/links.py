"""Links of the messages in view: opened in the browser, copied, chosen by their signs."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from userdesk.files.addresses import is_openable, spelled_out
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.message_log.message_log import MessageLog


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


@dataclass(eq=False, repr=False)
class LinkCommands:
    """Web and mail addresses alone; the full address is shown before it is opened."""

    _chat: ChatParts
    _log: MessageLog
    _copy: Callable[[str, str], None]
    """Copies a text that its second argument names."""
    open_in_browser: Callable[[str], bool] = open_link
    """Starts the browser, or says that there is none. Blocks."""
    _with_link: Callable[[str], None] | None = field(default=None, init=False)
    """What is done with the link that is picked next."""

    def open(self) -> None:
        """Open a link in view by its sign."""
        self._choose(self.ask_to_open, "opens it")

    def copy(self) -> None:
        """Copy the address of a link in view, by its sign."""
        self._choose(lambda address: self._copy(address, "the address"), "copies its address")

    def _choose(self, then: Callable[[str], None], does: str) -> None:
        addresses = self._log.ask_for_link(is_openable)
        self._with_link = then
        if len(addresses) < 2:
            self._log.stop_asking()
        if not addresses:
            self._chat.notifier.flash("There is no link in view that can be opened")
        elif len(addresses) == 1:
            then(addresses[0])
        else:
            self._log.focus()
            self._chat.notifier.flash(f"The sign of a link {does} · Esc leaves", alert=True)

    def picked(self, address: str | None) -> None:
        """The sign of a link was typed, or something else."""
        self._chat.notifier.flash("")
        if address and self._with_link:
            self._with_link(address)

    def ask_to_open(self, address: str) -> None:
        """Show the full address; open it if that is wanted, never through a shell."""
        if is_openable(address):
            address = spelled_out(address)
            self._chat.dialogs.confirm(
                address,
                "open in the browser",
                lambda: self._chat.run(self._open(address), group="links"),
            )

    async def _open(self, address: str) -> None:
        self._chat.notifier.flash(f"Opening {address}")
        if not await asyncio.to_thread(self.open_in_browser, address):
            key = self._chat.shortcuts.spoken("copy_link")
            self._chat.notifier.flash(f"No browser could be started · {key} copies the address", alert=True)

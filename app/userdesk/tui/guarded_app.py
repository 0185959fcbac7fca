"""What the application does where things end badly: signals, defects; nothing typed is lost by them."""

import asyncio
import contextlib
import logging
import signal
import sys
from typing import Any

from textual.driver import Driver
from textual.notifications import SeverityLevel

from userdesk.domain.safe_text import clean_line
from userdesk.tui.terminal.ordered_keys import OrderedKeys
from userdesk.tui.terminal.terminal_file import TerminalFile

_log = logging.getLogger("userdesk.tui")


class GuardedApp(OrderedKeys):
    """An application that leaves the terminal as it was, whatever ends it, and shows text as text.

    Textual would print a defect's traceback with its local variables: messages and a key would be
    among them. Here the error is kept for the report.
    """

    crash: BaseException | None = None
    """The defect that ended the program."""
    lent = False
    """Whether another program has the terminal."""

    # what the application itself has to say

    async def leave(self) -> None:
        """Keep everything and end the program."""
        raise NotImplementedError

    def keep_what_was_typed(self) -> None:
        """Called once in a crash, before the screen goes. May raise."""
        raise NotImplementedError

    # signals

    def on_load(self) -> None:
        """A closed terminal or a kill that asks is a quit: drafts kept, terminal left as it was.

        So is SIGINT, which no key of ours sends; one that is meant for an editor is the editor's.
        From before the terminal is taken on: a signal in between would leave it as it is then.
        """
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP", "SIGINT"):
            if number := getattr(signal, name, None):
                with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(number, self._signalled, name)

    def _signalled(self, name: str) -> None:
        if name == "SIGINT" and self.lent:
            return
        _log.info("%s: the program ends", name)
        self.run_worker(self.leave(), exclusive=True, group="quit", exit_on_error=False)

    # the terminal

    def _build_driver(
        self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None
    ) -> Driver:
        driver = super()._build_driver(headless, inline, mouse, size)
        if (file := getattr(driver, "_file", None)) is not None:
            driver._file = TerminalFile(file)  # type: ignore[attr-defined]
        return driver

    # defects

    def _handle_exception(self, error: Exception) -> None:
        self._crashed(error)
        super()._handle_exception(error)

    def panic(self, *renderables: Any) -> None:
        """End by a defect; what Textual would print of it is left out."""
        self._crashed(sys.exc_info()[1] or RuntimeError("panic"))
        super().panic()

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def _crashed(self, error: BaseException) -> None:
        if self.crash is None:
            self.crash = error
            _log.critical("a defect ends the program", exc_info=error)
            with contextlib.suppress(Exception):
                self.keep_what_was_typed()

    # words

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """A notice in plain text: what it quotes of a file or a server is never read as markup."""
        words = clean_line(message, 500)
        super().notify(words, title=title, severity=severity, timeout=timeout, markup=False)

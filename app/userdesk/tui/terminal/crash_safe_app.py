"""What the application does where things end badly: signals, defects; nothing typed is lost by them."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from typing import Any

from textual.notifications import Notify, SeverityLevel

from userdesk.domain.safe_text import clean_line
from userdesk.tui.terminal.frame_writer import FrameWriter
from userdesk.tui.terminal.notices import Notice
from userdesk.tui.terminal.ordered_keys import OrderedKeys

LEAVES_WITHIN = 5.0  # s that keeping everything may take after a signal
ENDS_WITHIN = 10.0  # s after the end of its terminal, even where something hangs
HUNG_UP = 129  # as shells count a SIGHUP

_log = logging.getLogger("userdesk.tui")


class CrashSafeApp(OrderedKeys, FrameWriter):
    """An application that leaves the terminal as it was, whatever ends it, and shows text as text.

    Textual would print a defect's traceback with its local variables: messages and a key would be
    among them. Here the error is kept for the report.
    """

    crash: BaseException | None = None
    """The defect that ended the program."""
    may_stop = True
    """Whether SIGTSTP stops the program."""
    suspended = False
    """Whether another program has the terminal."""
    _ends = False
    """Whether a signal or the terminal's end has been taken as a quit."""

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
        loop.set_exception_handler(self._loop_failed)
        for name in ("SIGTERM", "SIGHUP", "SIGINT"):
            if number := getattr(signal, name, None):
                with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(number, self._signalled, name)

    def _signalled(self, name: str) -> None:
        if name == "SIGINT" and self.suspended:
            return
        _log.info("%s: the program ends", name)
        if not self._ends:
            self._ends = True
            self.run_worker(self._end(), group="quit", exit_on_error=False)

    async def _end(self) -> None:
        """Leave; where that fails or hangs, end all the same."""
        try:
            async with asyncio.timeout(LEAVES_WITHIN):
                await self.leave()
        except Exception:
            _log.exception("not everything could be kept")
            with contextlib.suppress(Exception):
                self.keep_what_was_typed()
            self.exit(0)

    # the terminal

    def write_to_terminal(self, sequence: str) -> None:
        """Have the terminal take a sequence that draws nothing; none is written unless the program has it."""
        if self._driver is not None and not self.suspended:
            self._driver.write(sequence)

    def has_terminal_gone(self) -> bool:
        """Whether the terminal has hung up; takes nothing of what was typed."""
        return bool(getattr(self._driver, "has_gone", bool)())

    def keep_for_pasting(self, text: str) -> None:
        """Have `clipboard`, which fields paste, be this text; the terminal is told nothing."""
        self._clipboard = text

    def terminal_gone(self) -> None:
        """The terminal's end is ours, whichever signals came with it."""
        last_resort = threading.Timer(ENDS_WITHIN, os._exit, (HUNG_UP,))
        last_resort.daemon = True
        last_resort.start()
        self._signalled("end of input")

    # defects

    def _loop_failed(self, loop: asyncio.AbstractEventLoop, failure: dict[str, Any]) -> None:
        """A defect in what the event loop calls is one like any other; else nobody would be told of it.

        What became of tasks and connections that nobody waits for any more is none.
        """
        error = failure.get("exception")
        if "handle" in failure and isinstance(error, Exception) and self.is_running:
            with self._context():
                self._handle_exception(error)
        else:
            loop.default_exception_handler(failure)

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
        seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        self.post_message(Notify(Notice(clean_line(message, 500), title, severity, seconds)))

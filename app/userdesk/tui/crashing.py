"""What happens where the program itself fails: nothing typed is lost, nothing secret is shown."""

import logging
import sys
from contextlib import suppress
from typing import Any

from textual.app import App

_log = logging.getLogger("userdesk.tui")


class CrashKeeper(App[int]):
    """An application that ends quietly by a defect, and remembers it for the report.

    Textual would print the traceback with its local variables: messages and a key would be among them.
    """

    crash: BaseException | None = None
    """The error that ended the program."""

    def keep_what_was_typed(self) -> None:
        """Called once in a crash, before the screen goes. May raise."""
        raise NotImplementedError

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
            with suppress(Exception):
                self.keep_what_was_typed()

"""The terminal as the writing thread of the screen's driver sees it."""

from contextlib import suppress
from typing import TextIO


class TerminalFile:
    """What is written to a terminal that has gone goes nowhere.

    An error would end the writing thread, and what is written after that waits in its queue: once that
    is full, the program could not even end.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        """Write; how many characters."""
        with suppress(OSError, ValueError):  # ValueError: the file is closed
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        """Have everything on the terminal, if there is one."""
        with suppress(OSError, ValueError):
            self._file.flush()

    def fileno(self) -> int:
        """The descriptor. Raises OSError and ValueError as the file does."""
        return self._file.fileno()

"""The log file: what the program did and what failed, in lines of its own words.

No message text, no server text and no key is ever handed to it; errors are told by type and place.
"""

import logging
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

from userdesk.diagnostics.crash import trace_lines
from userdesk.domain.safe_text import clean_line
from userdesk.files.atomic import ensure_folder
from userdesk.files.private_files import open_to_append

NAME = "userdesk.log"
LARGEST = 512 * 1024  # bytes; then the file becomes userdesk.log.1
KEPT = 3
"""Older files beside the current one."""
_LONGEST_LINE = 1000
_FOREIGN = ("asyncio", "concurrent.futures", "aiohttp")  # would write tracebacks over the screen


class Logbook(logging.Handler):
    """Appends lines to a file of the data folder, opened with the first one; never raises."""

    def __init__(self, path: Path, largest: int = LARGEST) -> None:
        super().__init__()
        self.path = path
        self._largest = largest
        self._descriptor: int | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; where the disk takes none, it is lost and nothing else happens."""
        with suppress(OSError, ValueError, TypeError):
            self._write(_text(record).encode("utf-8", "replace"))

    def _write(self, data: bytes) -> None:
        if self._descriptor is None:
            ensure_folder(self.path.parent)
            self._descriptor = open_to_append(self.path)
        os.write(self._descriptor, data)
        status = os.fstat(self._descriptor)
        # Another process may have rotated the file, or a hand removed it: begin a new one then.
        is_current = self._is_current(status)
        if status.st_size > self._largest or not is_current:
            os.close(self._descriptor)
            self._descriptor = None
            if is_current:
                self._rotate()

    def _is_current(self, status: os.stat_result) -> bool:
        try:
            return os.path.samestat(os.lstat(self.path), status)
        except OSError:
            return False

    def _rotate(self) -> None:
        for number in range(KEPT, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            newer = self.path if number == 1 else self.path.with_name(f"{self.path.name}.{number - 1}")
            with suppress(OSError):
                newer.replace(older)

    def close(self) -> None:
        """Close the file."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None
        super().close()


def _text(record: logging.LogRecord) -> str:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    # A library's own words may quote anything: of those only where they came from is told.
    ours = record.name.partition(".")[0] == "userdesk"
    message = clean_line(record.getMessage(), _LONGEST_LINE) if ours else f"from {record.module}"
    lines = [f"{stamp}.{int(record.msecs):03d}Z {record.process} {record.levelname} {record.name}: {message}"]
    if record.exc_info and record.exc_info[1]:
        lines += [f"    {line}" for line in trace_lines(record.exc_info[1])]
    return "\n".join(lines) + "\n"


def open_logbook(folder: Path, level: str) -> None:
    """Log from now on into a data folder: `off`, `error`, `warning`, `info` or `debug`.

    Libraries' loggers that would write to the terminal by themselves write here too.
    """
    for logger in map(logging.getLogger, ("userdesk", *_FOREIGN)):
        for old in list(logger.handlers):
            logger.removeHandler(old)
            old.close()
        logger.propagate = False
        logger.addHandler(logging.NullHandler() if level == "off" else Logbook(folder / NAME))
        logger.setLevel(logging.CRITICAL if level == "off" else level.upper())
    threading.excepthook = _thread_failed
    logging.getLogger("userdesk").debug("the log begins, level %s", level)


def _thread_failed(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value is not None and not isinstance(failed.exc_value, SystemExit):
        logging.getLogger("userdesk").error(
            "a thread failed",
            exc_info=(failed.exc_type, failed.exc_value, failed.exc_traceback),
        )

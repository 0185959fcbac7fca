"""Crash reports: a file that says where the program failed, and nothing of what it was working on."""

import platform
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from userdesk import __version__
from userdesk.diagnostics.traces import trace_lines
from userdesk.files.atomic import ensure_folder
from userdesk.files.private_files import write_numbered

KEPT = 10
"""Reports that stay; older ones go."""
_PATTERN = "crash-*.txt"


def write_crash_report(folder: Path, error: BaseException) -> Path | None:
    """Write a report into the data folder; where it is, None where it could not be written."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    text = "\n".join(_lines(error)) + "\n"
    try:
        ensure_folder(folder)
        path = write_numbered(folder, f"crash-{stamp}", "txt", text.encode("utf-8", "replace"))
    except OSError:
        return None
    _tidy(folder)
    return path


def crash_words(report: Path | None) -> str:
    """The one line that a crash leaves on the terminal."""
    where = f"what happened stands in {report}" if report else "a report could not be written"
    return f"a defect ended the program; {where}. What was typed and sent is kept."


def _lines(error: BaseException) -> Iterator[str]:
    yield f"userdesk {__version__}, Python {platform.python_version()}, {platform.system()}"
    yield time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    yield "No message, no key and no value of any kind stands in here: only where the program was."
    yield ""
    yield from trace_lines(error)


def _tidy(folder: Path) -> None:
    with suppress(OSError):
        for old in sorted(folder.glob(_PATTERN), key=lambda path: path.stat().st_mtime_ns)[:-KEPT]:
            old.unlink()

"""Where the program failed, as lines and as a file: types and places, nothing of what it was working on."""

import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from userdesk import __version__
from userdesk.files.atomic import ensure_folder
from userdesk.files.private_files import write_numbered

KEPT = 10
"""Reports that stay; older ones go."""
_DEEPEST = 60  # frames of one error
_LONGEST_CHAIN = 8  # errors that led to one another


def write_crash_report(folder: Path, error: BaseException) -> Path | None:
    """Write a report into the data folder; where it is, None where it could not be written."""
    import platform

    now = time.gmtime()
    lines = [
        f"userdesk {__version__}, Python {platform.python_version()}, {platform.system()}",
        time.strftime("%Y-%m-%dT%H:%M:%SZ", now),
        "This report contains no messages, keys or other values: only where the program was.",
        "",
        *trace_lines(error),
    ]
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
    try:
        ensure_folder(folder)
        path = write_numbered(folder, f"crash-{time.strftime('%Y%m%dT%H%M%SZ', now)}", "txt", data)
    except OSError:
        return None
    with suppress(OSError):
        for old in sorted(folder.glob("crash-*.txt"), key=lambda path: path.stat().st_mtime_ns)[:-KEPT]:
            old.unlink()
    return path


def trace_lines(error: BaseException) -> Iterator[str]:
    """The error's type and the places it went through, then the errors that led to it.

    Neither an error's message nor a local variable is told: httpx's own, for one, may hold a header.
    """
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(seen) < _LONGEST_CHAIN:
        yield f"{'after ' if seen else ''}{type(current).__module__}.{type(current).__qualname__}"
        seen.add(id(current))
        for frame in traceback.extract_tb(current.__traceback__, limit=-_DEEPEST):
            yield f"  {_place(frame.filename)}:{frame.lineno} in {frame.name}"
        cause = getattr(current, "error", None)  # a worker's failure carries its error so
        following = current.__cause__ or current.__context__
        current = cause if isinstance(cause, BaseException) else following


def _place(filename: str) -> str:
    """The end of a file's path: enough to find it, without the user's folders."""
    path = filename.replace("\\", "/")
    for root in ("/site-packages/", "/lib/"):
        if root in path:
            return path.rpartition(root)[2]
    return "/".join(path.split("/")[-3:])

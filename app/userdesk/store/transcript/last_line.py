"""How conversations ended, told from the last line of their transcripts without reading the rest."""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from userdesk.files.atomic import open_to_read
from userdesk.store.transcript.line_scan import read_at

_LAST = 64 * 1024  # bytes; a failed turn's line is far shorter, a longer line is an answer
_BADLY = ("failed", "interrupted")


def ended_badly(folder: Path, keys: Iterable[str]) -> set[str]:
    """Those of some conversations whose last turn failed or was interrupted. Blocks on the disk."""
    return {key for key in keys if _status(folder / f"{key}.jsonl") in _BADLY}


def last_said(path: Path) -> float:
    """When the last line of a transcript was said, in seconds since 1970; 0 where it does not say. Blocks."""
    at = _last_line(path).get("at")
    try:
        return datetime.fromisoformat(at).timestamp() if isinstance(at, str) else 0.0
    except (ValueError, OverflowError, OSError):
        return 0.0


def _status(path: Path) -> object:
    return _last_line(path).get("status")


def _last_line(path: Path) -> dict[str, object]:
    try:
        descriptor = open_to_read(path)
        if descriptor is None:
            return {}
        try:
            size = os.fstat(descriptor).st_size
            lines = read_at(descriptor, _LAST, max(0, size - _LAST)).rstrip(b"\n").rsplit(b"\n", 1)
        finally:
            os.close(descriptor)
        line = json.loads(lines[-1])
    except (OSError, ValueError, RecursionError):
        return {}
    return line if isinstance(line, dict) else {}

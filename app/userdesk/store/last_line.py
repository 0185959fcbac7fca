"""How conversations ended, told from the last line of their transcripts without reading the rest."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

_LAST = 64 * 1024  # bytes; a failed turn's line is far shorter, a longer line is an answer
_BADLY = ("failed", "interrupted")


def ended_badly(folder: Path, keys: Iterable[str]) -> set[str]:
    """Those of some conversations whose last turn failed or was interrupted. Blocks on the disk."""
    return {key for key in keys if _status(folder / f"{key}.jsonl") in _BADLY}


def _status(path: Path) -> object:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - _LAST))
            lines = file.read().rstrip(b"\n").rsplit(b"\n", 1)
        line = json.loads(lines[-1])
    except (OSError, ValueError, RecursionError):
        return None
    return line.get("status") if isinstance(line, dict) else None

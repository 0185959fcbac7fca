"""Which process holds a lock, as far as the system tells."""

import os
import re
from contextlib import suppress
from pathlib import Path

_LOCKS, _PROCESSES = Path("/proc/locks"), Path("/proc")  # Linux
# "3: FLOCK  ADVISORY  WRITE 4711 00:31:1234 0 EOF"
_HELD = re.compile(r"(?m)^\d+: FLOCK +\S+ +WRITE +(\d+) +([0-9a-f]+):([0-9a-f]+):(\d+) ")
_LOOKS = 5  # the system's list can miss a lock while others come and go


def lock_owner(path: Path) -> str:
    """The process that holds the lock on a file, as `process 4711 (userdesk)` or `another process`."""
    with suppress(OSError):
        status = path.stat()
        for _ in range(_LOOKS):
            if (pid := _holder(status)) is not None:
                return f"process {pid}{_program(pid)}"
    return "another process"


def _holder(status: os.stat_result) -> int | None:
    device = os.major(status.st_dev), os.minor(status.st_dev)
    held = {
        (int(major, 16), int(minor, 16)): int(pid)
        for pid, major, minor, inode in _HELD.findall(_LOCKS.read_text())
        if int(inode) == status.st_ino and int(pid)
    }
    # Layered file systems give a file one device here and another one there.
    return held.get(device, next(iter(held.values()), None))


def _program(pid: int) -> str:
    with suppress(OSError):
        name = (_PROCESSES / str(pid) / "comm").read_text("utf-8", "replace").strip()
        return f" ({name})" if name else ""
    return ""

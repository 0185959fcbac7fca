"""Locks between processes, on file systems that have them and on those that have none."""

import errno
import os
import re
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from userdesk.files.atomic import PRIVATE_FILE
from userdesk.store.problems import LockHeld

if TYPE_CHECKING:
    from filelock import BaseFileLock

_POLL = 0.005  # s
# What a file system answers that has no locks; there a file that stands for one is the lock.
_CANNOT_LOCK = frozenset((errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL))
_LOCKS, _PROCESSES = Path("/proc/locks"), Path("/proc")  # Linux
# "3: FLOCK  ADVISORY  WRITE 4711 00:31:1234 0 EOF"
_HELD = r"(?m)^\d+: FLOCK +\S+ +WRITE +(\d+) +([0-9a-f]+):([0-9a-f]+):(\d+) "
_LOOKS = 5  # the system's list can miss a lock while others come and go


def take_lock(path: Path, timeout: float) -> "BaseFileLock":
    """The lock on a file of its own, taken within some seconds, by any thread. Raises LockHeld, OSError."""
    from filelock import FileLock, SoftFileLock, Timeout  # takes 40 ms; a start that only reads needs none

    kinds: list[tuple[type[BaseFileLock], Path]] = [
        (FileLock, path),
        (SoftFileLock, path.with_name(f"{path.name}.soft")),
    ]
    for kind, place in kinds:
        lock = kind(place, timeout=timeout, mode=PRIVATE_FILE, thread_local=False)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the library's words where there are no locks
                lock.acquire(poll_interval=_POLL)
        except Timeout:
            raise LockHeld(f"it is locked by {_owner(place)}") from None
        except NotImplementedError:
            continue
        except OSError as error:
            if error.errno not in _CANNOT_LOCK or kind is SoftFileLock:
                raise
            continue
        return lock
    raise OSError(errno.ENOLCK, "files cannot be locked here", str(path))


def _owner(path: Path) -> str:
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
        for pid, major, minor, inode in re.findall(_HELD, _LOCKS.read_text())
        if int(inode) == status.st_ino and int(pid)
    }
    # Layered file systems give a file one device here and another one there.
    return held.get(device, next(iter(held.values()), None))


def _program(pid: int) -> str:
    with suppress(OSError):
        name = (_PROCESSES / str(pid) / "comm").read_text("utf-8", "replace").strip()
        return f" ({name})" if name else ""
    return ""

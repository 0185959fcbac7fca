"""Locks between processes, on file systems that have them and on those that have none."""

import errno
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from userdesk.files.atomic import PRIVATE_FILE
from userdesk.store.locks.lock_owner import lock_owner
from userdesk.store.problems import LockHeld

if TYPE_CHECKING:
    from filelock import BaseFileLock

_POLL = 0.005  # s
# What a file system answers that has no locks; there a file that stands for one is the lock.
_CANNOT_LOCK = frozenset((errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL))


def take_lock(path: Path, timeout: float) -> "BaseFileLock":
    """The lock on a file of its own, taken within so many seconds; free once its process has ended.

    One thread may take it and another one release it. Raises LockHeld, OSError.
    """
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
            raise LockHeld(f"{lock_owner(place)} keeps it locked") from None
        except NotImplementedError:
            continue
        except OSError as error:
            if error.errno not in _CANNOT_LOCK or kind is SoftFileLock:
                raise
            continue
        return lock
    raise OSError(errno.ENOLCK, "nothing can be locked here", str(path))

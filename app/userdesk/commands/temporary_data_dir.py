"""A folder for what is not kept. It goes with its command; what a kill leaves goes with a later one."""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from userdesk.settings import SettingsError

_PREFIXES = ("userdesk-check-", "userdesk-doctor-")
_OWNER = ".owner"
_STALE = 24 * 3600.0


@contextmanager
def temporary_data_dir(command: str) -> Iterator[Path]:
    """A private folder, removed afterwards with those whose owners are gone. Raises SettingsError."""
    from filelock import FileLock  # takes 40 ms to import

    _sweep()
    try:
        made = tempfile.TemporaryDirectory(prefix=f"userdesk-{command}-", ignore_cleanup_errors=True)
    except OSError as error:
        reason = error.strerror or "none can be used"
        raise SettingsError(
            f"could not create a temporary folder: {reason}; set TMPDIR to another folder"
        ) from None
    with made as name, FileLock(Path(name, _OWNER), mode=0o600):
        yield Path(name)


def _sweep() -> None:
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIXES):
                with suppress(OSError):
                    _remove_if_abandoned(Path(entry.path))


def _remove_if_abandoned(folder: Path) -> None:
    """Raises OSError where its owner lives."""
    from filelock import FileLock

    about = folder.lstat()
    is_ours = not hasattr(os, "getuid") or about.st_uid == os.getuid()
    if not stat.S_ISDIR(about.st_mode) or not is_ours:
        return
    if (folder / _OWNER).exists():
        with FileLock(folder / _OWNER, timeout=0):
            shutil.rmtree(folder, ignore_errors=True)
    elif time.time() - about.st_mtime > _STALE:  # a younger one may be about to get its lock
        shutil.rmtree(folder, ignore_errors=True)

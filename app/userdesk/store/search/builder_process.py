"""The process that builds the search index of a data folder: `python -m …builder_process FOLDER`.

For each line on standard input it does a part of the work, about a second's, and answers with how much of the
transcripts is in the index, in percent. It ends when nothing worthwhile is left to do, when another process
is at it, when the disk refuses it, and with its standard input.
"""

import gc
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

from userdesk.files.atomic import ensure_folder
from userdesk.store.folder import DataFolder
from userdesk.store.locks.advisory import FolderLock
from userdesk.store.problems import StoreError
from userdesk.store.search.building import IndexBuilder


def main(data_dir: Path) -> None:
    """Build it, as asked for line by line."""
    _give_way()
    # What is made here goes as a whole; looking for circles in it takes a tenth of the time.
    gc.disable()
    asked = threading.Semaphore(0)
    threading.Thread(target=_listen, args=[asked], daemon=True).start()
    folder = DataFolder(data_dir)
    with suppress(OSError, StoreError):
        if folder.search.is_symlink():  # words of conversations go nowhere else
            return
        ensure_folder(folder.search)
        lock = FolderLock(folder.search)
        if not lock.take():
            return
        asked.acquire()
        for progress in IndexBuilder(folder).steps():
            print(progress.percent, flush=True)
            asked.acquire()


def _listen(asked: threading.Semaphore) -> None:
    while data := os.read(sys.stdin.fileno(), 1024):
        for _ in range(data.count(b"\n")):
            asked.release()
    os._exit(0)  # in whatever it is: a kill leaves the index as good as it was


def _give_way() -> None:
    """Run only when nobody else wants to, where there is such a thing."""
    with suppress(OSError, AttributeError):
        os.nice(19)
    with suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Has the search index built by a process of its own, so that no key and no answer waits for it."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

from userdesk.store.folder import DataFolder
from userdesk.store.search.building import WORTHWHILE

_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP")
_PROGRAM = "userdesk.store.search.builder_process"


def needs_index(folder: DataFolder) -> bool:
    """Whether there is so much to search that an index is worth building, or one that may be out of date.

    Blocks on the disk; a large folder takes no longer than a small one.
    """
    size = 0
    with contextlib.suppress(OSError):
        if folder.search.is_dir():
            return True
    with contextlib.suppress(OSError), os.scandir(folder.transcripts) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                size += entry.stat().st_size
            if size >= WORTHWHILE:
                return True
    return False


class IndexProcess:
    """One run of the process that builds the index, driven step by step. It ends with this process."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self.child: Process | None = None
        """The process, once it was started."""

    async def step(self) -> int | None:
        """Have the next part of the work done; how much is in the index by then, in percent.

        None where nothing is left to do, or nothing can be done.
        """
        if self.child is None:
            try:
                self.child = await self._started()
            except OSError:
                return None
        assert self.child.stdin and self.child.stdout
        with contextlib.suppress(OSError):  # it has ended: then no answer comes
            self.child.stdin.write(b"\n")
            await self.child.stdin.drain()
        line = await self.child.stdout.readline()
        return int(line) if line.strip().isdigit() else None

    async def end(self) -> None:
        """End it, whatever it is at: the index is as good as it was.

        Who is cancelled meanwhile, as by the end of the program, waits for that all the same: it is killed.
        """
        if self.child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.child.kill()
        ended, cancelled = False, None
        while not ended:
            try:
                await self.child.communicate()  # all that it wrote, or its pipe would be left open
                ended = True
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled:
            raise cancelled

    async def _started(self) -> Process:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        root = Path(__file__).resolve().parents[3]
        if root.name not in ("site-packages", "dist-packages"):  # a checkout that is not installed
            environment["PYTHONPATH"] = str(root)
        return await asyncio.create_subprocess_exec(
            # -P: modules lying about in the current folder must not get into the child.
            *(sys.executable, "-P", "-m", _PROGRAM, str(self._folder.path)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=environment,
            # Ctrl+C and hang-ups of the terminal are for the screen; the pipe ends the child.
            start_new_session=True,
        )

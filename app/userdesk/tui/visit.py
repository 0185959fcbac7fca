"""What the host of a visit tells the visitor's process, and what a visitor may do there."""

import asyncio
import os
import select
import shutil
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from userdesk.tui.commands import COMMANDS, Command

FOLDER, CHANNEL, PLAY = "USERDESK_VISIT_FOLDER", "USERDESK_VISIT_CHANNEL", "USERDESK_VISIT_PLAY"
GATE = "USERDESK_VISIT_GATE"
PREFIX = "visit-"
"""What the names of visits' folders begin with; no other folder is ever removed."""
TRIES = 3  # at removing the folder, into which a thread may still write


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: a folder that goes with it, the channel to the host, perhaps a question set."""

    folder: Path
    channel: int
    """The descriptor on which the host is told what is to happen in the visitor's browser."""
    play: Path | None = None
    gate: int | None = None
    """A pipe's descriptor, where the program is started before its visitor is there: then the pipe ends."""

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """What the host has put into the environment. Raises ValueError where it is not all there."""
        folder, channel, play = (environ.get(name, "") for name in (FOLDER, CHANNEL, PLAY))
        path = Path(folder)
        if not path.is_absolute() or not path.name.startswith(PREFIX):
            raise ValueError(f"{FOLDER} names no folder of a visit")
        gate = _descriptor(GATE, environ[GATE]) if GATE in environ else None
        return cls(path, _descriptor(CHANNEL, channel), Path(play) if play else None, gate)

    def has_begun(self) -> bool:
        """Whether the visitor is there."""
        if self.gate is None:
            return True
        looks = select.poll()
        looks.register(self.gate, select.POLLIN)
        return bool(looks.poll(0))

    async def begins(self) -> None:
        """Wait until the visitor is there."""
        if self.gate is None:
            return
        loop, is_there = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self.gate, is_there.set)
        try:
            await is_there.wait()
        finally:
            loop.remove_reader(self.gate)

    def commands(self) -> tuple[Command, ...]:
        """The commands there are for this visitor; all others are neither done nor named."""
        walks = ("next_question", "previous_question")
        return tuple(each for each in COMMANDS if each.for_visitors and (self.play or each.id not in walks))

    def remove_folder(self) -> None:
        """Remove the visit's folder with all that is in it, if it is one of ours alone."""
        with suppress(OSError):
            status = os.lstat(self.folder)
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
                return
            os.chdir("/")
            for _ in range(TRIES):
                shutil.rmtree(self.folder, ignore_errors=True)
                if not self.folder.exists():
                    return


def _descriptor(name: str, value: str) -> int:
    """A descriptor that the environment names. Raises ValueError where it is not open."""
    try:
        os.fstat(descriptor := int(value))
    except (ValueError, OSError):
        raise ValueError(f"{name} is no open descriptor") from None
    return descriptor
